package io.brokkr.core.dispatch;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.ResponseHeader;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.Metrics;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An API with the handler that serves it, and the hooks around that. Thread-safe.
 *
 * @param <Q> the class of the requests
 */
final class ServedApi<Q extends Message> {

    private final ApiHandler<Q> handler;
    private final Api<Q> api;
    private final ClassLoader classLoader;
    private final ServedHook[] hooks;
    private final Registration[] registrations;
    private volatile Metrics.@Nullable Timings timings;
    private volatile @Nullable Class<?> rightAnswer;

    /** Around it stand those of the hooks that want it, the outermost first. */
    ServedApi(Registration registration, ApiHandler<Q> handler, List<ServedHook> hooks) {
        this.handler = handler;
        this.api = handler.api();
        this.classLoader = handler.getClass().getClassLoader();
        this.hooks = hooks.stream().filter(hook -> hook.wants(api)).toArray(ServedHook[]::new);
        this.registrations = Stream.concat(
                        Stream.of(registration), Arrays.stream(this.hooks).map(ServedHook::registration))
                .toArray(Registration[]::new);
    }

    /** Counts a request in; false if somebody has gone whom it would meet, and then it must meet nobody. */
    boolean begin() {
        boolean allAreHere = true;
        for (Registration registration : registrations) {
            allAreHere &= registration.begin();
        }
        if (!allAreHere) {
            end();
        }
        return allAreHere;
    }

    /** Counts a request out. */
    void end() {
        for (Registration registration : registrations) {
            registration.end();
        }
    }

    /** That of the handler. */
    Registration registration() {
        return registrations[0];
    }

    /** Not to be changed. */
    ServedHook[] hooks() {
        return hooks;
    }

    /** That of the handler's plugin. */
    ClassLoader classLoader() {
        return classLoader;
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
                throw new IllegalStateException("the answer to " + api.name() + " is a " + type.getSimpleName());
            }
        }
        rightAnswer = type;
    }
}
