package io.brokkr.spi;

import io.brokkr.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/** A failure that has a Kafka error code: what the client is told, and a sentence for the log or the response's error message. */
public class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode error;

    /** A failure with a sentence that says what is wrong, where, and what to do. */
    public ApiException(ErrorCode error, String message) {
        this(error, message, null);
    }

    /** As the other, with its cause. */
    public ApiException(ErrorCode error, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.error = error;
    }

    /** What the client is told; never {@link ErrorCode#NONE}. */
    public ErrorCode error() {
        return error;
    }

    /** The first {@code ApiException} among a failure and its causes, null where there is none. */
    public static @Nullable ApiException in(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ApiException exception) {
                return exception;
            }
        }
        return null;
    }

    /** The error code inside of whatever a stage failed with: that of {@link #in}, else {@link ErrorCode#UNKNOWN_SERVER_ERROR}. */
    public static ErrorCode errorOf(Throwable failure) {
        ApiException exception = in(failure);
        return exception == null ? ErrorCode.UNKNOWN_SERVER_ERROR : exception.error();
    }
}
