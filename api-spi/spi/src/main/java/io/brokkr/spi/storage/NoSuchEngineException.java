package io.brokkr.spi.storage;

/** There is no such storage engine for whoever asks: the configuration names one that is not loaded, or that would open itself. */
public final class NoSuchEngineException extends StorageException {

    private static final long serialVersionUID = 1L;

    /** With a sentence that says what is wrong, where, and what to do. */
    public NoSuchEngineException(String message) {
        super(message);
    }
}
