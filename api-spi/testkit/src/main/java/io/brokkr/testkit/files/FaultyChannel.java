package io.brokkr.testkit.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** An open file or folder of a {@link FaultyFileSystem}. It goes on to work when the name is gone. */
final class FaultyChannel extends FileChannel {

    private final FaultyFileSystem files;
    private final FaultyNode node;
    private long position;

    FaultyChannel(FaultyFileSystem files, FaultyNode node) {
        this.files = files;
        this.node = node;
    }

    private FaultyFile file() throws IOException {
        if (node instanceof FaultyFile file) {
            return file;
        }
        throw new IOException("Is a directory");
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        synchronized (files) {
            int count = read(target, position);
            position += Math.max(0, count);
            return count;
        }
    }

    @Override
    public int read(ByteBuffer target, long from) throws IOException {
        synchronized (files) {
            files.requireReadable();
            FaultyFile file = file();
            if (from >= file.size()) {
                return -1;
            }
            int count = (int) Math.min(target.remaining(), file.size() - from);
            target.put(file.content(), (int) from, count);
            return count;
        }
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        return read(targets[offset]);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        synchronized (files) {
            int count = write(source, position);
            position += count;
            return count;
        }
    }

    @Override
    public int write(ByteBuffer source, long to) throws IOException {
        synchronized (files) {
            files.beforeChange();
            byte[] bytes = new byte[files.takeSpace(source.remaining())];
            source.get(bytes);
            file().write((int) to, bytes);
            return bytes.length;
        }
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        return write(sources[offset]);
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public FileChannel position(long newPosition) {
        position = newPosition;
        return this;
    }

    @Override
    public long size() throws IOException {
        synchronized (files) {
            return file().size();
        }
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        synchronized (files) {
            files.beforeChange();
            file().truncate((int) size);
            return this;
        }
    }

    @Override
    public void force(boolean metaData) throws IOException {
        files.force(node);
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.max(0, Math.min(count, size() - from)));
        read(buffer, from);
        return target.write(buffer.flip());
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long to, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long from, long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long from, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock tryLock(long from, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }

    @Override
    protected void implCloseChannel() {}
}
