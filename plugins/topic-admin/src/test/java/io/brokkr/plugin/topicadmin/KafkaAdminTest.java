package io.brokkr.plugin.topicadmin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.brokkr.plugin.apiversions.ApiVersionsHandlers;
import io.brokkr.plugin.metadata.MetadataHandlers;
import io.brokkr.spi.Partition;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Example;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Kafka's own administrative client does its work, and gets the exceptions that it knows. */
class KafkaAdminTest {

    private static EmbeddedBroker broker;
    private static Admin admin;

    @BeforeContainer
    static void start() {
        broker = EmbeddedBroker.builder()
                .extension(MemoryStorageEngineFactory::new)
                .extension(ApiVersionsHandlers::new)
                .extension(MetadataHandlers::new)
                .extension(TopicAdminHandlers::new)
                .start();
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    @AfterContainer
    static void stop() {
        admin.close();
        broker.close();
    }

    @Example
    void createsGrowsAndDeletesATopic() throws Exception {
        NewTopic wish = new NewTopic("created", 3, (short) 1).configs(Map.of("retention.ms", "1234"));

        CreateTopicsResult created = admin.createTopics(List.of(wish));
        get(created.all());
        assertThat(get(created.numPartitions("created"))).isEqualTo(3);
        assertThat(get(created.replicationFactor("created"))).isEqualTo(1);
        assertThat(get(created.config("created")).get("retention.ms").value()).isEqualTo("1234");
        assertThat(failure(admin.createTopics(List.of(wish)).all())).isInstanceOf(TopicExistsException.class);

        get(admin.createPartitions(Map.of("created", NewPartitions.increaseTo(5)))
                .all());
        assertThat(get(admin.describeTopics(List.of("created")).allTopicNames())
                        .get("created")
                        .partitions())
                .hasSize(5);
        assertThat(failure(admin.createPartitions(Map.of("created", NewPartitions.increaseTo(2)))
                        .all()))
                .isInstanceOf(InvalidPartitionsException.class);

        get(admin.deleteTopics(List.of("created")).all());
        assertThat(get(admin.listTopics().names())).doesNotContain("created");
        assertThat(failure(admin.deleteTopics(List.of("created")).all()))
                .isInstanceOf(UnknownTopicOrPartitionException.class);
    }

    @Example
    void deletesATopicByItsId() throws Exception {
        CreateTopicsResult created =
                admin.createTopics(List.of(new NewTopic("by-id", Optional.empty(), Optional.empty())));
        var id = get(created.topicId("by-id"));

        get(admin.deleteTopics(TopicCollection.ofTopicIds(List.of(id))).all());

        assertThat(get(admin.listTopics().names())).doesNotContain("by-id");
        assertThat(failure(admin.deleteTopics(TopicCollection.ofTopicIds(List.of(id)))
                        .all()))
                .isInstanceOf(UnknownTopicIdException.class);
    }

    @Example
    void changesTheSettingsOfATopic() throws Exception {
        get(admin.createTopics(List.of(new NewTopic("configured", 1, (short) 1)))
                .all());
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, "configured");

        get(alter(resource, "cleanup.policy", OpType.APPEND, "compact"));
        get(alter(resource, "retention.ms", OpType.SET, "5000"));

        Config config = get(admin.describeConfigs(
                                List.of(resource),
                                new DescribeConfigsOptions()
                                        .includeSynonyms(true)
                                        .includeDocumentation(true))
                        .all())
                .get(resource);
        assertThat(config.get("cleanup.policy").value()).isEqualTo("delete,compact");
        assertThat(config.get("cleanup.policy").type()).isEqualTo(ConfigEntry.ConfigType.LIST);
        get(alter(resource, "cleanup.policy", OpType.SET, ""));
        assertThat(get(admin.describeConfigs(List.of(resource)).all())
                        .get(resource)
                        .get("cleanup.policy")
                        .value())
                .isEmpty();
        ConfigEntry retention = config.get("retention.ms");
        assertThat(retention.value()).isEqualTo("5000");
        assertThat(retention.source()).isEqualTo(ConfigSource.DYNAMIC_TOPIC_CONFIG);
        assertThat(retention.synonyms())
                .extracting(ConfigEntry.ConfigSynonym::source)
                .containsExactly(ConfigSource.DYNAMIC_TOPIC_CONFIG, ConfigSource.DEFAULT_CONFIG);
        assertThat(retention.documentation()).isNotBlank();
        assertThat(failure(alter(resource, "retention.ms", OpType.SET, "soon")))
                .isInstanceOf(InvalidConfigurationException.class);

        get(alter(resource, "retention.ms", OpType.DELETE, null));
        assertThat(get(admin.describeConfigs(List.of(resource)).all())
                        .get(resource)
                        .get("retention.ms")
                        .isDefault())
                .isTrue();
    }

    @Example
    void showsTheSettingsOfTheBrokerAndDoesNotChangeThem() throws Exception {
        ConfigResource resource = new ConfigResource(
                ConfigResource.Type.BROKER,
                Integer.toString(broker.services().cluster().brokerId()));

        Config config = get(admin.describeConfigs(List.of(resource)).all()).get(resource);

        assertThat(config.get("storage.engine").value()).isEqualTo("memory");
        assertThat(config.get("storage.engine").source()).isEqualTo(ConfigSource.STATIC_BROKER_CONFIG);
        assertThat(config.get("num.partitions").source()).isEqualTo(ConfigSource.DEFAULT_CONFIG);
        assertThat(failure(alter(resource, "num.partitions", OpType.SET, "7")))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Example
    void deletesRecordsAndSeesWhatIsLeft() throws Exception {
        get(admin.createTopics(List.of(new NewTopic("records", 1, (short) 1).configs(Map.of("retention.ms", "-1"))))
                .all());
        get(admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1).configs(Map.of("cleanup.policy", "compact"))))
                .all());
        Partition partition = DeleteRecordsTest.fill(broker, "records", 0, 10);
        TopicPartition records = new TopicPartition("records", 0);
        assertThat(replicaSize(records)).isEqualTo(partition.sizeInBytes()).isPositive();

        long lowWatermark = get(admin.deleteRecords(Map.of(records, RecordsToDelete.beforeOffset(4)))
                        .lowWatermarks()
                        .get(records))
                .lowWatermark();

        assertThat(lowWatermark).isEqualTo(4).isEqualTo(partition.logStartOffset());
        assertThat(failure(admin.deleteRecords(Map.of(new TopicPartition("kept", 0), RecordsToDelete.beforeOffset(0)))
                        .all()))
                .isInstanceOf(PolicyViolationException.class);
    }

    private static long replicaSize(TopicPartition partition) throws Exception {
        int self = broker.services().cluster().brokerId();
        return get(admin.describeLogDirs(Set.of(self)).allDescriptions())
                .get(self)
                .get("memory")
                .replicaInfos()
                .get(partition)
                .size();
    }

    @Example
    void knowsOfNoReassignments() throws Exception {
        assertThat(get(admin.listPartitionReassignments().reassignments())).isEmpty();
    }

    private static KafkaFuture<Void> alter(ConfigResource resource, String name, OpType operation, String value) {
        return admin.incrementalAlterConfigs(
                        Map.of(resource, List.of(new AlterConfigOp(new ConfigEntry(name, value), operation))))
                .all();
    }

    private static <T> T get(KafkaFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    private static Throwable failure(KafkaFuture<?> future) {
        return catchThrowable(() -> get(future)).getCause();
    }
}
