package io.brokkr.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** One file of a {@link Journal}, which writes it from its beginning to its end, and then anew. By one thread at a time. */
final class JournalFile {

    private final FileOperations files;
    private final Path path;
    private volatile long ordinal;
    private long salt;
    private long end;
    private volatile boolean isUnfit;
    private @Nullable FileChannel channel;

    /** A file that is to be made, or begun anew. */
    JournalFile(FileOperations files, Path path) {
        this.files = files;
        this.path = path;
    }

    /** A file that an earlier run of the broker has left, which is read and not written. */
    JournalFile(FileOperations files, Path path, long ordinal) {
        this(files, path);
        this.ordinal = ordinal;
        isUnfit = true;
    }

    Path path() {
        return path;
    }

    long ordinal() {
        return ordinal;
    }

    long salt() {
        return salt;
    }

    /** Where the next round begins. */
    long end() {
        return end;
    }

    /** Whether it must not be written any more, since nobody knows what the device made of the last attempt. */
    boolean isUnfit() {
        return isUnfit;
    }

    void makeUnfit() {
        isUnfit = true;
    }

    /** Makes what stands in it void, durably if anything does. */
    void begin(long newOrdinal, long newSalt) throws IOException {
        boolean isNew = channel == null;
        if (isNew) {
            channel = files.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
            AtomicFile.forceFolder(files, path.resolveSibling("."));
        }
        ordinal = newOrdinal;
        salt = newSalt;
        end = 0;
        write(new JournalFormat.FileHeader(JournalFormat.VERSION, ordinal, salt).toBytes());
        end = JournalFormat.BLOCK_BYTES;
        if (!isNew) {
            // The old beginning before new rounds would look like damage.
            force();
        }
    }

    void write(ByteBuffer bytes) throws IOException {
        FileChannel open = channel;
        if (open == null) {
            throw new IOException(path + " is not open");
        }
        while (bytes.hasRemaining()) {
            end += open.write(bytes, end);
        }
    }

    /** Makes durable what was written before; what is written next begins at a block of its own. */
    void force() throws IOException {
        if (channel != null) {
            channel.force(false);
        }
        end = JournalFormat.nextBlock(end);
    }

    void close() {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException ignored) {
                // What counts was synced before.
            }
            channel = null;
        }
    }

    void delete() throws IOException {
        close();
        files.delete(path);
    }
}
