package io.brokkr.core.dispatch;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.ResponseHeader;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.Metrics;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An API with the handler that serves it. Thread-safe.
 *
 * @param <Q> the class of the requests
 */
final class ServedApi<Q extends Message> {

    private final Registration registration;
    private final ApiHandler<Q> handler;
    private final Api<Q> api;
    private final ClassLoader classLoader;
    private volatile Metrics.@Nullable Timings timings;
    private volatile @Nullable Class<?> rightAnswer;

    ServedApi(Registration registration, ApiHandler<Q> handler) {
        this.registration = registration;
        this.handler = handler;
        this.api = handler.api();
        this.classLoader = handler.getClass().getClassLoader();
    }

    Registration registration() {
        return registration;
    }

    ApiHandler<Q> handler() {
        return handler;
    }

    Api<Q> api() {
        return api;
    }

    /** How long the requests took; made at the first one, since most APIs are never asked. */
    Metrics.Timings timings(Metrics metrics) {
        Metrics.Timings known = timings;
        if (known == null) {
            known = metrics.timings(
                    "brokkr_request_seconds",
                    "How long requests took from their last byte in to the answer of their handler",
                    Map.of("api", api.name()));
            timings = known;
        }
        return known;
    }

    /**
     * Sees to it that the response to one API is not sent as that to another, which no client could read. Of messages that are not generated it knows nothing.
     *
     * @throws IllegalStateException if it would be
     */
    void checkAnswer(Message request, Message answer) {
        Class<?> type = answer.getClass();
        if (type == rightAnswer) {
            return;
        }
        String name = request.getClass().getName();
        boolean generated = type.getPackageName().equals(ResponseHeader.class.getPackageName());
        if (generated && name.endsWith("Request")) {
            String right = name.substring(0, name.length() - "Request".length()) + "Response";
            if (!type.getName().equals(right)) {
                throw new IllegalStateException(
                        "the handler of " + api.name() + " answered with a " + type.getSimpleName());
            }
        }
        rightAnswer = type;
    }

    /** Calls into the plugin, with the plugin's class loader as the thread's own. */
    <T> T inPlugin(Supplier<T> call) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        if (before == classLoader) {
            return call.get();
        }
        thread.setContextClassLoader(classLoader);
        try {
            return call.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
