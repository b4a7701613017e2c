package io.brokkr.protocol.record;

import io.brokkr.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Bytes are not the record batches or records that they should be, or are such that this broker does not serve. */
public final class InvalidRecordBatchException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode errorCode;

    /**
     * One reason for refusing a batch.
     *
     * @param errorCode what Kafka answers to a producer in this case
     * @param message what is wrong, with the numbers that show it
     */
    public InvalidRecordBatchException(ErrorCode errorCode, String message) {
        this(errorCode, message, null);
    }

    /** As the other, with its cause. */
    public InvalidRecordBatchException(ErrorCode errorCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.errorCode = errorCode;
    }

    /**
     * What Kafka answers to a producer in this case.
     *
     * <ul>
     *   <li>{@code CORRUPT_MESSAGE}: lengths or checksum do not fit; clients send the batch again.
     *   <li>{@code INVALID_RECORD}: the batch arrived as it was written, and breaks a rule.
     *   <li>{@code INVALID_TIMESTAMP}: the batch has a timestamp type that is the broker's to give.
     *   <li>{@code UNSUPPORTED_FOR_MESSAGE_FORMAT}: a message set of magic 0 or 1 where there should be batches.
     *   <li>{@code UNSUPPORTED_COMPRESSION_TYPE}: a codec that nobody knows or that is not loaded, or records that have to be decompressed first.
     *   <li>{@code MESSAGE_TOO_LARGE}: too many bytes after decompression or conversion.
     * </ul>
     */
    public ErrorCode errorCode() {
        return errorCode;
    }
}
