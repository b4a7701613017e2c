package io.brokkr.core.dispatch;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.Message;
import io.brokkr.spi.ApiHandler;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Which handler serves which API, and which hooks stand around it. Thread-safe: readers see an immutable snapshot, which a change replaces as a whole.
 */
public final class ApiRegistry {

    private Map<String, Registration> registrations = Map.of();
    private volatile Snapshot snapshot = new Snapshot(new TreeMap<>());

    /** A registry that serves nothing. */
    public ApiRegistry() {}

    /**
     * Serves these APIs and no others from now on, with no hooks, as the other {@link #serve(Map, Collection)}.
     */
    public Map<String, CompletionStage<Void>> serve(
            Map<String, ? extends Collection<? extends ApiHandler<?>>> handlers) {
        return serve(handlers, List.of());
    }

    /**
     * Serves these APIs and no others from now on: all of them, or what was served before if it throws. A request that arrives meanwhile meets one or the other.
     *
     * @param handlers by their owners, which are the ids of plugins
     * @param hooks each of one of those owners, which may have no handlers
     * @return of each owner that was here before, whether or not it is here again, a stage that is complete when the requests that went to its handlers and hooks then have ended
     * @throws IllegalStateException if two owners serve the same API
     */
    public synchronized Map<String, CompletionStage<Void>> serve(
            Map<String, ? extends Collection<? extends ApiHandler<?>>> handlers, Collection<PluginHook> hooks) {
        Map<String, Registration> next = new HashMap<>();
        handlers.keySet().forEach(owner -> next.put(owner, new Registration(owner)));
        List<ServedHook> around = hooks.stream()
                .sorted(PluginHook.OUTERMOST_FIRST)
                .map(hook -> new ServedHook(next.get(hook.owner()), hook.hook()))
                .toList();
        TreeMap<Integer, ServedApi<?>> byKey = new TreeMap<>();
        handlers.forEach((owner, ofOwner) ->
                ofOwner.forEach(handler -> put(byKey, new ServedApi<>(next.get(owner), handler, around))));
        snapshot = new Snapshot(byKey);
        // Not before: whoever is turned away by one of these looks into the snapshot again, and must find the new one.
        Map<String, CompletionStage<Void>> drained = new HashMap<>();
        registrations.forEach((owner, registration) -> drained.put(owner, registration.withdraw()));
        registrations = next;
        return drained;
    }

    private static void put(Map<Integer, ServedApi<?>> byKey, ServedApi<?> served) {
        ServedApi<?> other = byKey.put(served.api().key(), served);
        if (other != null) {
            throw new IllegalStateException(
                    "API " + served.api().key() + " (" + served.api().name()
                            + ") is served by " + other.registration().owner() + " and by "
                            + served.registration().owner() + ": only one of them can stay");
        }
    }

    /** The APIs that are served, in the order of their keys. */
    public List<Api<?>> apis() {
        return snapshot.apis;
    }

    @Nullable
    ServedApi<? extends Message> find(int key) {
        return snapshot.find(key);
    }

    /** Finds who serves an API and counts a request in, for which {@link ServedApi#end} must be called then; null if nobody does. */
    @Nullable
    ServedApi<? extends Message> begin(int key) {
        ServedApi<?> served = find(key);
        while (served != null && !served.begin()) {
            // An owner went after the look into the snapshot, and somebody else may have its place.
            served = find(key);
        }
        return served;
    }

    /** What is served at one moment. Immutable. */
    private static final class Snapshot {

        /** Kafka's own keys lie far below; those of others may be any number of 16 bits. */
        private static final int DIRECT_KEYS = 128;

        private final Map<Integer, ServedApi<?>> byKey;
        private final @Nullable ServedApi<?>[] direct = new ServedApi<?>[DIRECT_KEYS];
        private final List<Api<?>> apis;

        Snapshot(NavigableMap<Integer, ServedApi<?>> byKey) {
            this.byKey = byKey;
            this.apis = apis(byKey.values());
            byKey.headMap(DIRECT_KEYS).tailMap(0).forEach((key, served) -> direct[key] = served);
        }

        private static List<Api<?>> apis(Collection<ServedApi<?>> served) {
            return served.stream().<Api<?>>map(ServedApi::api).toList();
        }

        @Nullable
        ServedApi<?> find(int key) {
            return key >= 0 && key < DIRECT_KEYS ? direct[key] : byKey.get(key);
        }
    }
}
