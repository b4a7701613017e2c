package io.brokkr.compatibility.elders;

import static io.brokkr.compatibility.elders.Connection.await;
import static io.brokkr.compatibility.elders.Connection.requireEqual;
import static io.brokkr.compatibility.elders.Connection.take;
import static io.brokkr.compatibility.elders.Connection.values;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.common.TopicPartition;

/** Consumers that share topics. Without an admin client a topic has one partition, so they share six topics. */
final class GroupTests {
    private static final int TOPICS = 6;
    private static final int RECORDS = 500;
    private static final Map<String, String> EAGER =
            Map.of("partition.assignment.strategy", RoundRobinAssignor.class.getName());
    private static final Map<String, String> COOPERATIVE = Map.of(
            "partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");

    private GroupTests() {}

    static void consumerGroup(Connection connection) throws Exception {
        List<String> topics = makeTopics(connection);
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        List<Member> members = new ArrayList<>();
        for (int joined = 0; joined < 2; joined++) {
            members.add(new Member(connection, connection.topic(), topics, EAGER, seen));
        }
        awaitShared(members);
        produceAndAwait(connection, topics, 0, seen);
        for (Member member : members) {
            member.leave();
        }
        try (KafkaConsumer<String, String> consumer =
                connection.consumer(Map.of("group.id", connection.topic(), "enable.auto.commit", "false"))) {
            for (String topic : topics) {
                requireEqual(10L, committed(consumer, topic));
            }
        }
    }

    @SuppressWarnings("deprecation") // The only one that these releases share.
    private static long committed(KafkaConsumer<String, String> consumer, String topic) {
        return consumer.committed(new TopicPartition(topic, 0)).offset();
    }

    static void commitAndResume(Connection connection) throws Exception {
        connection.produce(Map.of(), connection.topic(), 0, RECORDS);
        consumeAndCommit(connection, connection.topic(), 0, 200);
        consumeAndCommit(connection, connection.topic(), 200, RECORDS);
    }

    static void beforeRestart(Connection connection) throws Exception {
        String topic = connection.prefix() + "-restart";
        connection.produce(Map.of(), topic, 0, RECORDS);
        consumeAndCommit(connection, topic, 0, 200);
    }

    static void afterRestart(Connection connection) throws Exception {
        String topic = connection.prefix() + "-restart";
        Connection there = new Connection(connection.bootstrapServer(), topic, connection.prefix());
        requireEqual(values(0, RECORDS), values(there.read(RECORDS, Map.of())));
        requireEqual((long) RECORDS, connection.produce(Map.of(), topic, RECORDS, RECORDS + 50).get(0));
        consumeAndCommit(connection, topic, 200, RECORDS + 50);
    }

    private static void consumeAndCommit(Connection connection, String topic, int from, int to) {
        Map<String, String> settings = Map.of("group.id", topic, "enable.auto.commit", "false");
        try (KafkaConsumer<String, String> consumer = connection.consumer(settings)) {
            consumer.subscribe(List.of(topic));
            List<ConsumerRecord<String, String>> records = take(consumer, to - from).subList(0, to - from);
            requireEqual(values(from, to), values(records));
            consumer.commitSync(Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(to, "so far")));
        }
    }

    static void rebalance(Connection connection) throws Exception {
        comeAndGo(connection, EAGER);
    }

    static void cooperative(Connection connection) throws Exception {
        comeAndGo(connection, COOPERATIVE);
    }

    /** One member, then three, then one: always all partitions, shared evenly, and every record is seen. */
    private static void comeAndGo(Connection connection, Map<String, String> settings) throws Exception {
        List<String> topics = makeTopics(connection);
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        List<Member> members = new ArrayList<>();
        for (int joined = 0; joined < 3; joined++) {
            members.add(new Member(connection, connection.topic(), topics, settings, seen));
            if (joined == 0) {
                awaitShared(members);
                produceAndAwait(connection, topics, 0, seen);
            }
        }
        awaitShared(members);
        produceAndAwait(connection, topics, 1, seen);
        members.remove(0).leave();
        members.remove(1).leave();
        awaitShared(members);
        produceAndAwait(connection, topics, 2, seen);
        members.remove(0).leave();
    }

    /** A static member that goes and comes back within its session keeps its partitions, and the other notices nothing (KIP-345). */
    static void staticMembers(Connection connection) throws Exception {
        List<String> topics = makeTopics(connection);
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        Member first = staticMember(connection, topics, "one", seen);
        Member second = staticMember(connection, topics, "two", seen);
        awaitShared(List.of(first, second));
        Set<TopicPartition> before = second.owned();
        int changes = first.changes();
        second.leave();
        Member returned = staticMember(connection, topics, "two", seen);
        await("the partitions that it had", () -> returned.owned().equals(before));
        produceAndAwait(connection, topics, 0, seen);
        requireEqual(changes, first.changes());
        returned.leave();
        first.leave();
    }

    private static Member staticMember(Connection connection, List<String> topics, String name, Queue<String> seen) {
        Map<String, String> settings = Map.of(
                "group.instance.id", name, "partition.assignment.strategy", RoundRobinAssignor.class.getName());
        return new Member(connection, connection.topic(), topics, settings, seen);
    }

    private static List<String> makeTopics(Connection connection) {
        List<String> topics = IntStream.range(0, TOPICS)
                .mapToObj(number -> connection.topic() + "-" + number)
                .collect(Collectors.toList());
        topics.forEach(connection::makeTopic);
        return topics;
    }

    private static void awaitShared(List<Member> members) throws Exception {
        await("an even share for " + members.size() + " members", () -> {
            Set<TopicPartition> all = new HashSet<>();
            boolean even = true;
            for (Member member : members) {
                member.requireHealthy();
                even &= member.owned().size() == TOPICS / members.size();
                all.addAll(member.owned());
            }
            return even && all.size() == TOPICS;
        });
    }

    /** Ten records to each topic; waits until the members saw all of them. */
    private static void produceAndAwait(Connection connection, List<String> topics, int round, Queue<String> seen)
            throws Exception {
        Set<String> sent = new HashSet<>();
        for (int index = 0; index < topics.size(); index++) {
            int from = round * 1000 + index * 10;
            connection.produce(Map.of(), topics.get(index), from, from + 10);
            sent.addAll(values(from, from + 10));
        }
        await("the records of round " + round, () -> new HashSet<>(seen).containsAll(sent));
    }
}
