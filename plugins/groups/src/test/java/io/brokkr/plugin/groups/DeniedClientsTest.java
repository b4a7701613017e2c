package io.brokkr.plugin.groups;

import static io.brokkr.plugin.groups.TestRules.group;
import static io.brokkr.plugin.groups.TestRules.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.plugin.apiversions.ApiVersionsHandlers;
import io.brokkr.plugin.fetch.FetchHandlers;
import io.brokkr.plugin.groups.TestRules.Grant;
import io.brokkr.plugin.metadata.MetadataHandlers;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.Resource;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What clients of Apache Kafka tell their users of groups and offsets that they may not touch. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeniedClientsTest {

    private static final TopicPartition MINE = new TopicPartition("mine", 0);
    private static final TopicPartition THEIRS = new TopicPartition("theirs", 0);

    private final TestRules rules = new TestRules();
    private EmbeddedBroker broker;

    @BeforeAll
    void start() throws Exception {
        broker = EmbeddedBroker.builder()
                .extension(MemoryStorageEngineFactory::new)
                .extension(ApiVersionsHandlers::new)
                .extension(MetadataHandlers::new)
                .extension(FetchHandlers::new)
                .extension(GroupHandlers::new)
                .extension(() -> rules)
                .setting("authorizer", TestRules.NAME)
                .setting("group.initial.rebalance.delay.ms", "0")
                .start();
        for (TopicPartition partition : List.of(MINE, THEIRS)) {
            broker.services()
                    .topics()
                    .create(new NewTopic(partition.topic(), 1, 1, Map.of()))
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
        }
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    @BeforeEach
    void allowAll() {
        rules.allowAll();
    }

    private Consumer<String, String> consumer(String group) {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrapServers(),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        group,
                        ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                        "classic",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private void commit(String group, TopicPartition... partitions) {
        try (Consumer<String, String> consumer = consumer(group)) {
            for (TopicPartition partition : partitions) {
                consumer.commitSync(Map.of(partition, new OffsetAndMetadata(0)));
            }
        }
    }

    private static <T> T result(KafkaFuture<T> future) throws Exception {
        return future.get(40, TimeUnit.SECONDS);
    }

    @Test
    void aConsumerThatMayNotReadItsGroupIsTold() {
        rules.allowAllBut(group(Operation.READ, "group"));
        try (Consumer<String, String> consumer = consumer("group")) {
            consumer.subscribe(List.of(MINE.topic()));
            assertThatThrownBy(() -> {
                        while (true) {
                            consumer.poll(Duration.ofSeconds(1));
                        }
                    })
                    .isInstanceOfSatisfying(GroupAuthorizationException.class, denied -> assertThat(denied.groupId())
                            .isEqualTo("group"));
        }
    }

    @Test
    void aConsumerThatMayNotSeeItsGroupIsTold() {
        rules.allowAllBut(group(Operation.DESCRIBE, "group"));
        try (Consumer<String, String> consumer = consumer("group")) {
            consumer.assign(List.of(MINE));
            assertThatThrownBy(() -> consumer.committed(Set.of(MINE))).isInstanceOf(GroupAuthorizationException.class);
        }
    }

    @Test
    void anOffsetOfATopicThatMayNotBeReadIsNotCommitted() throws Exception {
        rules.allowAllBut(topic(Operation.READ, THEIRS.topic()));
        try (Consumer<String, String> consumer = consumer("committing")) {
            consumer.assign(List.of(MINE, THEIRS));
            assertThatThrownBy(() -> consumer.commitSync(
                            Map.of(MINE, new OffsetAndMetadata(3), THEIRS, new OffsetAndMetadata(4))))
                    .isInstanceOfSatisfying(
                            TopicAuthorizationException.class,
                            denied -> assertThat(denied.unauthorizedTopics()).containsExactly(THEIRS.topic()));
        }
        rules.allowAll();
        try (Admin admin = admin()) {
            assertThat(result(admin.listConsumerGroupOffsets("committing").partitionsToOffsetAndMetadata()))
                    .containsOnlyKeys(MINE);
        }
    }

    private Admin admin() {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()));
    }

    @Test
    void anAdministratorSeesAndDoesWhatIsAllowed() throws Exception {
        commit("seen", MINE, THEIRS);
        commit("hidden", MINE);
        rules.allowOnly(
                new Grant(Operation.DESCRIBE, Resource.topic(MINE.topic())),
                group(Operation.DESCRIBE, "seen"),
                group(Operation.DELETE, "seen"));
        try (Admin admin = admin()) {
            assertThat(result(admin.listGroups().all()))
                    .extracting(GroupListing::groupId)
                    .containsExactly("seen");
            assertThat(result(admin.describeConsumerGroups(
                                            List.of("seen"),
                                            new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true))
                                    .all())
                            .get("seen")
                            .authorizedOperations())
                    .containsExactlyInAnyOrder(AclOperation.DESCRIBE, AclOperation.DELETE);
            assertThat(result(admin.listConsumerGroupOffsets("seen").partitionsToOffsetAndMetadata()))
                    .containsOnlyKeys(MINE);
            assertDenied(admin.describeConsumerGroups(List.of("hidden")).all());
            assertDenied(admin.listConsumerGroupOffsets("hidden").partitionsToOffsetAndMetadata());
            assertDenied(admin.deleteConsumerGroups(List.of("hidden")).all());
            result(admin.deleteConsumerGroups(List.of("seen")).all());
        }
    }

    private static void assertDenied(KafkaFuture<?> future) {
        assertThatThrownBy(() -> result(future))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(GroupAuthorizationException.class);
    }
}
