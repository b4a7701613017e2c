package io.brokkr.core.partition;

import io.brokkr.pluginhost.BoundedLog;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.RecordBuffers;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.InvalidRecordBatchException;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.TopicPartition;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What interceptors have made of what consumers read and is not sent yet, over all partitions. Thread-safe.
 *
 * <p>Nobody waits for room, since who waits holds what was read before: without room a read gives what it must, one batch as a rule, and else nothing.
 */
final class InterceptedReads {

    private final long limitBytes;
    private final BoundedLog log;
    private final AtomicLong heldBytes = new AtomicLong();

    /** None yet. */
    InterceptedReads(long limitBytes, BoundedLog log) {
        this.limitBytes = limitBytes;
        this.log = log;
    }

    /** Whether there is no room for more. */
    boolean areMany() {
        return heldBytes.get() >= limitBytes;
    }

    /** Takes room for batches until they are closed. */
    RecordData held(List<ByteBuffer> batches) {
        long size = batches.stream().mapToLong(ByteBuffer::remaining).sum();
        heldBytes.addAndGet(size);
        return RecordBuffers.of(batches, () -> heldBytes.addAndGet(-size));
    }

    /** What a consumer is told, who has no use for a reason that it cannot help; the log has it. */
    ApiException refusal(TopicPartition partition, RuntimeException cause) {
        log.warn("consumers cannot read {}: {}", partition, cause.getMessage());
        ErrorCode error = ErrorCode.UNKNOWN_SERVER_ERROR;
        if (cause instanceof InvalidRecordBatchException invalid
                && invalid.errorCode() != ErrorCode.MESSAGE_TOO_LARGE) {
            error = invalid.errorCode() == ErrorCode.UNSUPPORTED_COMPRESSION_TYPE
                    ? ErrorCode.UNSUPPORTED_COMPRESSION_TYPE
                    : ErrorCode.CORRUPT_MESSAGE;
        }
        return new ApiException(error, String.valueOf(cause.getMessage()), cause);
    }
}
