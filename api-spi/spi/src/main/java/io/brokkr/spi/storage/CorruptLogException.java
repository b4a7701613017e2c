package io.brokkr.spi.storage;

import io.brokkr.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/** What is stored is not what was appended. */
public final class CorruptLogException extends StorageException {

    private static final long serialVersionUID = 1L;

    /** With a sentence that says what is wrong, where, and what to do. */
    public CorruptLogException(String message) {
        super(ErrorCode.CORRUPT_MESSAGE, message);
    }

    /** With its cause. */
    public CorruptLogException(String message, @Nullable Throwable cause) {
        super(ErrorCode.CORRUPT_MESSAGE, message, cause);
    }
}
