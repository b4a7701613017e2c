package io.brokkr.pluginhost;

import io.brokkr.spi.ApiException;
import java.util.ServiceConfigurationError;
import org.pf4j.PluginRuntimeException;

/** Puts what went wrong in a plugin into one sentence. */
final class PluginFailure {

    private PluginFailure() {}

    /** What the innermost cause says, with the name of its class, unless the message was written for the operator and says it all. */
    static String reason(Throwable failure) {
        boolean saysItAll = failure instanceof PluginRuntimeException
                || failure instanceof RejectionException
                || failure instanceof ApiException;
        if (saysItAll && failure.getMessage() != null) {
            return failure.getMessage();
        }
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String text = describe(cause);
        if (failure instanceof ServiceConfigurationError && cause != failure) {
            return failure.getMessage() + ": " + text;
        }
        return text;
    }

    private static String describe(Throwable cause) {
        String message = cause.getMessage();
        if (cause instanceof NoClassDefFoundError || cause instanceof ClassNotFoundException) {
            return "the class " + String.valueOf(message).replace('/', '.') + " is missing";
        }
        String name = cause.getClass().getSimpleName();
        return message == null
                ? name
                : name + ": " + message.lines().findFirst().orElse("");
    }
}
