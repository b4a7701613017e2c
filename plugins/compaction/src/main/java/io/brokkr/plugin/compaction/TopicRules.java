package io.brokkr.plugin.compaction;

import io.brokkr.spi.BrokerConfiguration;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicSetting;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What topics' settings say to compaction, those among them that others declare and that are found by their names. Immutable. */
final class TopicRules {

    private static final String CLEANUP_POLICY = "cleanup.policy";

    /** Kafka's default, for engines without such a setting. */
    private static final long DEFAULT_SEGMENT_SIZE_IN_BYTES = 1 << 30;

    private final boolean compactedByDefault;
    private final @Nullable TopicSetting<?> engine;
    private final @Nullable TopicSetting<?> segmentSize;
    private final @Nullable TopicSetting<?> segmentAge;
    private final boolean limitedByDefault;

    TopicRules(BrokerConfiguration broker) {
        TopicSetting<?> policy = setting(broker, CLEANUP_POLICY);
        compactedByDefault = policy != null && mentionsCompaction(String.valueOf(broker.get(policy)));
        engine = setting(broker, "storage.engine");
        segmentSize = setting(broker, "segment.bytes");
        segmentAge = setting(broker, "segment.ms");
        limitedByDefault = broker.get(CompactionSettings.MAX_LAG) != Long.MAX_VALUE;
    }

    private static @Nullable TopicSetting<?> setting(BrokerConfiguration broker, String name) {
        return broker.topicSettings().stream()
                .filter(setting -> setting.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static boolean mentionsCompaction(String policies) {
        return policies.toLowerCase(Locale.ROOT).contains("compact");
    }

    /** Whether a topic is compacted, by the text alone: the settings of topics that nobody uses stay unparsed. */
    boolean isCompacted(Topic topic) {
        String own = topic.overrides().get(CLEANUP_POLICY);
        return own == null ? compactedByDefault : mentionsCompaction(own);
    }

    /** Whether there is a limit to how old a record becomes before it is compacted, by the text alone as well. */
    boolean isLagLimited(Topic topic) {
        return limitedByDefault || topic.overrides().containsKey(CompactionSettings.MAX_LAG.name());
    }

    /** The name of the engine that keeps the topic. */
    String engineOf(Topic topic) {
        return engine == null ? "" : String.valueOf(topic.configuration().get(engine));
    }

    CompactionRule ruleOf(Topic topic) {
        Configuration configuration = topic.configuration();
        long size = segmentSize != null && configuration.get(segmentSize) instanceof Number number
                ? number.longValue()
                : DEFAULT_SEGMENT_SIZE_IN_BYTES;
        long age = segmentAge != null && configuration.get(segmentAge) instanceof Duration duration
                ? duration.toMillis()
                : Long.MAX_VALUE;
        return new CompactionRule(
                configuration.get(CompactionSettings.DELETE_RETENTION),
                configuration.get(CompactionSettings.MIN_LAG),
                configuration.get(CompactionSettings.MAX_LAG),
                age,
                configuration.get(CompactionSettings.MIN_DIRTY_RATIO),
                size);
    }
}
