package io.brokkr.core.transport;

import java.nio.channels.UnresolvedAddressException;

/** A listener cannot be opened; the message says which, why, and what to do. */
public final class CannotListenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CannotListenException(Listener listener, Throwable cause) {
        super("cannot listen on " + listener + ": " + reason(cause) + "; " + advice(listener, cause), cause);
    }

    private static String reason(Throwable cause) {
        return cause instanceof UnresolvedAddressException
                ? "no address is known for the host"
                : String.valueOf(cause.getMessage());
    }

    private static String advice(Listener listener, Throwable cause) {
        if (reason(cause).contains("in use")) {
            return "stop the process that has port " + listener.port() + ", or give another one in listeners";
        }
        return "give an address of this machine and a port that this user may open in listeners";
    }
}
