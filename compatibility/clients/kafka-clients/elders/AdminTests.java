package io.brokkr.compatibility.elders;

import static io.brokkr.compatibility.elders.Connection.await;
import static io.brokkr.compatibility.elders.Connection.require;
import static io.brokkr.compatibility.elders.Connection.requireEqual;
import static io.brokkr.compatibility.elders.Connection.values;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;

/** The admin client, which came with 0.11. */
final class AdminTests {
    private AdminTests() {}

    @SuppressWarnings("deprecation") // alterConfigs is what releases before 2.3 have.
    static void topics(Connection connection) throws Exception {
        String name = connection.topic();
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        try (AdminClient admin = AdminClient.create(connection.properties(Map.of()))) {
            NewTopic topic = new NewTopic(name, 2, (short) 1).configs(Map.of("retention.ms", "60000"));
            admin.createTopics(List.of(topic)).all().get();
            await("the topic is there", () -> isListed(admin, name));
            requireEqual(2, describe(admin, name).partitions().size());
            try {
                admin.createTopics(List.of(topic)).all().get();
                throw new AssertionError("a topic is made twice");
            } catch (ExecutionException e) {
                require(e.getCause() instanceof TopicExistsException, "made twice: " + e.getCause());
            }
            requireEqual("60000", retention(admin, resource));
            Config changed = new Config(List.of(new ConfigEntry("retention.ms", "120000")));
            admin.alterConfigs(Map.of(resource, changed)).all().get();
            await("the changed setting", () -> retention(admin, resource).equals("120000"));
            if (ElderClientsProgram.isAtLeast("1.0")) {
                admin.createPartitions(Map.of(name, NewPartitions.increaseTo(4))).all().get();
                await("four partitions", () -> describe(admin, name).partitions().size() == 4);
            }
            admin.deleteTopics(List.of(name)).all().get();
            await("the topic is gone", () -> !isListed(admin, name));
            require(!admin.describeCluster().nodes().get().isEmpty(), "no nodes");
        }
    }

    private static boolean isListed(AdminClient admin, String name) throws Exception {
        return admin.listTopics().names().get().contains(name);
    }

    private static TopicDescription describe(AdminClient admin, String name) throws Exception {
        return admin.describeTopics(List.of(name)).all().get().get(name);
    }

    private static String retention(AdminClient admin, ConfigResource resource) throws Exception {
        Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
        return config.get("retention.ms").value();
    }

    static void deleteRecords(Connection connection) throws Exception {
        connection.produce(Map.of(), connection.topic(), 0, 100);
        try (AdminClient admin = AdminClient.create(connection.properties(Map.of()))) {
            long start = admin.deleteRecords(Map.of(connection.partition(), RecordsToDelete.beforeOffset(40)))
                    .lowWatermarks()
                    .get(connection.partition())
                    .get()
                    .lowWatermark();
            requireEqual(40L, start);
        }
        try (KafkaConsumer<String, String> consumer = connection.consumer(Map.of())) {
            requireEqual(
                    Map.of(connection.partition(), 40L),
                    consumer.beginningOffsets(List.of(connection.partition())));
        }
        requireEqual(values(40, 100), values(connection.read(60, Map.of())));
    }

    static void listGroups(Connection connection) throws Exception {
        try (AdminClient admin = AdminClient.create(connection.properties(Map.of()))) {
            Member member = member(connection);
            require(isGroupListed(admin, connection.topic()), "the group is not listed");
            member.leave();
        }
    }

    static void groups(Connection connection) throws Exception {
        String group = connection.topic();
        try (AdminClient admin = AdminClient.create(connection.properties(Map.of()))) {
            Member member = member(connection);
            requireEqual("Stable", state(admin, group));
            member.leave();
            await("the group is empty", () -> state(admin, group).equals("Empty"));
            require(isGroupListed(admin, group), "the empty group is not listed");
            admin.deleteConsumerGroups(List.of(group)).all().get();
            require(!isGroupListed(admin, group), "the deleted group is listed");
        }
    }

    private static Member member(Connection connection) throws Exception {
        connection.produce(Map.of(), connection.topic(), 0, 1);
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        Member member = new Member(connection, connection.topic(), List.of(connection.topic()), Map.of(), seen);
        await("the record", () -> !seen.isEmpty());
        return member;
    }

    private static boolean isGroupListed(AdminClient admin, String group) throws Exception {
        return admin.listConsumerGroups().all().get().stream()
                .anyMatch(listing -> listing.groupId().equals(group));
    }

    private static String state(AdminClient admin, String group) throws Exception {
        return admin.describeConsumerGroups(List.of(group)).all().get().get(group).state().toString();
    }
}
