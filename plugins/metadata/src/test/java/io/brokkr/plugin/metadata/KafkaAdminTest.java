package io.brokkr.plugin.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.plugin.apiversions.ApiVersionsHandlers;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Topic;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Example;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;

/** Kafka's own administrative client finds its way. */
class KafkaAdminTest {

    private static EmbeddedBroker broker;
    private static Admin admin;

    @BeforeContainer
    static void start() throws Exception {
        broker = EmbeddedBroker.builder()
                .extension(MemoryStorageEngineFactory::new)
                .extension(ApiVersionsHandlers::new)
                .extension(MetadataHandlers::new)
                .setting("max.request.partition.size.limit", "4")
                .start();
        broker.services()
                .topics()
                .create(new NewTopic("orders", 10, 1, Map.of()))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        broker.services()
                .topics()
                .internal(new NewTopic("__consumer_offsets", 1, 1, Map.of()))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    @AfterContainer
    static void stop() {
        admin.close();
        broker.close();
    }

    @Example
    void describesTheCluster() throws Exception {
        var cluster = admin.describeCluster(new DescribeClusterOptions().includeAuthorizedOperations(true));

        assertThat(get(cluster.clusterId()))
                .isEqualTo(broker.services().cluster().id());
        assertThat(get(cluster.nodes()))
                .extracting(Node::port)
                .containsExactly(broker.address().getPort());
        assertThat(get(cluster.controller()).id())
                .isEqualTo(broker.services().cluster().brokerId());
        assertThat(get(cluster.authorizedOperations())).contains(AclOperation.ALTER, AclOperation.IDEMPOTENT_WRITE);
    }

    @Example
    void listsTopics() throws Exception {
        assertThat(get(admin.listTopics().names())).isEqualTo(Set.of("orders"));
        assertThat(get(admin.listTopics(new ListTopicsOptions().listInternal(true))
                        .names()))
                .isEqualTo(Set.of("orders", "__consumer_offsets"));
    }

    /** By name it asks page by page, and by id for the metadata. */
    @Example
    void describesTopics() throws Exception {
        Topic orders = broker.services().topics().find("orders");
        Uuid id = new Uuid(orders.id().getMostSignificantBits(), orders.id().getLeastSignificantBits());

        TopicDescription byName = get(admin.describeTopics(
                                List.of("orders"), new DescribeTopicsOptions().includeAuthorizedOperations(true))
                        .allTopicNames())
                .get("orders");
        TopicDescription byId = get(admin.describeTopics(
                                TopicCollection.ofTopicIds(List.of(id)),
                                new DescribeTopicsOptions().includeAuthorizedOperations(true))
                        .allTopicIds())
                .get(id);

        assertThat(List.of(byName, byId)).allSatisfy(topic -> {
            assertThat(topic.name()).isEqualTo("orders");
            assertThat(topic.topicId()).isEqualTo(id);
            assertThat(topic.isInternal()).isFalse();
            assertThat(topic.authorizedOperations()).contains(AclOperation.READ, AclOperation.WRITE);
            assertThat(topic.partitions())
                    .extracting(TopicPartitionInfo::partition)
                    .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
            assertThat(topic.partitions()).allSatisfy(partition -> {
                assertThat(partition.leader().id())
                        .isEqualTo(broker.services().cluster().brokerId());
                assertThat(partition.replicas()).containsExactly(partition.leader());
                assertThat(partition.isr()).containsExactly(partition.leader());
            });
        });
    }

    private static <T> T get(KafkaFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }
}
