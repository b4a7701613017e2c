package io.brokkr.storage.log;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The settings of an adopted topic where nothing tells what it had, since that is kept with ZooKeeper or with other controllers. Nothing may be lost by them: neither committed offsets,
 * which must not go by age, nor records that were to be kept for longer than our defaults would.
 */
final class AssumedSettings {

    /** Those that Apache Kafka creates with a policy of its own, whatever topics have otherwise. */
    private static final Set<String> COMPACTED =
            Set.of("__consumer_offsets", "__transaction_state", "__share_group_state");

    private static final Map<String, String> OF_COMPACTED =
            Map.of("cleanup.policy", "compact", "segment.bytes", Integer.toString(100 << 20));

    /** All of them are said, lest the defaults of the broker delete. */
    private static final Map<String, String> KEEP_EVERYTHING =
            Map.of("cleanup.policy", "delete", "retention.ms", "-1", "retention.bytes", "-1");

    private AssumedSettings() {}

    /** For a topic of that name. */
    static Map<String, String> of(String topic) {
        return COMPACTED.contains(topic) ? OF_COMPACTED : KEEP_EVERYTHING;
    }

    /** What the operator is told of a topic, in a line. */
    static String note(String topic) {
        String given = String.join(",", asWritten(of(topic)));
        return COMPACTED.contains(topic)
                ? "the topic " + topic + " gets the settings that Apache Kafka creates it with: " + given
                : "nobody knows the settings of the topic " + topic + ": it gets " + given
                        + ", so that nothing of it is deleted. When Brokkr runs, give it what it had: kafka-configs.sh"
                        + " --bootstrap-server HOST:PORT --alter --entity-type topics --entity-name " + topic
                        + " --add-config cleanup.policy=…,retention.ms=…";
    }

    private static List<String> asWritten(Map<String, String> settings) {
        return new TreeMap<>(settings)
                .entrySet().stream().map(Map.Entry::toString).toList();
    }
}
