package io.brokkr.storage.s3;

import io.brokkr.spi.storage.StorageException;

/** An object is not there. Whoever knows that it was replaced looks for what took its place. */
final class MissingObjectException extends StorageException {

    private static final long serialVersionUID = 1L;

    MissingObjectException(String message, Throwable cause) {
        super(message, cause);
    }
}
