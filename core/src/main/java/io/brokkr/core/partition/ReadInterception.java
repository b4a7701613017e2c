package io.brokkr.core.partition;

import io.brokkr.pluginhost.Interception;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.protocol.record.InvalidRecordBatchException;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.TopicPartition;
import io.brokkr.spi.record.InterceptedBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Has interceptors look at what consumers read of one partition. Thread-safe. */
record ReadInterception(
        TopicPartition partition, Interception interception, CompressionCodecs codecs, InterceptedReads reads) {

    /** Of one read: a consumer asks for as much of each partition as a rule. */
    private static final int MOST_BYTES = 1 << 20;

    /** What interceptors may make of a batch, which is what they may find in one. */
    private static final int LARGEST_BATCH = 100 << 20;

    /** How much to read, where so much is asked for: nothing but what must be, if there is no room. */
    int limit(int maxBytes) {
        return reads.areMany() ? 0 : Math.min(maxBytes, MOST_BYTES);
    }

    /**
     * Gives what a consumer is to see of what was read, which is closed in any case. To be called where waiting is allowed.
     *
     * @throws ApiException if there is nothing to be seen: {@code CORRUPT_MESSAGE}, {@code UNSUPPORTED_COMPRESSION_TYPE}, {@code UNKNOWN_SERVER_ERROR}, {@code KAFKA_STORAGE_ERROR}
     */
    RecordData apply(RecordData read) {
        List<ByteBuffer> shown = new ArrayList<>();
        try (read) {
            // Of a batch that is cut off nobody could say what may be seen.
            for (RecordBatch batch : RecordBatches.possiblyCut(read.toBuffer())) {
                shown.add(show(batch).buffer());
            }
        } catch (ApiException | InvalidRecordBatchException refused) {
            // What stands before it is sound; the next read begins with it.
            if (shown.isEmpty()) {
                throw reads.refusal(partition, refused);
            }
        } catch (IOException unreadable) {
            throw new ApiException(ErrorCode.KAFKA_STORAGE_ERROR, "the records cannot be read", unreadable);
        }
        return reads.held(shown);
    }

    private RecordBatch show(RecordBatch batch) {
        RecordBatch shown = interception.show(() -> InterceptedBatch.fetched(batch, codecs, LARGEST_BATCH));
        if (shown == null) {
            throw PartitionRegistry.stopping();
        }
        return shown;
    }
}
