package io.brokkr.core.transport;

import io.brokkr.protocol.RecordFileSlice;
import io.netty.channel.DefaultFileRegion;
import java.nio.channels.FileChannel;

/** A part of a file that goes out by sendfile, from a channel that others go on to use. */
final class FileSliceRegion extends DefaultFileRegion {

    FileSliceRegion(RecordFileSlice slice) {
        super(slice.channel(), slice.position(), slice.sizeInBytes());
    }

    /** Whether the channel is the operating system's: Netty's native code looks into the JDK's own class. */
    static boolean canSend(FileChannel channel) {
        return channel.getClass().getModule() == FileChannel.class.getModule();
    }

    /** Does not close the channel, as Netty's region would: the slice belongs to the answer. */
    @Override
    protected void deallocate() {}
}
