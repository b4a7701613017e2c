package io.brokkr.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A file channel of {@link WatchedFiles}. */
final class WatchedChannel extends ForwardingChannel {

    private final WatchedFiles files;
    private final String name;
    private final boolean isLog;

    WatchedChannel(FileChannel channel, WatchedFiles files, String name) {
        super(channel);
        this.files = files;
        this.name = name;
        this.isLog = name.endsWith(Segment.LOG_SUFFIX);
    }

    private int countRead(int bytes) {
        if (isLog && bytes > 0) {
            files.logBytesRead.addAndGet(bytes);
        }
        return bytes;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return countRead(super.read(target));
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        return countRead(super.read(target, position));
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return write(source, size());
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
        if (isLog) {
            files.logWrites.incrementAndGet();
        }
        int taken = files.take(source.remaining());
        int written = super.write(source.slice(source.position(), taken), position);
        source.position(source.position() + written);
        return written;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        if (isLog) {
            files.logForces.incrementAndGet();
        }
        if (name.endsWith(files.forced)) {
            files.force();
        }
        super.force(metaData);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        files.open.remove(this);
        super.implCloseChannel();
    }
}
