package io.brokkr.core;

import org.jspecify.annotations.Nullable;

/** The broker cannot start, for a reason that the operator can mend: the message says what is wrong, where, and what to do. */
public final class StartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With a sentence for the operator. */
    public StartException(String message) {
        super(message);
    }

    /** With its cause. */
    public StartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
