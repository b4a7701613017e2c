package io.brokkr.protocol.record.legacy;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.protocol.record.DecompressedBytes;
import io.brokkr.protocol.record.InvalidRecordBatchException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The messages inside of a wrapper, one at a time: each is valid until the next one is asked for.
 *
 * <p>Their offsets are not looked at: clients write 0 into all of them, or what they like (Sarama, old librdkafka). It is their order that counts.
 */
final class InnerMessages implements AutoCloseable {

    private final DecompressedBytes bytes;
    private final byte magic;
    private boolean any;

    /**
     * Opens a wrapper.
     *
     * @throws InvalidRecordBatchException {@code INVALID_RECORD} if it has no value, or is compressed with Zstandard, which is younger than these formats; {@code
     *     UNSUPPORTED_COMPRESSION_TYPE}
     */
    InnerMessages(LegacyMessage wrapper, CompressionCodecs codecs) {
        Compression compression = wrapper.compression();
        if (compression == Compression.ZSTD) {
            throw invalid("there is no Zstandard in message format " + wrapper.magic());
        }
        ByteBuffer value = wrapper.value();
        if (value == null) {
            throw invalid("a wrapper has no value");
        }
        magic = wrapper.magic();
        bytes = codecs.decompress(compression, value, magic);
    }

    /** The next message, null behind the last one. */
    @Nullable
    LegacyMessage next() {
        int available = bytes.fill(LegacyMessage.OVERHEAD_SIZE);
        if (available == 0) {
            if (!any) {
                throw invalid("a wrapper has no messages in it");
            }
            return null;
        }
        if (available < LegacyMessage.OVERHEAD_SIZE) {
            throw LegacyMessage.corrupt("the last " + available + " bytes of a wrapper are none");
        }
        int size = bytes.window().getInt(bytes.position() + LegacyMessage.SIZE_POSITION);
        LegacyMessage.requireSize(size);
        int whole = LegacyMessage.OVERHEAD_SIZE + size;
        available = bytes.fill(whole);
        if (available < whole) {
            throw LegacyMessage.corrupt("its size is " + size + " bytes, with " + available + " left in the wrapper");
        }
        LegacyMessage message = LegacyMessage.read(bytes.window(), bytes.position(), bytes.position() + whole);
        if (message.magic() != magic) {
            throw invalid("a message of magic " + message.magic() + " is in a wrapper of magic " + magic);
        }
        if (message.isCompressed()) {
            throw invalid("a wrapper is in a wrapper");
        }
        bytes.skip(whole);
        any = true;
        return message;
    }

    static InvalidRecordBatchException invalid(String reason) {
        return new InvalidRecordBatchException(ErrorCode.INVALID_RECORD, "invalid message set: " + reason);
    }

    @Override
    public void close() {
        bytes.close();
    }
}
