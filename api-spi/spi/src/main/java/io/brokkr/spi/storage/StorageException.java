package io.brokkr.spi.storage;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import org.jspecify.annotations.Nullable;

/** The storage failed; the client is told {@code KAFKA_STORAGE_ERROR}. */
public class StorageException extends ApiException {

    private static final long serialVersionUID = 1L;

    /** With a sentence that says what is wrong, where, and what to do. */
    public StorageException(String message) {
        super(ErrorCode.KAFKA_STORAGE_ERROR, message);
    }

    /** With its cause. */
    public StorageException(String message, @Nullable Throwable cause) {
        super(ErrorCode.KAFKA_STORAGE_ERROR, message, cause);
    }

    /** For subclasses, which have an error code of their own. */
    StorageException(ErrorCode error, String message) {
        super(error, message);
    }

    /** For subclasses, with a cause. */
    StorageException(ErrorCode error, String message, @Nullable Throwable cause) {
        super(error, message, cause);
    }
}
