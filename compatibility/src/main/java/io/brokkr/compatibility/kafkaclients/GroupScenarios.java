package io.brokkr.compatibility.kafkaclients;

import static io.brokkr.compatibility.kafkaclients.Connection.await;
import static io.brokkr.compatibility.kafkaclients.Connection.requireEqual;
import static io.brokkr.compatibility.kafkaclients.Connection.requireSame;
import static io.brokkr.compatibility.kafkaclients.Connection.take;
import static io.brokkr.compatibility.kafkaclients.Connection.values;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.TopicPartition;

/** Consumers that share a topic. */
final class GroupScenarios {
    private static final int PARTITIONS = 6;
    private static final int RECORDS = 600;

    private GroupScenarios() {}

    /** Reads half, commits, leaves; the next member goes on at the commit. */
    static void group(Connection connection) throws Exception {
        connection.produce(connection.name("group"), 1, 0, RECORDS);
        requireSame(values(0, RECORDS / 2), consume(connection, RECORDS / 2));
        requireSame(values(RECORDS / 2, RECORDS), consume(connection, RECORDS / 2));
    }

    static void groupResumes(Connection connection) throws Exception {
        connection.produce(connection.name("group"), 1, RECORDS, RECORDS + 50);
        requireSame(values(RECORDS, RECORDS + 50), consume(connection, 50));
    }

    private static List<String> consume(Connection connection, int count) {
        String topic = connection.name("group");
        try (KafkaConsumer<String, String> consumer =
                connection.consumer(Map.of("group.id", topic, "enable.auto.commit", "false"))) {
            consumer.subscribe(List.of(topic));
            List<ConsumerRecord<String, String>> records = take(consumer, count).subList(0, count);
            long next = records.get(count - 1).offset() + 1;
            consumer.commitSync(Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(next, "so far")));
            return records.stream().map(ConsumerRecord::value).toList();
        }
    }

    static void eagerMembersComeAndGo(Connection connection) throws Exception {
        membersComeAndGo(connection, "eager", RangeAssignor.class);
    }

    static void cooperativeMembersComeAndGo(Connection connection) throws Exception {
        membersComeAndGo(connection, "cooperative", CooperativeStickyAssignor.class);
    }

    /**
     * Three members join one by one; one leaves in order; another comes; one stalls and is given up. After each step the partitions are
     * shared evenly, every record is seen, and at the end the commits are at the end.
     */
    private static void membersComeAndGo(Connection connection, String name, Class<?> assignor) throws Exception {
        String topic = connection.name(name);
        connection.createTopic(topic, PARTITIONS);
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        Map<String, String> settings = Map.of("partition.assignment.strategy", assignor.getName());
        List<Member> members = new ArrayList<>();
        for (int joined = 0; joined < 3; joined++) {
            members.add(new Member(connection, topic, settings, seen));
            awaitShared(members);
        }
        produceAndAwait(connection, topic, 0, seen);

        members.remove(1).leave();
        awaitShared(members);
        produceAndAwait(connection, topic, RECORDS, seen);

        members.add(new Member(connection, topic, settings, seen));
        awaitShared(members);
        Member stalling = members.remove(0);
        stalling.stall();
        awaitShared(members);
        produceAndAwait(connection, topic, 2 * RECORDS, seen);

        stalling.leave();
        for (Member member : members) {
            member.leave();
        }
        requireAllCommitted(connection, topic);
    }

    /** A static member that goes and comes back within its session keeps its partitions, and the others notice nothing (KIP-345). */
    static void staticMemberReturns(Connection connection) throws Exception {
        String topic = connection.name("static");
        connection.createTopic(topic, PARTITIONS);
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        Member first = staticMember(connection, topic, "one", seen);
        Member second = staticMember(connection, topic, "two", seen);
        awaitShared(List.of(first, second));
        Set<TopicPartition> before = second.owned();
        int rebalances = first.rebalances();

        second.leave();
        Member returned = staticMember(connection, topic, "two", seen);
        await("the partitions that it had", () -> returned.owned().equals(before));
        produceAndAwait(connection, topic, 0, seen);
        requireEqual(rebalances, first.rebalances());
        returned.leave();
        first.leave();
    }

    private static Member staticMember(Connection connection, String topic, String instance, Queue<String> seen) {
        return new Member(connection, topic, Map.of("group.instance.id", instance), seen);
    }

    private static void awaitShared(List<Member> members) throws Exception {
        await("an even share for " + members.size() + " members", () -> {
            Set<TopicPartition> all = new HashSet<>();
            int sum = 0;
            for (Member member : members) {
                if (member.owned().size() != PARTITIONS / members.size()) {
                    return false;
                }
                all.addAll(member.owned());
                sum += member.owned().size();
            }
            return sum == PARTITIONS && all.size() == PARTITIONS;
        });
        for (Member member : members) {
            member.requireHealthy();
        }
    }

    private static void produceAndAwait(Connection connection, String topic, int from, Queue<String> seen)
            throws Exception {
        connection.produce(topic, PARTITIONS, from, from + RECORDS);
        List<String> sent = values(from, from + RECORDS);
        await("all of the " + RECORDS + " records from " + from, () -> new HashSet<>(seen).containsAll(sent));
    }

    private static void requireAllCommitted(Connection connection, String topic) throws Exception {
        Map<TopicPartition, Long> committed = new HashMap<>();
        Map<TopicPartition, Long> ends;
        try (Admin admin = connection.admin();
                KafkaConsumer<String, String> consumer = connection.consumer(Map.of())) {
            admin.listConsumerGroupOffsets(topic)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach((partition, offset) -> committed.put(partition, offset.offset()));
            ends = consumer.endOffsets(committed.keySet());
        }
        requireEqual(PARTITIONS, committed.size());
        requireEqual(ends, committed);
    }
}
