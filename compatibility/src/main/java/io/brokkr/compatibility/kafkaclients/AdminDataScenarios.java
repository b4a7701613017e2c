package io.brokkr.compatibility.kafkaclients;

import static io.brokkr.compatibility.kafkaclients.Connection.require;
import static io.brokkr.compatibility.kafkaclients.Connection.requireEqual;
import static io.brokkr.compatibility.kafkaclients.Connection.requireFails;
import static io.brokkr.compatibility.kafkaclients.Connection.take;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.jspecify.annotations.Nullable;

/** The admin client on records, offsets and groups. */
final class AdminDataScenarios {
    private static final int RECORDS = 100;

    private AdminDataScenarios() {}

    static void records(Connection connection) throws Exception {
        TopicPartition partition = new TopicPartition(connection.name("records"), 0);
        connection.produce(partition.topic(), 1, 0, RECORDS);
        try (Admin admin = connection.admin()) {
            requireEqual(40L, deleteBefore(admin, partition, 40));
            requireEqual(40L, offset(admin, partition, OffsetSpec.earliest()));
            requireEqual((long) RECORDS, offset(admin, partition, OffsetSpec.latest()));
            RecordsToDelete beyond = RecordsToDelete.beforeOffset(RECORDS + 1);
            requireFails(
                    OffsetOutOfRangeException.class,
                    admin.deleteRecords(Map.of(partition, beyond)).all());
            List<ConsumerRecord<String, String>> left = readFromEarliest(connection, partition, RECORDS - 40);
            requireEqual(40L, left.get(0).offset());
            requireFound(admin, partition, left);
            require(sizeInBytes(admin, partition) > 0, "the log has no size");
            requireEqual((long) RECORDS, deleteBefore(admin, partition, -1));
            requireEqual((long) RECORDS, offset(admin, partition, OffsetSpec.earliest()));
        }
    }

    private static long deleteBefore(Admin admin, TopicPartition partition, long offset) throws Exception {
        return admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset)))
                .lowWatermarks()
                .get(partition)
                .get()
                .lowWatermark();
    }

    /** A timestamp leads to the first record that is as late; one past the last leads to none; the latest of all is found by its own. */
    private static void requireFound(
            Admin admin, TopicPartition partition, List<ConsumerRecord<String, String>> records) throws Exception {
        long wanted = records.get(records.size() / 2).timestamp();
        long first = records.stream()
                .filter(record -> record.timestamp() >= wanted)
                .findFirst()
                .orElseThrow()
                .offset();
        requireEqual(first, offset(admin, partition, OffsetSpec.forTimestamp(wanted)));
        long latest =
                records.stream().mapToLong(ConsumerRecord::timestamp).max().orElseThrow();
        requireEqual(-1L, offset(admin, partition, OffsetSpec.forTimestamp(latest + 1)));
        long found = offset(admin, partition, OffsetSpec.maxTimestamp());
        requireEqual(
                latest, records.get((int) (found - records.get(0).offset())).timestamp());
    }

    private static long offset(Admin admin, TopicPartition partition, OffsetSpec which) throws Exception {
        return admin.listOffsets(Map.of(partition, which))
                .partitionResult(partition)
                .get()
                .offset();
    }

    private static List<ConsumerRecord<String, String>> readFromEarliest(
            Connection connection, TopicPartition partition, int count) {
        try (KafkaConsumer<String, String> consumer = connection.consumer(Map.of())) {
            consumer.assign(List.of(partition));
            return take(consumer, count);
        }
    }

    private static long sizeInBytes(Admin admin, TopicPartition partition) throws Exception {
        int node = admin.describeCluster().nodes().get().iterator().next().id();
        Map<String, LogDirDescription> folders =
                admin.describeLogDirs(Set.of(node)).allDescriptions().get().get(node);
        return folders.values().stream()
                .filter(folder -> folder.replicaInfos().containsKey(partition))
                .mapToLong(folder -> folder.replicaInfos().get(partition).size())
                .sum();
    }

    /** The names of the 3.9 releases for calls on groups are deprecated in 4.x, and those of 4.x are absent from 3.9. */
    @SuppressWarnings("removal")
    static void groups(Connection connection) throws Exception {
        String name = connection.name("groups");
        TopicPartition partition = new TopicPartition(name, 0);
        connection.produce(name, 1, 0, RECORDS);
        try (Admin admin = connection.admin()) {
            try (KafkaConsumer<String, String> consumer = connection.consumer(Map.of("group.id", name))) {
                consumer.subscribe(List.of(name));
                take(consumer, RECORDS);
                consumer.commitSync();
                ConsumerGroupDescription busy = describe(admin, name);
                requireEqual(1, busy.members().size());
                requireEqual(
                        Set.of(partition),
                        busy.members().iterator().next().assignment().topicPartitions());
                requireFails(
                        GroupNotEmptyException.class,
                        admin.deleteConsumerGroups(List.of(name)).all());
            }
            require(isListed(admin, name), name + " is not listed");
            requireEqual(0, describe(admin, name).members().size());
            requireEqual((long) RECORDS, committed(admin, name, partition));
            admin.alterConsumerGroupOffsets(name, Map.of(partition, new OffsetAndMetadata(7)))
                    .all()
                    .get();
            requireEqual(7L, committed(admin, name, partition));
            admin.deleteConsumerGroupOffsets(name, Set.of(partition)).all().get();
            require(committed(admin, name, partition) == null, "a deleted offset is still there");
            // Apache Kafka 3.9 removes an empty group along with its last offset: the group is to be there for its own
            // deletion.
            admin.alterConsumerGroupOffsets(name, Map.of(partition, new OffsetAndMetadata(7)))
                    .all()
                    .get();
            admin.deleteConsumerGroups(List.of(name)).all().get();
            require(!isListed(admin, name), name + " is still listed");
        }
    }

    @SuppressWarnings("removal")
    private static boolean isListed(Admin admin, String group) throws Exception {
        return admin.listConsumerGroups().all().get().stream()
                .anyMatch(listing -> listing.groupId().equals(group));
    }

    private static ConsumerGroupDescription describe(Admin admin, String group) throws Exception {
        return admin.describeConsumerGroups(List.of(group)).all().get().get(group);
    }

    private static @Nullable Long committed(Admin admin, String group, TopicPartition partition) throws Exception {
        OffsetAndMetadata offset = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .get(partition);
        return offset == null ? null : offset.offset();
    }
}
