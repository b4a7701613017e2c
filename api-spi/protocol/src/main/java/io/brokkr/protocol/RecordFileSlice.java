package io.brokkr.protocol;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Record data in a file. A transport that can hands it to the operating system ({@code sendfile}), so that the bytes never
 * enter the process.
 */
public final class RecordFileSlice implements RecordData {

    private final FileChannel channel;
    private final long position;
    private final int sizeInBytes;
    private final AtomicReference<@Nullable Runnable> release;

    /**
     * A slice of a file that stays open, and keeps these bytes, until the slice is closed.
     *
     * @param position where the slice begins, in bytes from the start of the file
     * @param sizeInBytes its length
     * @param release called once, by the owner's {@link #close}, on the thread that closes
     */
    public RecordFileSlice(FileChannel channel, long position, int sizeInBytes, Runnable release) {
        this.channel = channel;
        this.position = position;
        this.sizeInBytes = sizeInBytes;
        this.release = new AtomicReference<>(release);
    }

    /** The file; only positional reads and transfers may be used. */
    public FileChannel channel() {
        return channel;
    }

    /** Where the slice begins, in bytes from the start of the file. */
    public long position() {
        return position;
    }

    @Override
    public int sizeInBytes() {
        return sizeInBytes;
    }

    @Override
    public ByteBuffer toBuffer() throws IOException {
        ByteBuffer copy = ByteBuffer.allocate(sizeInBytes);
        while (copy.hasRemaining()) {
            if (channel.read(copy, position + copy.position()) < 0) {
                throw new EOFException("the file ends " + copy.remaining() + " bytes before the slice does");
            }
        }
        return copy.flip();
    }

    @Override
    public void close() {
        Runnable once = release.getAndSet(null);
        if (once != null) {
            once.run();
        }
    }

    @Override
    public String toString() {
        return "RecordFileSlice[" + sizeInBytes + " bytes at " + position + "]";
    }
}
