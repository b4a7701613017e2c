package io.brokkr.spi.storage;

import io.brokkr.protocol.ErrorCode;

/** A key in the metadata store was not at the version that a change expected. */
public final class VersionConflictException extends StorageException {

    private static final long serialVersionUID = 1L;

    private final String key;

    /** Names the key. */
    public VersionConflictException(String key, long expectedVersion, long version) {
        super(
                ErrorCode.UNKNOWN_SERVER_ERROR,
                "the key " + key + " is at version " + version + ", where " + expectedVersion + " was expected");
        this.key = key;
    }

    /** The key that was not as expected. */
    public String key() {
        return key;
    }
}
