package io.brokkr.storage.embeddedmetadata;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import org.h2.store.fs.FileBase;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/** Real files as MVStore sees them, on a disk that fails when a test says so. For one thread. */
public final class FaultyFilePath extends FilePathWrapper {

    static final String SCHEME = "brokkrfaulty";

    private static int forcesLeft;
    private static int bytesLeft;

    static {
        FilePath.register(new FaultyFilePath());
    }

    /** Called by MVStore. */
    public FaultyFilePath() {}

    /** The disk is sound. */
    static void reset() {
        forcesLeft = Integer.MAX_VALUE;
        bytesLeft = Integer.MAX_VALUE;
    }

    /** It takes so many more bytes, and so many more syncs. */
    static void fail(int forces, int bytes) {
        forcesLeft = forces;
        bytesLeft = bytes;
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        return new Faulty(super.open(mode));
    }

    private static final class Faulty extends FileBase {

        private final FileChannel channel;

        Faulty(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public synchronized int read(ByteBuffer target, long position) throws IOException {
            return channel.read(target, position);
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            return channel.read(target);
        }

        @Override
        public synchronized int write(ByteBuffer source, long position) throws IOException {
            int taken = Math.min(source.remaining(), bytesLeft);
            if (taken == 0 && source.hasRemaining()) {
                throw new IOException("No space left on device");
            }
            bytesLeft -= taken;
            int written = channel.write(source.slice(source.position(), taken), position);
            source.position(source.position() + written);
            return written;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            int written = write(source, channel.position());
            channel.position(channel.position() + written);
            return written;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            if (forcesLeft == 0) {
                throw new IOException("Input/output error");
            }
            forcesLeft--;
            channel.force(metaData);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public long position() throws IOException {
            return channel.position();
        }

        @Override
        public FileChannel position(long position) throws IOException {
            channel.position(position);
            return this;
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            channel.truncate(size);
            return this;
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return channel.tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            channel.close();
        }
    }
}
