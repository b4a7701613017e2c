package io.brokkr.storage.log;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** A topic as Apache Kafka's metadata describes it. Filled while the metadata is read. */
final class KafkaTopic {

    private static final Set<String> INTERNAL =
            Set.of("__consumer_offsets", "__transaction_state", "__share_group_state");

    private final String name;
    private final UUID id;

    /** The leader epoch of each partition. */
    private final Map<Integer, Integer> leaderEpochs = new TreeMap<>();

    private final Map<String, String> settings = new HashMap<>();

    KafkaTopic(String name, UUID id) {
        this.name = name;
        this.id = id;
    }

    String name() {
        return name;
    }

    UUID id() {
        return id;
    }

    boolean isInternal() {
        return INTERNAL.contains(name);
    }

    int partitionCount() {
        return leaderEpochs.size();
    }

    /** Whether partitions are missing between the first and the last one. */
    boolean hasGap() {
        return leaderEpochs.keySet().stream().anyMatch(partition -> partition >= leaderEpochs.size());
    }

    int highestLeaderEpoch() {
        return leaderEpochs.values().stream().mapToInt(epoch -> epoch).max().orElse(0);
    }

    void sawLeaderEpoch(int partition, int epoch) {
        leaderEpochs.merge(partition, epoch, Math::max);
    }

    void changedLeader(int partition) {
        leaderEpochs.merge(partition, 1, Integer::sum);
    }

    /** The topic's own settings, by their names. */
    Map<String, String> settings() {
        return settings;
    }
}
