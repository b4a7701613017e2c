package io.brokkr.storage.log;

/** The arguments of a command make no sense, or name what cannot be read; the message says which. */
final class ToolUsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ToolUsageException(String message) {
        super(message);
    }
}
