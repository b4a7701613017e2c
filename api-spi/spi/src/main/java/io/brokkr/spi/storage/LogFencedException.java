package io.brokkr.spi.storage;

import io.brokkr.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Somebody opened the log under a higher leader epoch: this opener's writes are refused. */
public final class LogFencedException extends StorageException {

    private static final long serialVersionUID = 1L;

    /** With a sentence that says what is wrong, where, and what to do. */
    public LogFencedException(String message) {
        super(ErrorCode.FENCED_LEADER_EPOCH, message);
    }

    /** With its cause. */
    public LogFencedException(String message, @Nullable Throwable cause) {
        super(ErrorCode.FENCED_LEADER_EPOCH, message, cause);
    }
}
