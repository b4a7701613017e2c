package io.brokkr.core.partition;

import io.brokkr.core.topic.StoredTopic;
import io.brokkr.core.topic.TopicListener;
import io.brokkr.core.topic.TopicRegistry;
import io.brokkr.pluginhost.BoundedLog;
import io.brokkr.pluginhost.Interceptors;
import io.brokkr.pluginhost.PluginInterceptors;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.BrokerConfiguration;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.Metrics;
import io.brokkr.spi.Partition;
import io.brokkr.spi.Partitions;
import io.brokkr.spi.Scheduler;
import io.brokkr.spi.TopicPartition;
import io.brokkr.spi.storage.StorageEngine;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The partitions that were touched since the start, and all that is done to many of them. Thread-safe. */
public final class PartitionRegistry implements Partitions {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionRegistry.class);

    /** How many logs are closed at the same time: enough to keep a disk busy, and no more. */
    private static final int CLOSED_AT_ONCE = 16;

    /** How many logs of a topic are deleted at the same time: an engine may make many deletions durable with one access to the disk. */
    private static final int DELETED_AT_ONCE = 512;

    /** When the data of topics whose deletion was cut short is looked for; the start has other things to do. */
    private static final Duration QUIET = Duration.ofSeconds(10);

    private final ConcurrentHashMap<TopicPartition, PartitionSlot> slots = new ConcurrentHashMap<>();
    private final TopicRegistry topics;
    private final LogOpening opening;
    private final Scheduler scheduler;
    private final Clock clock;
    private final CompressionCodecs codecs;
    private final Interceptors interceptors = new Interceptors();
    private final InterceptedReads interceptedReads;
    private final PartitionMetrics metrics;
    private final Retention retention;
    private volatile boolean stopped;

    /**
     * Opens nothing.
     *
     * @param engines the open storage engines by their names
     * @param codecs what is needed to look into compressed batches
     */
    public PartitionRegistry(
            TopicRegistry topics,
            Map<String, StorageEngine> engines,
            CompressionCodecs codecs,
            BrokerConfiguration configuration,
            Scheduler scheduler,
            Clock clock,
            Metrics metrics) {
        this.topics = topics;
        this.codecs = codecs;
        this.scheduler = scheduler;
        this.clock = clock;
        this.interceptedReads = new InterceptedReads(
                configuration.get(PartitionSettings.FETCH_INTERCEPTION_MEMORY), new BoundedLog(LOG, clock));
        this.metrics = new PartitionMetrics(metrics, () -> (int)
                slots.values().stream().filter(slot -> slot.leader() != null).count());
        Duration expiration = configuration.get(PartitionSettings.PRODUCER_ID_EXPIRATION);
        opening = new LogOpening(engines, expiration, clock, scheduler.blocking());
        retention = new Retention(
                this,
                engines.values(),
                opening,
                scheduler,
                clock,
                configuration.get(PartitionSettings.RETENTION_CHECK_INTERVAL),
                expiration);
        topics.listen(new Listener());
    }

    /** Begins with retention, and with what is left of earlier deletions. */
    public void start() {
        retention.start();
        scheduler.schedule(QUIET, () -> topics.finishDeletions().exceptionally(failure -> {
            LOG.warn("the data of deleted topics is left until the next start", failure);
            return null;
        }));
    }

    /** Has these interceptors look at what is appended and read from now on, and no others; a batch that one of the others has begun with may still be with it. */
    public void intercept(Collection<PluginInterceptors> loaded) {
        interceptors.replace(loaded);
        slots.values().forEach(slot -> {
            CompletionStage<PartitionLeader> opened = slot.opened();
            if (opened != null) {
                opened.thenAccept(PartitionLeader::intercept);
            }
        });
    }

    @Override
    @SuppressWarnings("unchecked")
    public CompletionStage<Partition> open(TopicPartition name) {
        PartitionSlot slot = slots.get(name);
        CompletableFuture<PartitionLeader> known = slot == null ? null : slot.shared();
        // A stage of a leader is a stage of a partition, and nobody completes it but the slot.
        return (CompletionStage<Partition>) (CompletionStage<?>) (known == null ? openFirst(name) : known);
    }

    @Override
    public @Nullable Partition find(TopicPartition name) {
        PartitionSlot slot = slots.get(name);
        return slot == null ? null : slot.leader();
    }

    private CompletionStage<PartitionLeader> openFirst(TopicPartition name) {
        StoredTopic topic = topics.find(name.topic());
        if (topic == null || name.partition() < 0 || name.partition() >= topic.partitionCount()) {
            return CompletableFuture.failedFuture(unknown(name));
        }
        if (stopped) {
            return CompletableFuture.failedFuture(stopping());
        }
        PartitionSlot slot = slot(topic, name);
        return slot == null
                ? CompletableFuture.failedFuture(unknown(name))
                : slot.open(() -> opening.open(topic, name.partition()).thenApply(log -> leader(topic, name, log)));
    }

    private static ApiException unknown(TopicPartition name) {
        return new ApiException(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "there is no partition " + name);
    }

    static ApiException stopping() {
        return new ApiException(ErrorCode.NOT_LEADER_OR_FOLLOWER, "the broker stops");
    }

    private PartitionLeader leader(StoredTopic asked, TopicPartition name, OpenedLog log) {
        StoredTopic found = topics.find(asked.id());
        // What changed while the log was being opened counts; what was deleted is told by the slot.
        StoredTopic topic = found == null ? asked : found;
        return new PartitionLeader(
                topic,
                name,
                log,
                opening,
                clock,
                scheduler.blocking(),
                codecs,
                interceptors,
                interceptedReads,
                metrics);
    }

    /** The place of a partition, null if its topic is gone: then a place that was made too late is taken out again. */
    @Nullable
    PartitionSlot slot(StoredTopic topic, TopicPartition name) {
        PartitionSlot slot = slots.computeIfAbsent(name, unused -> new PartitionSlot());
        if (topics.find(topic.id()) == null) {
            slots.remove(name, slot);
            return null;
        }
        return slot;
    }

    TopicRegistry topics() {
        return topics;
    }

    Map<TopicPartition, PartitionSlot> slots() {
        return slots;
    }

    /**
     * Closes all partitions, a few at a time: what is under way completes first.
     *
     * @return complete when all logs are closed, well or not; what went wrong is logged
     */
    public CompletionStage<Void> close() {
        stopped = true;
        retention.stop();
        return Stages.forEach(Map.copyOf(slots).entrySet().iterator(), CLOSED_AT_ONCE, entry -> entry.getValue()
                .close(stopping())
                .exceptionally(failure -> {
                    LOG.warn("{} could not be closed well", entry.getKey(), failure);
                    return null;
                }));
    }

    /** Does to the partitions what was done to their topics. */
    private final class Listener implements TopicListener {

        @Override
        public void check(Map<String, String> overrides, Configuration settings) {
            interceptors.check(overrides, settings);
        }

        @Override
        public void changed(StoredTopic topic) {
            names(topic).forEach(name -> {
                PartitionSlot slot = slots.get(name);
                if (slot != null) {
                    slot.forgetNextLook();
                    CompletionStage<PartitionLeader> opened = slot.opened();
                    if (opened != null) {
                        opened.thenAccept(leader -> leader.reconfigure(topic));
                    }
                }
            });
        }

        @Override
        public CompletionStage<Void> deleted(StoredTopic topic) {
            StorageEngine engine = opening.engineOf(topic);
            return Stages.forEach(names(topic).iterator(), DELETED_AT_ONCE, name -> {
                PartitionSlot slot = slots.remove(name);
                CompletionStage<Void> unused = slot == null ? Stages.DONE : slot.delete(unknown(name));
                return unused.thenCompose(done -> engine.delete(LogOpening.logId(topic, name.partition())));
            });
        }

        private Stream<TopicPartition> names(StoredTopic topic) {
            return IntStream.range(0, topic.partitionCount())
                    .mapToObj(partition -> new TopicPartition(topic.name(), partition));
        }
    }
}
