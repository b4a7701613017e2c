package io.brokkr.plugin.groups;

import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Partition;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicPartition;
import io.brokkr.spi.TopicSetting;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The topic {@code __consumer_offsets}, which is created when it is first needed. Thread-safe. */
final class OffsetsTopic {

    static final String NAME = "__consumer_offsets";

    private static final String CLEANUP_POLICY = "cleanup.policy";
    private static final String SEGMENT_SIZE = "segment.bytes";
    private static final String MAX_BATCH_SIZE = "max.message.bytes";

    /** Kafka's default, for a broker that has no such setting. */
    private static final int DEFAULT_MAX_BATCH_SIZE_IN_BYTES = 1024 * 1024 + 12;

    private final BrokerServices broker;
    private final GroupSettings settings;

    OffsetsTopic(BrokerServices broker, GroupSettings settings) {
        this.broker = broker;
        this.settings = settings;
    }

    /** The topic, null if it was not needed yet. */
    @Nullable
    Topic find() {
        return broker.topics().find(NAME);
    }

    CompletionStage<Topic> findOrCreate() {
        Topic found = find();
        return found != null
                ? CompletableFuture.completedStage(found)
                : broker.topics().internal(wish());
    }

    private NewTopic wish() {
        Map<String, String> overrides = new HashMap<>();
        overrides.put(CLEANUP_POLICY, "compact");
        overrides.put(SEGMENT_SIZE, Integer.toString(settings.topicSegmentSizeInBytes()));
        // Which settings topics have is up to the core and the storage engines that are there.
        overrides.keySet().removeIf(name -> setting(name) == null);
        return new NewTopic(NAME, settings.topicPartitionCount(), settings.topicReplicationFactor(), overrides);
    }

    private @Nullable TopicSetting<?> setting(String name) {
        return broker.configuration().topicSettings().stream()
                .filter(setting -> setting.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Opens a partition as a shard's log. */
    CompletionStage<OffsetsLog> open(TopicPartition name) {
        return broker.partitions()
                .open(name)
                .thenApply(partition -> new PartitionOffsetsLog(
                        partition,
                        broker.scheduler().blocking(),
                        settings.loadSizeInBytes(),
                        maxBatchSizeInBytes(partition)));
    }

    private int maxBatchSizeInBytes(Partition partition) {
        TopicSetting<?> setting = setting(MAX_BATCH_SIZE);
        return setting != null && partition.configuration().get(setting) instanceof Integer size
                ? size
                : DEFAULT_MAX_BATCH_SIZE_IN_BYTES;
    }
}
