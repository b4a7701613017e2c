package io.brokkr.plugin.compaction;

import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.Partition;
import io.brokkr.spi.Setting;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicPartition;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.ReplaceableLog;
import io.brokkr.spi.storage.StorageEngine;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the logs of compacted topics, one after the other, and compacts those that are due. Thread-safe.
 *
 * <p>A log is opened beside the broker's own opening for the time of a look. One in which nothing happens is looked at less and less often, until somebody writes to it or something in it is due, which
 * is known in memory; topics that are not compacted cost a look into their settings.
 */
final class Compactor {

    private static final Logger LOG = System.getLogger(Compactor.class.getName());

    /** Between two looks, since there may be many after a start. */
    private static final Duration PAUSE = Duration.ofMillis(50);

    /** Of the logs in which nothing happened, or that nobody has looked at yet, so many have a turn in a sweep: those that are written to do not wait for thousands of them. */
    private static final int MOST_IDLE = 60;

    /** As many more of those that nobody has looked at yet and whose topics want their records compacted within a time. */
    private static final int MOST_UNSEEN = 240;

    /** Each takes about a hundred bytes of the heap in a run, and as much again for a transaction. */
    private static final int MOST_PRODUCERS = 100_000;

    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(10);
    private static final Duration DEFAULT_PRODUCER_EXPIRATION = Duration.ofDays(1);

    private final BrokerServices broker;
    private final CompactionSettings settings;
    private final TopicRules rules;
    private final Workshop workshop;
    private final Map<LogId, LogState> states = new ConcurrentHashMap<>();
    private final Set<StorageEngine> unable = ConcurrentHashMap.newKeySet();
    private CompletableFuture<Void> sweep = CompletableFuture.completedFuture(null);
    /** Taken for the first run, and given back when a sweep finds nothing to compact. */
    private volatile @Nullable KeyOffsets keys;

    private volatile boolean keysUsed;
    private volatile Visit visiting = new Visit(new UUID(0, 0), CompletableFuture.completedFuture(null));

    /** A log that is being looked at, and when that ends. */
    private record Visit(UUID topicId, CompletionStage<?> end) {}

    private record Candidate(Topic topic, LogId id, LogState state) {}

    /** In what order logs have their turn in a sweep, and how many of them. */
    private enum Turn {
        URGENT(Integer.MAX_VALUE),
        UNSEEN(MOST_UNSEEN),
        IDLE(MOST_IDLE);

        private final int most;

        Turn(int most) {
            this.most = most;
        }
    }

    Compactor(BrokerServices broker, CompactionSettings settings) {
        this.broker = broker;
        this.settings = settings;
        this.rules = new TopicRules(broker.configuration());
        this.workshop = new Workshop(
                new CompressionCodecs(broker.compressionCodecs()),
                new Pace(broker.scheduler(), broker.clock(), settings.bytesPerSecond()),
                broker.scheduler().blocking(),
                broker.clock(),
                producerExpiration(broker),
                MOST_PRODUCERS,
                new CompactionMetrics(broker.metrics(), this::failing));
    }

    private static Duration producerExpiration(BrokerServices broker) {
        for (Setting<?> setting : broker.configuration().brokerSettings()) {
            if (setting.name().equals("producer.id.expiration.ms")
                    && broker.configuration().get(setting) instanceof Duration expiration) {
                return expiration;
            }
        }
        return DEFAULT_PRODUCER_EXPIRATION;
    }

    private double failing() {
        return states.values().stream().filter(state -> state.problem() != null).count();
    }

    /** Looks at all logs that are due. While that goes on, further calls give the same stage. */
    synchronized CompletionStage<Void> sweep() {
        if (sweep.isDone() && !workshop.pace().isStopped()) {
            keysUsed = false;
            Iterator<Candidate> due = due().iterator();
            Map<StorageEngine, CompletionStage<Set<LogId>>> existing = new HashMap<>();
            sweep = Loop.run(
                            () -> due.hasNext() ? visit(due.next(), existing).thenApply(done -> true) : Loop.END,
                            workshop.blocking())
                    .whenComplete((done, failure) -> keys = keysUsed ? keys : null)
                    .toCompletableFuture();
        }
        return sweep;
    }

    private List<Candidate> due() {
        long now = broker.clock().millis();
        List<Candidate> due = new ArrayList<>();
        Set<LogId> all = new HashSet<>();
        for (Topic topic : broker.topics().all()) {
            if (!rules.isCompacted(topic) || isOnUnableEngine(topic)) {
                continue;
            }
            for (int partition = 0; partition < topic.partitionCount(); partition++) {
                LogId id = new LogId(topic.id(), topic.name(), partition);
                LogState state = states.computeIfAbsent(id, absent -> new LogState(settings.backoff()));
                state.configured(topic.overrides());
                Partition open = broker.partitions().find(new TopicPartition(topic.name(), partition));
                if (open != null) {
                    state.written(open.logEndOffset());
                }
                all.add(id);
                if (state.isDue(now)) {
                    due.add(new Candidate(topic, id, state));
                }
            }
        }
        states.keySet().retainAll(all);
        return inTurn(due, now);
    }

    private boolean isOnUnableEngine(Topic topic) {
        if (unable.isEmpty()) {
            return false;
        }
        StorageEngine engine = broker.storageEngines().get(rules.engineOf(topic));
        return engine != null && unable.contains(engine);
    }

    /** Those in which something happens, or is due; then some of the others, which have waited longest. */
    private List<Candidate> inTurn(List<Candidate> due, long now) {
        due.sort(Comparator.comparingLong(candidate -> candidate.state().nextLook()));
        Map<Turn, List<Candidate>> turns =
                due.stream().collect(Collectors.groupingBy(candidate -> turn(candidate, now)));
        return Arrays.stream(Turn.values())
                .flatMap(turn -> turns.getOrDefault(turn, List.of()).stream().limit(turn.most))
                .toList();
    }

    private Turn turn(Candidate candidate, long now) {
        if (!candidate.state().isIdle(now)) {
            return Turn.URGENT;
        }
        return candidate.state().isUnseen() && rules.isLagLimited(candidate.topic()) ? Turn.UNSEEN : Turn.IDLE;
    }

    /** Never fails but because the broker stops. */
    private CompletionStage<Void> visit(Candidate candidate, Map<StorageEngine, CompletionStage<Set<LogId>>> existing) {
        CompletionStage<Void> visited;
        try {
            StorageEngine engine = broker.storageEngines().get(rules.engineOf(candidate.topic()));
            CompactionRule rule = rules.ruleOf(candidate.topic());
            visited = engine == null || unable.contains(engine)
                    ? skip(candidate)
                    : exists(candidate, engine, existing)
                            .thenCompose(exists -> exists ? look(candidate, rule, engine) : skip(candidate));
        } catch (RuntimeException failure) {
            visited = CompletableFuture.failedStage(failure);
        }
        CompletionStage<Void> settled = visited.handle((done, failure) -> {
            if (failure != null) {
                report(candidate, failure);
            }
            return null;
        });
        return settled.thenCompose(done -> workshop.pace().pause(PAUSE));
    }

    private CompletionStage<Void> skip(Candidate candidate) {
        candidate.state().nothingSeen(broker.clock().millis());
        return CompletableFuture.completedStage(null);
    }

    /** Opening a log would create it: nobody's is created by a look. */
    private static CompletionStage<Boolean> exists(
            Candidate candidate, StorageEngine engine, Map<StorageEngine, CompletionStage<Set<LogId>>> existing) {
        return candidate.state().exists()
                ? Loop.GO_ON
                : existing.computeIfAbsent(engine, absent -> engine.list().thenApply(Set::copyOf))
                        .thenApply(logs -> logs.contains(candidate.id()));
    }

    private CompletionStage<Void> look(Candidate candidate, CompactionRule rule, StorageEngine engine) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        visiting = new Visit(candidate.topic().id(), end);
        return CompletableFuture.completedStage(null)
                .thenCompose(begun -> openAndLook(candidate, rule, engine))
                .whenComplete((done, failure) -> end.complete(null));
    }

    private CompletionStage<Void> openAndLook(Candidate candidate, CompactionRule rule, StorageEngine engine) {
        Topic topic = candidate.topic();
        if (isGone(topic)) {
            return skip(candidate);
        }
        return engine.open(candidate.id(), topic.leaderEpoch(candidate.id().partition()), topic.configuration())
                .thenCompose(log -> look(candidate, rule, engine, log)
                        .handle((done, failure) -> closeAfter(log, failure))
                        .thenCompose(closed -> closed));
    }

    private boolean isGone(Topic topic) {
        return broker.topics().find(topic.id()) == null;
    }

    private static CompletionStage<Void> closeAfter(PartitionLog log, @Nullable Throwable failure) {
        return log.close()
                .handle((closed, again) -> failure == null ? again : failure)
                .thenCompose(first ->
                        first == null ? CompletableFuture.completedStage(null) : CompletableFuture.failedStage(first));
    }

    private CompletionStage<Void> look(
            Candidate candidate, CompactionRule rule, StorageEngine engine, PartitionLog log) {
        LogId id = candidate.id();
        if (isGone(candidate.topic())) {
            // It was deleted while the log was being opened, which may have created it anew.
            return engine.delete(id);
        }
        if (!(log instanceof ReplaceableLog replaceable)) {
            if (unable.add(engine)) {
                LOG.log(
                        Level.WARNING,
                        "the storage engine {0} cannot replace segments: its topics are not compacted",
                        rules.engineOf(candidate.topic()));
            }
            return skip(candidate);
        }
        long startOffset = log.startOffset();
        return new LogLook(
                        replaceable, rule, workshop, candidate.state().arrivals(), this::keys, () -> stableOffset(id))
                .run()
                .handle((seen, failure) -> settle(candidate, log.startOffset() != startOffset, seen, failure));
    }

    /** Opens the partition: it has been written to, and so will be used. */
    private CompletionStage<Long> stableOffset(LogId id) {
        return broker.partitions()
                .open(new TopicPartition(id.topic(), id.partition()))
                .thenApply(Partition::lastStableOffset);
    }

    private @Nullable Void settle(
            Candidate candidate, boolean trimmed, LogLook.@Nullable Seen seen, @Nullable Throwable failure) {
        long now = broker.clock().millis();
        if (seen != null) {
            candidate.state().seen(seen, now);
        } else if (trimmed) {
            // Retention came first, and the segments are not what they were.
            candidate.state().nothingSeen(now);
        } else {
            throw failure instanceof CompletionException thrown ? thrown : new CompletionException(failure);
        }
        return null;
    }

    private void report(Candidate candidate, Throwable failure) {
        if (workshop.pace().isStopped() || isGone(candidate.topic())) {
            return;
        }
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (candidate
                .state()
                .failed(String.valueOf(cause.getMessage()), broker.clock().millis())) {
            LOG.log(
                    Level.WARNING,
                    candidate.id()
                            + " cannot be compacted and is left as it is; it is tried again, less and less often. "
                            + cause.getMessage(),
                    cause);
        }
    }

    private KeyOffsets keys() {
        KeyOffsets known = keys;
        if (known == null) {
            known = new KeyOffsets(settings.keyMapSizeInBytes());
            keys = known;
        }
        keysUsed = true;
        return known;
    }

    /** Complete when no log of the topic is being looked at. */
    CompletionStage<?> awaitEndOf(UUID topicId) {
        Visit current = visiting;
        return current.topicId().equals(topicId) ? current.end() : CompletableFuture.completedStage(null);
    }

    /** Ends what is under way, at the next chunk of a log, and waits for that. */
    void close() {
        workshop.pace().stop();
        CompletableFuture<Void> last;
        synchronized (this) {
            last = sweep;
        }
        try {
            last.get(LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException stopped) {
            // As it should be.
        } catch (TimeoutException late) {
            LOG.log(Level.WARNING, "compaction did not end within {0} and is abandoned", LONGEST_CLOSE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
