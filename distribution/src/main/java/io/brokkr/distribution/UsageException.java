package io.brokkr.distribution;

/** The command line makes no sense; the message says which part of it. */
final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
