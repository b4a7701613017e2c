package io.brokkr.storage.log;

import io.brokkr.spi.storage.StorageException;
import org.jspecify.annotations.Nullable;

/** A data folder cannot be used, which the operator has been told once for all logs in it. */
final class FailedFolderException extends StorageException {

    private static final long serialVersionUID = 1L;

    FailedFolderException(String reason, @Nullable Throwable cause) {
        super(reason, cause);
    }
}
