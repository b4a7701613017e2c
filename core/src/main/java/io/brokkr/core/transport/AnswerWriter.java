package io.brokkr.core.transport;

import io.brokkr.core.dispatch.Answer;
import io.brokkr.protocol.MessageWriter;
import io.brokkr.protocol.MessageWriter.Splice;
import io.brokkr.protocol.RecordBuffers;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.RecordFileSlice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes answers to a channel, without a flush. Everything but the record data of an answer goes into one buffer of just the size, which is
 * cut where record data belongs; record data in memory is referred to, and record data in a file is left there.
 */
@SuppressWarnings("FutureReturnValueIgnored") // The listener is told; a void promise tells the pipeline.
final class AnswerWriter {

    private static final int LENGTH_BYTES = 4;

    private AnswerWriter() {}

    /**
     * Writes an answer.
     *
     * @param whenSent called when the last byte has left, or cannot leave, but only if the answer refers to record data
     * @return whether it does, and the listener is or will be called; if not, nothing of the answer is needed any more
     * @throws IOException if record data cannot be read; nothing was written then
     */
    static boolean write(Channel channel, Answer answer, ChannelFutureListener whenSent) throws IOException {
        int inlineBytes = LENGTH_BYTES + answer.sizeInBytes() - answer.recordDataSizeInBytes();
        ByteBuf inline = channel.alloc().directBuffer(inlineBytes, inlineBytes);
        List<Object> parts;
        try {
            ByteBuffer buffer = inline.internalNioBuffer(0, inlineBytes);
            int start = buffer.position();
            MessageWriter writer = MessageWriter.gathering(buffer.putInt(answer.sizeInBytes()));
            answer.write(writer);
            inline.writerIndex(buffer.position() - start);
            List<Splice> splices = writer.splices();
            if (splices.isEmpty()) {
                channel.write(inline, channel.voidPromise());
                return false;
            }
            parts = parts(inline, start, splices);
        } catch (IOException | RuntimeException unwritable) {
            inline.release();
            throw unwritable;
        }
        int last = parts.size() - 1;
        parts.subList(0, last).forEach(part -> channel.write(part, channel.voidPromise()));
        channel.write(parts.get(last)).addListener(whenSent);
        return true;
    }

    private static List<Object> parts(ByteBuf inline, int start, List<Splice> splices) throws IOException {
        List<Object> parts = new ArrayList<>(2 * splices.size() + 1);
        List<List<Object>> records = new ArrayList<>(splices.size());
        for (Splice splice : splices) {
            records.add(parts(splice.records()));
        }
        for (int index = 0; index < splices.size(); index++) {
            int before = splices.get(index).position() - start - inline.readerIndex();
            if (before > 0) {
                parts.add(inline.readRetainedSlice(before));
            }
            parts.addAll(records.get(index));
        }
        if (inline.isReadable()) {
            parts.add(inline);
        } else {
            inline.release();
        }
        return parts;
    }

    private static List<Object> parts(RecordData records) throws IOException {
        if (records instanceof RecordFileSlice slice && FileSliceRegion.canSend(slice.channel())) {
            return List.of(new FileSliceRegion(slice));
        }
        List<ByteBuffer> buffers =
                records instanceof RecordBuffers inMemory ? inMemory.buffers() : List.of(records.toBuffer());
        List<Object> parts = new ArrayList<>(buffers.size());
        for (ByteBuffer buffer : buffers) {
            if (buffer.hasRemaining()) {
                parts.add(Unpooled.wrappedBuffer(buffer));
            }
        }
        return parts;
    }
}
