package io.brokkr.core.partition;

import io.brokkr.core.topic.StoredTopic;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Scheduler;
import io.brokkr.spi.TopicPartition;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what topics do not want to keep: one timer, and no thread in between. Thread-safe.
 *
 * <p>Open partitions are looked at each time. Logs that nobody opened since the start are opened once, one after the other and with pauses, and then not again before the
 * time at which their oldest segment is due.
 */
final class Retention {

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    /** Between two logs that are opened for a look: ten thousand take less than an hour, and a small part of a percent of the machine. */
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final PartitionRegistry partitions;
    private final Collection<StorageEngine> engines;
    private final LogOpening opening;
    private final Scheduler scheduler;
    private final Clock clock;
    private final Duration interval;
    private final Duration producerExpiration;
    private final AtomicBoolean walking = new AtomicBoolean();
    private volatile boolean stopped;
    private volatile Scheduler.@Nullable Timer timer;

    Retention(
            PartitionRegistry partitions,
            Collection<StorageEngine> engines,
            LogOpening opening,
            Scheduler scheduler,
            Clock clock,
            Duration interval,
            Duration producerExpiration) {
        this.partitions = partitions;
        this.engines = List.copyOf(engines);
        this.opening = opening;
        this.scheduler = scheduler;
        this.clock = clock;
        this.interval = interval;
        this.producerExpiration = producerExpiration;
    }

    void start() {
        timer = scheduler.repeat(interval, () -> scheduler.blocking().execute(this::look));
    }

    void stop() {
        stopped = true;
        Scheduler.Timer running = timer;
        if (running != null) {
            running.cancel();
        }
    }

    private void look() {
        long now = clock.millis();
        partitions.slots().forEach((name, slot) -> cleanOpen(name, slot, now));
        if (!stopped && walking.compareAndSet(false, true)) {
            Stages.forEach(engines.iterator(), 1, this::walkUnopened).whenComplete((done, failure) -> {
                walking.set(false);
                if (failure != null) {
                    LOG.warn("retention did not see all logs", failure);
                }
            });
        }
    }

    private void cleanOpen(TopicPartition name, PartitionSlot slot, long now) {
        PartitionLeader leader = slot.leader();
        if (leader != null) {
            RetentionRule rule = RetentionRule.of(leader.configuration());
            leader.clean(rule, now, now - producerExpiration.toMillis()).exceptionally(failure -> warn(name, failure));
        }
    }

    private static @Nullable Void warn(Object log, Throwable failure) {
        LOG.warn("retention failed for {}", log, failure);
        return null;
    }

    private CompletionStage<Void> walkUnopened(StorageEngine engine) {
        return engine.list().thenCompose(logs -> {
            Iterator<LogId> existing = logs.iterator();
            return Stages.forEach(existing, 1, log -> stopped ? Stages.DONE : visit(log));
        });
    }

    /** Looks at a log if it is not open, and its time has come. One that belongs to no topic is none of our business. */
    private CompletionStage<Void> visit(LogId log) {
        StoredTopic topic = partitions.topics().find(log.topicId());
        if (topic == null || log.partition() >= topic.partitionCount()) {
            return Stages.DONE;
        }
        RetentionRule rule = RetentionRule.of(topic.configuration());
        if (rule.equals(RetentionRule.KEEP_ALL)) {
            return Stages.DONE;
        }
        PartitionSlot slot = partitions.slot(topic, new TopicPartition(topic.name(), log.partition()));
        if (slot == null) {
            return Stages.DONE;
        }
        return slot.visit(clock.millis(), () -> look(topic, log.partition(), rule))
                .exceptionally(failure -> {
                    warn(log, failure);
                    return true;
                })
                .thenCompose(visited -> visited ? pause() : Stages.DONE);
    }

    private CompletionStage<Void> pause() {
        CompletableFuture<Void> end = new CompletableFuture<>();
        scheduler.schedule(PAUSE, () -> end.complete(null));
        return end;
    }

    private CompletionStage<Long> look(StoredTopic topic, int partition, RetentionRule rule) {
        return opening.openBare(topic, partition).thenCompose(log -> {
            long startOffset = rule.startOffset(log.segments(), log.startOffset(), log.endOffset(), clock.millis());
            CompletionStage<Void> trimmed = startOffset > log.startOffset() ? log.trim(startOffset) : Stages.DONE;
            return trimmed.handle((done, failure) -> failure)
                    .thenCompose(failure -> end(log, rule.nextLook(log.segments()), failure));
        });
    }

    private static CompletionStage<Long> end(PartitionLog log, long nextLook, @Nullable Throwable failure) {
        return log.close()
                .thenCompose(closed -> failure == null
                        ? CompletableFuture.completedFuture(nextLook)
                        : CompletableFuture.failedFuture(failure));
    }
}
