package io.brokkr.core.transport;

/** A listener cannot be opened; the message says which, why, and what to do. */
public final class CannotListenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CannotListenException(Listener listener, Throwable cause) {
        super("cannot listen on " + listener + ": " + cause.getMessage() + "; " + advice(listener, cause), cause);
    }

    private static String advice(Listener listener, Throwable cause) {
        if (String.valueOf(cause.getMessage()).contains("in use")) {
            return "stop the process that has port " + listener.port() + ", or give another one in listeners";
        }
        return "give an address of this machine and a port that this user may open in listeners";
    }
}
