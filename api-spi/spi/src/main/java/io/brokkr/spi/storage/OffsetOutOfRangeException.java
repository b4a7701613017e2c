package io.brokkr.spi.storage;

import io.brokkr.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/** The offset is not in the log. */
public final class OffsetOutOfRangeException extends StorageException {

    private static final long serialVersionUID = 1L;

    /** With a sentence that says what is wrong, where, and what to do. */
    public OffsetOutOfRangeException(String message) {
        super(ErrorCode.OFFSET_OUT_OF_RANGE, message);
    }

    /** With its cause. */
    public OffsetOutOfRangeException(String message, @Nullable Throwable cause) {
        super(ErrorCode.OFFSET_OUT_OF_RANGE, message, cause);
    }
}
