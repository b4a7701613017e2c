package io.brokkr.compatibility.kafkaclients;

import static io.brokkr.compatibility.kafkaclients.Connection.await;
import static io.brokkr.compatibility.kafkaclients.Connection.require;
import static io.brokkr.compatibility.kafkaclients.Connection.requireEqual;
import static io.brokkr.compatibility.kafkaclients.Connection.requireFails;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The admin client on topics, configurations and the cluster. */
final class AdminScenarios {
    private AdminScenarios() {}

    static void topics(Connection connection) throws Exception {
        String name = connection.name("topics");
        try (Admin admin = connection.admin()) {
            NewTopic topic = new NewTopic(name, 3, (short) 1).configs(Map.of("retention.ms", "60000"));
            admin.createTopics(List.of(topic)).all().get();
            describe(admin, name);
            requireFails(
                    TopicExistsException.class,
                    admin.createTopics(List.of(topic)).all());
            NewTopic badName = new NewTopic("no/slash", 1, (short) 1);
            requireFails(
                    InvalidTopicException.class,
                    admin.createTopics(List.of(badName)).all());
            NewTopic manyReplicas = new NewTopic(name + "-replicas", 1, (short) 3);
            requireFails(
                    InvalidReplicationFactorException.class,
                    admin.createTopics(List.of(manyReplicas)).all());

            admin.createPartitions(Map.of(name, NewPartitions.increaseTo(5)))
                    .all()
                    .get();
            TopicDescription described = describe(admin, name);
            requireEqual(5, described.partitions().size());
            require(
                    described.partitions().stream().allMatch(partition -> partition.leader() != null),
                    "no leader: " + described);
            requireFails(
                    InvalidPartitionsException.class,
                    admin.createPartitions(Map.of(name, NewPartitions.increaseTo(2)))
                            .all());

            admin.deleteTopics(List.of(name)).all().get();
            await("the topic is gone", () -> !isListed(admin, name));
            requireFails(
                    UnknownTopicOrPartitionException.class,
                    admin.deleteTopics(List.of(name)).all());
            admin.createTopics(List.of(topic)).all().get();
            deleteById(admin, name);
        }
    }

    private static void deleteById(Admin admin, String name) throws Exception {
        TopicDescription described = describe(admin, name);
        requireEqual(3, described.partitions().size());
        admin.deleteTopics(TopicCollection.ofTopicIds(List.of(described.topicId())))
                .all()
                .get();
        await("the topic is gone", () -> !isListed(admin, name));
    }

    static void configurations(Connection connection) throws Exception {
        String name = connection.name("configs");
        connection.createTopic(name, 1);
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
        try (Admin admin = connection.admin()) {
            awaitRetention(admin, topic, "604800000", ConfigEntry.ConfigSource.DEFAULT_CONFIG);
            alter(admin, topic, "retention.ms", "120000", AlterConfigOp.OpType.SET);
            awaitRetention(admin, topic, "120000", ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG);
            requireFails(
                    InvalidConfigurationException.class,
                    admin.incrementalAlterConfigs(
                                    Map.of(topic, List.of(operation("retention.ms", "soon", AlterConfigOp.OpType.SET))))
                            .all());
            alter(admin, topic, "retention.ms", "", AlterConfigOp.OpType.DELETE);
            awaitRetention(admin, topic, "604800000", ConfigEntry.ConfigSource.DEFAULT_CONFIG);

            Node node = admin.describeCluster().nodes().get().iterator().next();
            ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, node.idString());
            require(config(admin, broker).get("message.max.bytes") != null, "the broker has no message.max.bytes");
            requireEqual(node.id(), admin.describeCluster().controller().get().id());
            require(!admin.describeCluster().clusterId().get().isEmpty(), "no cluster id");
        }
    }

    /** A broker without transactions has none to list; the call itself must be answered. */
    static void listTransactions(Connection connection) throws Exception {
        try (Admin admin = connection.admin()) {
            requireEqual(0, admin.listTransactions().all().get().size());
        }
    }

    /** In Kafka a new topic is there a moment after its creation is acknowledged, and a deleted one is gone a moment later. */
    private static TopicDescription describe(Admin admin, String name) throws Exception {
        await("the topic is there", () -> isListed(admin, name));
        return admin.describeTopics(List.of(name)).allTopicNames().get().get(name);
    }

    private static boolean isListed(Admin admin, String name) throws Exception {
        return admin.listTopics().names().get().contains(name);
    }

    /** In Kafka a change is seen a moment after it is acknowledged. */
    private static void awaitRetention(Admin admin, ConfigResource topic, String value, ConfigEntry.ConfigSource source)
            throws Exception {
        await("retention.ms is " + value + " as " + source, () -> {
            ConfigEntry seen = config(admin, topic).get("retention.ms");
            return seen.value().equals(value) && seen.source() == source;
        });
    }

    private static Config config(Admin admin, ConfigResource resource) throws Exception {
        return admin.describeConfigs(List.of(resource)).all().get().get(resource);
    }

    private static void alter(Admin admin, ConfigResource resource, String key, String value, AlterConfigOp.OpType type)
            throws Exception {
        admin.incrementalAlterConfigs(Map.of(resource, List.of(operation(key, value, type))))
                .all()
                .get();
    }

    private static AlterConfigOp operation(String key, String value, AlterConfigOp.OpType type) {
        return new AlterConfigOp(new ConfigEntry(key, value), type);
    }
}
