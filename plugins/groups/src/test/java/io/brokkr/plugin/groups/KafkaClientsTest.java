package io.brokkr.plugin.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.brokkr.plugin.apiversions.ApiVersionsHandlers;
import io.brokkr.plugin.fetch.FetchHandlers;
import io.brokkr.plugin.metadata.MetadataHandlers;
import io.brokkr.plugin.produce.ProduceHandlers;
import io.brokkr.spi.NewTopic;
import io.brokkr.storage.log.LogStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Consumers, producers and administrators of Apache Kafka, as they come, against a broker that keeps its data on disk. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class KafkaClientsTest {

    private static final String TOPIC = "topic";
    private static final int PARTITIONS = 6;
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private EmbeddedBroker broker;
    private final List<Member> members = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.builder()
                .extension(LogStorageEngineFactory::new)
                .extension(ApiVersionsHandlers::new)
                .extension(MetadataHandlers::new)
                .extension(ProduceHandlers::new)
                .extension(FetchHandlers::new)
                .extension(GroupHandlers::new)
                .setting("group.initial.rebalance.delay.ms", "100")
                .start();
        broker.services()
                .topics()
                .create(new NewTopic(TOPIC, PARTITIONS, 1, Map.of()))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() {
        List.copyOf(members).forEach(Member::close);
        broker.close();
    }

    /** A consumer that notes what it reads and what happens to it. */
    private final class Member {

        final Consumer<String, String> consumer;
        final List<String> read = new ArrayList<>();
        int revocations;

        Member(String group, Map<String, Object> settings) {
            Map<String, Object> all = new HashMap<>(Map.of(
                    ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                    broker.bootstrapServers(),
                    ConsumerConfig.GROUP_ID_CONFIG,
                    group,
                    ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                    "classic",
                    ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                    "earliest",
                    ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                    200,
                    ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                    false));
            all.putAll(settings);
            consumer = new KafkaConsumer<>(all, new StringDeserializer(), new StringDeserializer());
            consumer.subscribe(List.of(TOPIC), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                    consumer.commitSync();
                    revocations++;
                }

                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
            });
            members.add(this);
        }

        void poll() {
            consumer.poll(Duration.ofMillis(20)).forEach(polled -> read.add(polled.value()));
        }

        int partitionCount() {
            return consumer.assignment().size();
        }

        void close() {
            members.remove(this);
            consumer.close();
        }
    }

    private void pollUntil(BooleanSupplier done) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("nothing came of it in " + PATIENCE)
                    .isLessThan(end);
            members.forEach(Member::poll);
        }
    }

    /** Whether the members share the partitions among themselves, each getting as many as the others. */
    private boolean isShared(Member... sharing) {
        Set<TopicPartition> all = new HashSet<>();
        for (Member member : sharing) {
            if (member.partitionCount() != PARTITIONS / sharing.length) {
                return false;
            }
            all.addAll(member.consumer.assignment());
        }
        return all.size() == PARTITIONS;
    }

    private void produce(int from, int to) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = from; i < to; i++) {
                sent.add(producer.send(new ProducerRecord<>(TOPIC, i % PARTITIONS, null, "record " + i)));
            }
            for (Future<RecordMetadata> send : sent) {
                send.get(20, TimeUnit.SECONDS);
            }
        }
    }

    private static Set<String> records(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "record " + i).collect(Collectors.toSet());
    }

    private static Map<String, Object> assignor(Class<?> assignor) {
        return Map.of(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, assignor.getName());
    }

    @ParameterizedTest
    @ValueSource(classes = {RangeAssignor.class, RoundRobinAssignor.class, CooperativeStickyAssignor.class})
    void threeMembersComeAndGo(Class<?> assignor) throws Exception {
        Member first = new Member("group", assignor(assignor));
        pollUntil(() -> isShared(first));
        produce(0, 300);
        pollUntil(() -> first.read.size() >= 100);
        Member second = new Member("group", assignor(assignor));
        Member third = new Member("group", assignor(assignor));
        pollUntil(() -> isShared(first, second, third));
        produce(300, 600);
        Set<String> read = new HashSet<>();
        pollUntil(() -> {
            members.forEach(member -> read.addAll(member.read));
            return read.size() == 600;
        });
        assertThat(read).isEqualTo(records(0, 600));
        members.forEach(member -> member.consumer.commitSync());

        first.close();
        pollUntil(() -> isShared(second, third));
        second.close();
        pollUntil(() -> isShared(third));
        produce(600, 700);
        third.read.clear();
        pollUntil(() -> third.read.size() >= 100);
        assertThat(third.read).containsExactlyInAnyOrderElementsOf(records(600, 700));
    }

    @Test
    void staticMemberComesBackWithoutARebalance() {
        Map<String, Object> one = Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "one");
        Member stays = new Member("group", Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "two"));
        Member goes = new Member("group", one);
        pollUntil(() -> isShared(stays, goes));
        int generation = stays.consumer.groupMetadata().generationId();
        int revocations = stays.revocations;
        Set<TopicPartition> assignment = Set.copyOf(goes.consumer.assignment());
        goes.close();
        Member back = new Member("group", one);
        pollUntil(() -> back.partitionCount() > 0);
        assertThat(back.consumer.assignment()).isEqualTo(assignment);
        assertThat(back.consumer.groupMetadata().generationId()).isEqualTo(generation);
        assertThat(stays.revocations).isEqualTo(revocations);
    }

    @Test
    void groupGoesOnWhereItWasAfterARestart() throws Exception {
        produce(0, 100);
        Member before = new Member("group", Map.of());
        pollUntil(() -> before.read.size() == 100);
        before.consumer.commitSync();
        before.close();
        broker.restart();
        produce(100, 150);
        Member after = new Member("group", Map.of());
        pollUntil(() -> after.read.size() >= 50);
        assertThat(after.read).containsExactlyInAnyOrderElementsOf(records(100, 150));
        assertThat(after.consumer.groupMetadata().generationId()).isGreaterThan(1);
    }

    @Test
    void administratorSeesAndChangesGroups() throws Exception {
        produce(0, 60);
        Member member = new Member("group", Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "one"));
        pollUntil(() -> member.read.size() == 60);
        member.consumer.commitSync();
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        try (Admin admin =
                Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
            assertThat(admin.listGroups().all().get(20, TimeUnit.SECONDS))
                    .extracting(GroupListing::groupId, GroupListing::protocol)
                    .containsExactly(tuple("group", "consumer"));
            ConsumerGroupDescription description = describe(admin);
            assertThat(description.groupState()).isEqualTo(GroupState.STABLE);
            assertThat(description.partitionAssignor()).isEqualTo("range");
            assertThat(description.members()).singleElement().satisfies(described -> {
                assertThat(described.groupInstanceId()).contains("one");
                assertThat(described.assignment().topicPartitions()).hasSize(PARTITIONS);
            });
            assertThat(offsets(admin).get(partition).offset()).isEqualTo(10);

            member.close();
            admin.removeMembersFromConsumerGroup(
                            "group", new RemoveMembersFromConsumerGroupOptions(Set.of(new MemberToRemove("one"))))
                    .all()
                    .get(20, TimeUnit.SECONDS);
            assertThat(describe(admin).groupState()).isEqualTo(GroupState.EMPTY);
            admin.alterConsumerGroupOffsets("group", Map.of(partition, new OffsetAndMetadata(3, "rewound")))
                    .all()
                    .get(20, TimeUnit.SECONDS);
            assertThat(offsets(admin).get(partition)).isEqualTo(new OffsetAndMetadata(3, "rewound"));
            admin.deleteConsumerGroupOffsets("group", Set.of(partition)).all().get(20, TimeUnit.SECONDS);
            assertThat(offsets(admin)).doesNotContainKey(partition).hasSize(PARTITIONS - 1);
            admin.deleteConsumerGroups(List.of("group")).all().get(20, TimeUnit.SECONDS);
            assertThat(admin.listGroups().all().get(20, TimeUnit.SECONDS)).isEmpty();
        }
    }

    private static ConsumerGroupDescription describe(Admin admin) throws Exception {
        return admin.describeConsumerGroups(List.of("group"))
                .describedGroups()
                .get("group")
                .get(20, TimeUnit.SECONDS);
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(Admin admin) throws Exception {
        return admin.listConsumerGroupOffsets("group")
                .partitionsToOffsetAndMetadata()
                .get(20, TimeUnit.SECONDS);
    }

    @Test
    void simpleConsumerCommitsWithoutSubscribing() {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrapServers(),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        "simple"),
                new StringDeserializer(),
                new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(TOPIC, 2);
            consumer.assign(List.of(partition));
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(42, "note")));
            assertThat(consumer.committed(Set.of(partition)))
                    .containsEntry(partition, new OffsetAndMetadata(42, "note"));
        }
    }
}
