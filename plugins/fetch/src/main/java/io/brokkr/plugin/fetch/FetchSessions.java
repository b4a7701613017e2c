package io.brokkr.plugin.fetch;

import io.brokkr.spi.Clock;
import io.brokkr.spi.Metrics;
import io.brokkr.spi.Setting;
import io.brokkr.spi.security.Principal;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The fetch sessions of all clients, a bounded number of them (KIP-227). When there is no room, a session that nobody used for two minutes makes way; else the client
 * is told to go on without one. Thread-safe.
 */
final class FetchSessions {

    static final Setting<Integer> SLOTS = Setting.integer(
            "max.incremental.fetch.session.cache.slots",
            1_000,
            0,
            1_000_000,
            "How many incremental fetch sessions are kept. A consumer beyond that names all its partitions in every"
                    + " fetch.");

    private static final Duration EVICTION_AGE = Duration.ofMinutes(2);

    private final int slots;
    private final Clock clock;

    /** In the order of their last use, the oldest first. */
    private final Map<Integer, Slot> sessions = new LinkedHashMap<>(16, 0.75f, true);

    private record Slot(FetchSession session, long lastUseNanos) {}

    FetchSessions(int slots, Clock clock, Metrics metrics) {
        this.slots = slots;
        this.clock = clock;
        metrics.gauge("brokkr_fetch_sessions", "Incremental fetch sessions that are open", Map.of(), this::size);
    }

    /** A new session, null where there is no room. */
    synchronized @Nullable FetchSession open(Principal owner, boolean usesTopicIds, List<FetchTarget> targets) {
        if (sessions.size() >= slots && !evictOldest()) {
            return null;
        }
        int id;
        do {
            id = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
        } while (sessions.containsKey(id));
        FetchSession session = new FetchSession(id, owner, usesTopicIds, targets);
        sessions.put(id, new Slot(session, clock.nanos()));
        return session;
    }

    /** The session of an id, null where there is none (any more), or it is somebody else's: ids can be guessed. */
    synchronized @Nullable FetchSession find(Principal client, int id) {
        Slot slot = sessions.get(id);
        if (slot == null || !slot.session().owner().equals(client)) {
            return null;
        }
        sessions.put(id, new Slot(slot.session(), clock.nanos()));
        return slot.session();
    }

    synchronized void close(Principal client, int id) {
        if (find(client, id) != null) {
            sessions.remove(id);
        }
    }

    private boolean evictOldest() {
        Iterator<Slot> oldestFirst = sessions.values().iterator();
        if (!oldestFirst.hasNext() || clock.nanos() - oldestFirst.next().lastUseNanos() < EVICTION_AGE.toNanos()) {
            return false;
        }
        oldestFirst.remove();
        return true;
    }

    private synchronized int size() {
        return sessions.size();
    }
}
