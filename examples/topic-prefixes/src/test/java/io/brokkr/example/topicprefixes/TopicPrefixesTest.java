package io.brokkr.example.topicprefixes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.brokkr.junit.TestBroker;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.security.Principal;
import io.brokkr.spi.security.PrincipalBuilder;
import io.brokkr.spi.security.PrincipalBuilderFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Alice has topics, and Mallory learns nothing of them from any API, with stock clients. */
@Timeout(180)
class TopicPrefixesTest {

    private static final String THERE = "alice-orders";
    private static final String NOT_THERE = "alice-plans";
    private static final String OF_MALLORY = "mallory-notes";

    /** Whose clients the broker takes those for that connect now. */
    private volatile String user = "alice";

    private TestBroker broker;

    /** Names clients as the test says. */
    private final class ByTest implements PrincipalBuilderFactory {
        @Override
        public String name() {
            return "by-test";
        }

        @Override
        public PrincipalBuilder create(BrokerServices services) {
            return client -> Principal.user(user);
        }
    }

    @BeforeEach
    void start() {
        broker = TestBroker.builder()
                .extension(new TopicPrefixes())
                .extension(new ByTest())
                .setting("principal.builder", "by-test")
                .setting("authorizer", "topic-prefixes")
                .setting("topic.prefixes.super.users", "root")
                .topic(THERE)
                .topic(OF_MALLORY)
                .start();
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private Map<String, Object> properties() {
        return Map.of("bootstrap.servers", broker.getBootstrapServers());
    }

    /** An API that an admin client asks about one topic. */
    private enum Call {
        DESCRIBE {
            @Override
            KafkaFuture<?> ask(Admin admin, String topic) {
                return admin.describeTopics(List.of(topic)).allTopicNames();
            }
        },
        DELETE_RECORDS {
            @Override
            KafkaFuture<?> ask(Admin admin, String topic) {
                return admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(0)))
                        .all();
            }
        },
        LIST_OFFSETS {
            @Override
            KafkaFuture<?> ask(Admin admin, String topic) {
                return admin.listOffsets(Map.of(new TopicPartition(topic, 0), OffsetSpec.latest()))
                        .all();
            }
        },
        CREATE_PARTITIONS {
            @Override
            KafkaFuture<?> ask(Admin admin, String topic) {
                return admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(3)))
                        .all();
            }
        },
        DESCRIBE_CONFIGS {
            @Override
            KafkaFuture<?> ask(Admin admin, String topic) {
                return admin.describeConfigs(List.of(ofTopic(topic))).all();
            }
        },
        ALTER_CONFIGS {
            @Override
            KafkaFuture<?> ask(Admin admin, String topic) {
                return admin.incrementalAlterConfigs(Map.of(
                                ofTopic(topic),
                                List.of(new AlterConfigOp(
                                        new ConfigEntry("retention.ms", "7000"), AlterConfigOp.OpType.SET))))
                        .all();
            }
        },
        DELETE {
            @Override
            KafkaFuture<?> ask(Admin admin, String topic) {
                return admin.deleteTopics(List.of(topic)).all();
            }
        };

        abstract KafkaFuture<?> ask(Admin admin, String topic);
    }

    private static ConfigResource ofTopic(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    private static <T> T done(KafkaFuture<T> asked) throws Exception {
        return asked.get(60, TimeUnit.SECONDS);
    }

    private static Throwable failure(KafkaFuture<?> asked) {
        Throwable failure = catchThrowable(() -> done(asked));
        assertThat(failure).isInstanceOf(ExecutionException.class);
        return failure.getCause();
    }

    @ParameterizedTest
    @EnumSource
    void malloryHearsTheSameOfWhatIsThereAndOfWhatIsNot(Call call) {
        user = "mallory";
        try (Admin admin = Admin.create(properties())) {
            Throwable ofThere = failure(call.ask(admin, THERE));
            Throwable ofNotThere = failure(call.ask(admin, NOT_THERE));
            assertThat(ofThere).isInstanceOf(TopicAuthorizationException.class);
            assertThat(ofNotThere).hasSameClassAs(ofThere);
            assertThat(ofNotThere.getMessage().replace(NOT_THERE, THERE)).isEqualTo(ofThere.getMessage());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aliceAndTheSuperUserDoWhatTheyLike(Call call) throws Exception {
        user = "alice";
        try (Admin admin = Admin.create(properties())) {
            done(call.ask(admin, THERE));
        }
        user = "root";
        try (Admin admin = Admin.create(properties())) {
            done(call.ask(admin, OF_MALLORY));
        }
    }

    @Test
    void everybodyMakesTopicsOfTheirOwnAlone() throws Exception {
        user = "mallory";
        try (Admin admin = Admin.create(properties())) {
            Map<String, KafkaFuture<Void>> created = admin.createTopics(Stream.of(THERE, NOT_THERE, "mallory-more")
                            .map(topic -> new NewTopic(topic, Optional.of(1), Optional.empty()))
                            .toList())
                    .values();
            Throwable ofThere = failure(created.get(THERE));
            assertThat(ofThere).isInstanceOf(TopicAuthorizationException.class);
            assertThat(failure(created.get(NOT_THERE))).hasSameClassAs(ofThere).hasMessage(ofThere.getMessage());
            done(created.get("mallory-more"));
            assertThat(done(admin.listTopics().names())).containsExactlyInAnyOrder(OF_MALLORY, "mallory-more");
        }
        user = "alice";
        try (Admin admin = Admin.create(properties())) {
            assertThat(done(admin.listTopics().names())).containsExactly(THERE);
        }
    }

    @Test
    void anIdTellsMalloryNothing() throws Exception {
        Uuid id;
        user = "alice";
        try (Admin admin = Admin.create(properties())) {
            id = done(admin.describeTopics(List.of(THERE)).allTopicNames())
                    .get(THERE)
                    .topicId();
        }
        user = "mallory";
        try (Admin admin = Admin.create(properties())) {
            for (Uuid asked : List.of(id, Uuid.randomUuid())) {
                TopicCollection topic = TopicCollection.ofTopicIds(List.of(asked));
                assertThat(failure(admin.describeTopics(topic).allTopicIds()))
                        .isInstanceOf(UnknownTopicIdException.class);
                assertThat(failure(admin.deleteTopics(topic).all())).isInstanceOf(UnknownTopicIdException.class);
            }
        }
        user = "alice";
        try (Admin admin = Admin.create(properties())) {
            done(admin.deleteTopics(TopicCollection.ofTopicIds(List.of(id))).all());
        }
    }

    @Test
    void theClusterIsEverybodysToSeeAndTheSuperUsersToSetUp() throws Exception {
        user = "mallory";
        try (Admin admin = Admin.create(properties())) {
            assertThat(done(admin.describeCluster(new DescribeClusterOptions().includeAuthorizedOperations(true))
                            .authorizedOperations()))
                    .contains(AclOperation.DESCRIBE)
                    .doesNotContain(AclOperation.CREATE, AclOperation.ALTER, AclOperation.ALTER_CONFIGS);
            String node = done(admin.describeCluster().controller()).idString();
            ConfigResource ofBroker = new ConfigResource(ConfigResource.Type.BROKER, node);
            assertThat(failure(admin.describeConfigs(List.of(ofBroker)).all()))
                    .isInstanceOf(ClusterAuthorizationException.class);
            assertThat(done(admin.describeLogDirs(List.of(Integer.valueOf(node)))
                            .allDescriptions()))
                    .hasSize(1);
            assertThat(done(admin.listPartitionReassignments().reassignments())).isEmpty();
        }
        user = "root";
        try (Admin admin = Admin.create(properties())) {
            String node = done(admin.describeCluster().controller()).idString();
            ConfigResource ofBroker = new ConfigResource(ConfigResource.Type.BROKER, node);
            assertThat(done(admin.describeConfigs(List.of(ofBroker)).all())).hasSize(1);
        }
    }

    @Test
    void recordsAreTheirOwnersToProduceAndToConsume() throws Exception {
        for (String stranger : List.of("mallory", "ali")) {
            user = stranger;
            for (String topic : List.of(THERE, NOT_THERE)) {
                assertThat(catchThrowable(() -> produce(topic)).getCause())
                        .isInstanceOf(TopicAuthorizationException.class)
                        .extracting(refused -> ((TopicAuthorizationException) refused).unauthorizedTopics())
                        .isEqualTo(Set.of(topic));
                assertThat(catchThrowable(() -> consume(topic))).isInstanceOf(TopicAuthorizationException.class);
            }
        }
        for (String reader : List.of("alice", "root")) {
            user = reader;
            produce(THERE);
            assertThat(consume(THERE)).contains("hello of " + reader);
        }
    }

    /** A topic that is made in passing has to be one that its producer may make. */
    @Test
    void whatIsMadeInPassingIsOnesOwn() throws Exception {
        user = "mallory";
        produce("mallory-diary");
        assertThat(consume("mallory-diary")).containsExactly("hello of mallory");
        user = "root";
        try (Admin admin = Admin.create(properties())) {
            assertThat(done(admin.listTopics().names()))
                    .contains(THERE, OF_MALLORY, "mallory-diary")
                    .doesNotContain(NOT_THERE);
        }
    }

    private void produce(String topic) throws Exception {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(properties(), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, "hello of " + user)).get(60, TimeUnit.SECONDS);
        }
    }

    private List<String> consume(String topic) {
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(properties(), new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            List<String> values = new ArrayList<>();
            long began = System.nanoTime();
            while (values.size() < end && System.nanoTime() - began < TimeUnit.SECONDS.toNanos(60)) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    values.add(record.value());
                }
            }
            return values;
        }
    }
}
