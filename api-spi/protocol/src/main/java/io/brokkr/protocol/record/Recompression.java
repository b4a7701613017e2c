package io.brokkr.protocol.record;

import io.brokkr.protocol.ErrorCode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Moves the records of a batch from one compression to another, a few kilobytes at a time. */
final class Recompression {

    private static final int AT_ONCE = 16 << 10;

    private Recompression() {}

    static RecordBatch of(RecordBatch batch, Compression compression, CompressionCodecs codecs, int maximumSize) {
        GrowingBuffer target = new GrowingBuffer(Math.max(batch.sizeInBytes(), AT_ONCE), maximumSize);
        try {
            target.room(RecordBatch.HEADER_SIZE).put(batch.buffer().limit(RecordBatch.HEADER_SIZE));
            copyRecords(batch, compression, codecs, target);
        } catch (GrowingBuffer.SizeLimitException tooLarge) {
            throw new InvalidRecordBatchException(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "the record batch has " + tooLarge.getMessage() + " when it is stored as " + compression);
        }
        ByteBuffer bytes = target.written();
        int others = bytes.getShort(RecordBatch.ATTRIBUTES_POSITION) & ~RecordBatch.COMPRESSION_MASK;
        bytes.putShort(RecordBatch.ATTRIBUTES_POSITION, (short) (others | compression.code()));
        bytes.putInt(RecordBatch.LENGTH_POSITION, bytes.limit() - RecordBatches.LOG_OVERHEAD_SIZE);
        RecordBatch recompressed = new RecordBatch(bytes, 0, bytes.limit());
        recompressed.updateCrc();
        return recompressed;
    }

    private static void copyRecords(
            RecordBatch batch, Compression compression, CompressionCodecs codecs, GrowingBuffer target) {
        try (DecompressedBytes source =
                        codecs.decompress(batch.compression(), batch.encodedRecords(), RecordBatch.MAGIC);
                OutputStream compressor = codecs.compress(compression, target, RecordBatch.MAGIC)) {
            for (int count = source.fill(AT_ONCE); count > 0; count = source.fill(AT_ONCE)) {
                compressor.write(source.window().array(), source.position(), count);
                source.skip(count);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory does not take what is compressed", impossible);
        }
    }
}
