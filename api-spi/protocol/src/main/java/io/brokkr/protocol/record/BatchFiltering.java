package io.brokkr.protocol.record;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** Writes a batch anew with some of its records, one record at a time. */
final class BatchFiltering {

    private final RecordBatch batch;
    private final CompressionCodecs codecs;
    private long baseTimestamp;
    private final boolean deleteHorizon;
    private final GrowingBuffer target;
    private int count;
    private long maxTimestamp = RecordBatch.NO_TIMESTAMP;

    private BatchFiltering(RecordBatch batch, OptionalLong deleteHorizon, CompressionCodecs codecs) {
        this.batch = batch;
        this.codecs = codecs;
        this.baseTimestamp = deleteHorizon.orElse(batch.baseTimestamp());
        this.deleteHorizon = deleteHorizon.isPresent() || batch.hasDeleteHorizon();
        this.target = new GrowingBuffer(batch.sizeInBytes(), Integer.MAX_VALUE);
    }

    static RecordBatch of(
            RecordBatch batch, Predicate<Record> kept, OptionalLong deleteHorizon, CompressionCodecs codecs) {
        BatchFiltering filtering = new BatchFiltering(batch, deleteHorizon, codecs);
        ByteBuffer header = batch.buffer().limit(RecordBatch.HEADER_SIZE);
        filtering.target.room(RecordBatch.HEADER_SIZE).put(header);
        filtering.copyRecords(kept);
        return filtering.count == 0 ? filtering.empty() : filtering.filtered();
    }

    private void copyRecords(Predicate<Record> kept) {
        try (RecordStream records = RecordStream.open(batch, codecs);
                OutputStream compressor = codecs.compress(batch.compression(), target, RecordBatch.MAGIC)) {
            while (records.hasNext()) {
                Record record = records.next();
                if (kept.test(record)) {
                    // As in any batch, the first record's, where it is not the horizon.
                    baseTimestamp = count == 0 && !deleteHorizon ? record.timestamp() : baseTimestamp;
                    record.writeTo(compressor, batch.baseOffset(), baseTimestamp);
                    maxTimestamp = Math.max(maxTimestamp, record.timestamp());
                    count++;
                }
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory does not take what is compressed", impossible);
        }
    }

    private RecordBatch filtered() {
        int flag = deleteHorizon ? RecordBatch.DELETE_HORIZON_FLAG : 0;
        return finish(flag, ~RecordBatch.DELETE_HORIZON_FLAG, baseTimestamp, maxTimestamp);
    }

    /** Nothing is compressed in it, and there is nothing whose deletion could be due. */
    private RecordBatch empty() {
        target.truncate(RecordBatch.HEADER_SIZE);
        int others = ~(RecordBatch.DELETE_HORIZON_FLAG | RecordBatch.COMPRESSION_MASK);
        return finish(0, others, RecordBatch.NO_TIMESTAMP, batch.maxTimestamp());
    }

    private RecordBatch finish(int flag, int others, long base, long max) {
        ByteBuffer bytes = target.written();
        int attributes = (bytes.getShort(RecordBatch.ATTRIBUTES_POSITION) & others) | flag;
        bytes.putShort(RecordBatch.ATTRIBUTES_POSITION, (short) attributes);
        bytes.putInt(RecordBatch.LENGTH_POSITION, bytes.limit() - RecordBatches.LOG_OVERHEAD_SIZE);
        bytes.putLong(RecordBatch.BASE_TIMESTAMP_POSITION, base);
        bytes.putLong(RecordBatch.MAX_TIMESTAMP_POSITION, max);
        bytes.putInt(RecordBatch.RECORD_COUNT_POSITION, count);
        RecordBatch result = new RecordBatch(bytes, 0, bytes.limit());
        result.updateCrc();
        return result;
    }
}
