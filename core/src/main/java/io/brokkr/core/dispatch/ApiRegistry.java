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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Which handler serves which API. Thread-safe: readers see an immutable snapshot, which a change replaces as a whole.
 */
public final class ApiRegistry {

    private final Map<String, Registration> registrations = new HashMap<>();
    private volatile Snapshot snapshot = new Snapshot(new TreeMap<>());

    /** An empty registry. */
    public ApiRegistry() {}

    /**
     * Serves the APIs of an owner from now on: all of them, or none if it throws.
     *
     * @param owner the plugin's id
     * @throws IllegalStateException if the owner is here already, or if somebody serves one of the APIs already
     */
    public synchronized void register(String owner, List<? extends ApiHandler<?>> handlers) {
        if (registrations.containsKey(owner)) {
            throw new IllegalStateException(owner + " has registered its APIs already");
        }
        Registration registration = new Registration(owner);
        TreeMap<Integer, ServedApi<?>> next = new TreeMap<>(snapshot.byKey);
        for (ApiHandler<?> handler : handlers) {
            ServedApi<?> served = new ServedApi<>(registration, handler);
            ServedApi<?> other = next.put(served.api().key(), served);
            if (other != null) {
                throw new IllegalStateException(
                        "API " + served.api().key() + " (" + served.api().name()
                                + ") is served by " + other.registration().owner() + " and by " + owner
                                + ": only one of them can stay");
            }
        }
        registrations.put(owner, registration);
        snapshot = new Snapshot(next);
    }

    /**
     * Serves the APIs of an owner no longer; does nothing for an owner that is not here.
     *
     * @return complete when the requests that were under way have ended
     */
    public synchronized CompletionStage<Void> unregister(String owner) {
        Registration registration = registrations.remove(owner);
        if (registration == null) {
            return CompletableFuture.completedStage(null);
        }
        TreeMap<Integer, ServedApi<?>> next = new TreeMap<>(snapshot.byKey);
        next.values().removeIf(served -> served.registration() == registration);
        snapshot = new Snapshot(next);
        return registration.withdraw();
    }

    /** The APIs that are served, in the order of their keys. */
    public List<Api<?>> apis() {
        return snapshot.apis;
    }

    @Nullable
    ServedApi<? extends Message> find(int key) {
        return snapshot.find(key);
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
