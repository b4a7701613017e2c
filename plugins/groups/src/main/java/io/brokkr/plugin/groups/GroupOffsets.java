package io.brokkr.plugin.groups;

import io.brokkr.spi.TopicPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** The committed offsets of a group, by topic and partition. Confined to its shard. */
final class GroupOffsets {

    private final Map<String, Map<Integer, CommittedOffset>> byTopic = new HashMap<>();

    boolean isEmpty() {
        return byTopic.isEmpty();
    }

    Set<String> topics() {
        return Set.copyOf(byTopic.keySet());
    }

    /** The partitions of a topic that have an offset, in ascending order. */
    List<Integer> partitions(String topic) {
        return byTopic.getOrDefault(topic, Map.of()).keySet().stream().sorted().toList();
    }

    @Nullable
    CommittedOffset get(String topic, int partition) {
        Map<Integer, CommittedOffset> partitions = byTopic.get(topic);
        return partitions == null ? null : partitions.get(partition);
    }

    void put(TopicPartition partition, CommittedOffset offset) {
        byTopic.computeIfAbsent(partition.topic(), topic -> new HashMap<>()).put(partition.partition(), offset);
    }

    void remove(TopicPartition partition) {
        byTopic.computeIfPresent(partition.topic(), (topic, partitions) -> {
            partitions.remove(partition.partition());
            return partitions.isEmpty() ? null : partitions;
        });
    }

    /** The partitions whose offset passes a test, as a copy. */
    List<TopicPartition> matching(BiPredicate<TopicPartition, CommittedOffset> test) {
        List<TopicPartition> matches = new ArrayList<>();
        byTopic.forEach((topic, partitions) -> partitions.forEach((index, offset) -> {
            TopicPartition partition = new TopicPartition(topic, index);
            if (test.test(partition, offset)) {
                matches.add(partition);
            }
        }));
        return matches;
    }
}
