package io.brokkr.plugin.topicadmin;

import static io.brokkr.plugin.topicadmin.AdminBroker.config;
import static io.brokkr.plugin.topicadmin.AdminBroker.creatable;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.CreateTopicsRequest;
import io.brokkr.protocol.message.CreateTopicsRequest.CreatableReplicaAssignment;
import io.brokkr.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.brokkr.protocol.message.CreateTopicsResponse;
import io.brokkr.protocol.message.CreateTopicsResponse.CreatableTopicConfigs;
import io.brokkr.protocol.message.CreateTopicsResponse.CreatableTopicResult;
import io.brokkr.spi.Topic;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Topics come into being as Kafka's clients ask for them. */
class CreateTopicsTest {

    private static AdminBroker broker;

    @BeforeContainer
    static void start() {
        broker = new AdminBroker(Map.of("num.partitions", "4"));
    }

    @AfterContainer
    static void stop() {
        broker.close();
    }

    @AfterTry
    void forget() {
        broker.deleteAll();
    }

    @Provide
    Arbitrary<Integer> versions() {
        return AdminBroker.versionsOf(CreateTopicsRequest.API);
    }

    /**
     * A topic that a request asks for, and what must become of it on an empty broker.
     *
     * @param outcome if it is there once in the request
     */
    private record Wish(String name, int partitions, int replicationFactor, String retention, ErrorCode outcome) {}

    @Provide
    Arbitrary<Wish> wishes() {
        Arbitrary<String> names = Arbitraries.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j");
        return names.flatMap(name -> Arbitraries.of(
                new Wish(name, 3, 1, "1000", ErrorCode.NONE),
                new Wish(name, -1, -1, "-1", ErrorCode.NONE),
                new Wish(name + " ", 1, 1, "1", ErrorCode.INVALID_TOPIC_EXCEPTION),
                new Wish(name, 0, 1, "1", ErrorCode.INVALID_PARTITIONS),
                new Wish(name, -2, 1, "1", ErrorCode.INVALID_PARTITIONS),
                new Wish(name, 1, 2, "1", ErrorCode.INVALID_REPLICATION_FACTOR),
                new Wish(name, 1, 0, "1", ErrorCode.INVALID_REPLICATION_FACTOR),
                new Wish(name, 1, 1, "long", ErrorCode.INVALID_CONFIG),
                new Wish(name, 1, 1, null, ErrorCode.INVALID_CONFIG)));
    }

    @Property(tries = 300)
    void eachTopicOfARequestSucceedsOrFailsForItself(
            @ForAll("versions") int version,
            @ForAll @Size(max = 6) List<@From("wishes") Wish> wishes,
            @ForAll boolean validateOnly) {
        boolean onlyChecks = validateOnly && version >= 1;
        CreateTopicsRequest request = CreateTopicsRequest.builder()
                .topics(wishes.stream()
                        .map(wish -> creatable(wish.name(), wish.partitions(), wish.replicationFactor())
                                .configs(List.of(config("retention.ms", wish.retention())))
                                .build())
                        .toList())
                .timeoutMs(AdminBroker.TIMEOUT_MILLIS)
                .validateOnly(onlyChecks)
                .build();

        CreateTopicsResponse response =
                broker.call(CreateTopicsRequest.API, request, version, CreateTopicsResponse::read);

        List<String> names = wishes.stream().map(Wish::name).toList();
        assertThat(response.topics())
                .extracting(CreatableTopicResult::name)
                .containsExactlyElementsOf(new ArrayList<>(new LinkedHashSet<>(names)));
        for (CreatableTopicResult result : response.topics()) {
            Wish wish = wishes.get(names.indexOf(result.name()));
            boolean repeated = names.indexOf(result.name()) != names.lastIndexOf(result.name());
            ErrorCode expected = repeated ? ErrorCode.INVALID_REQUEST : wish.outcome();
            assertThat(ErrorCode.forCode(result.errorCode())).isEqualTo(expected);
            check(result, wish, expected == ErrorCode.NONE, onlyChecks, version);
        }
    }

    private static void check(
            CreatableTopicResult result, Wish wish, boolean succeeds, boolean validateOnly, int version) {
        Topic topic = broker.topic(wish.name());
        assertThat(topic != null).as("the topic exists").isEqualTo(succeeds && !validateOnly);
        if (version >= 1) {
            assertThat(result.errorMessage() != null).as("has a message").isEqualTo(!succeeds);
        }
        int partitions = wish.partitions() == -1 ? 4 : wish.partitions();
        boolean shown = succeeds && version >= 5;
        assertThat(result.numPartitions()).isEqualTo(shown ? partitions : -1);
        assertThat(result.replicationFactor()).isEqualTo((short) (shown ? 1 : -1));
        assertThat(result.topicId()).isEqualTo(topic != null && version >= 7 ? topic.id() : Message.ZERO_UUID);
        if (topic != null) {
            assertThat(topic.partitionCount()).isEqualTo(partitions);
            assertThat(topic.overrides()).isEqualTo(Map.of("retention.ms", wish.retention()));
        }
        if (shown) {
            assertThat(result.configs())
                    .contains(CreatableTopicConfigs.builder()
                            .name("retention.ms")
                            .value(wish.retention())
                            .configSource((byte) 1)
                            .build());
            assertThat(result.configs())
                    .extracting(CreatableTopicConfigs::name)
                    .contains("cleanup.policy", "max.message.bytes")
                    .isSorted();
        }
    }

    @Property
    void anAssignmentToTheOneBrokerIsAPartitionCount(
            @ForAll("versions") int version, @ForAll @IntRange(min = 1, max = 9) int partitions) {
        CreatableTopicResult result = assign(version, -1, assignments(partitions));

        assertThat(ErrorCode.forCode(result.errorCode())).isEqualTo(ErrorCode.NONE);
        assertThat(broker.topic("assigned").partitionCount()).isEqualTo(partitions);
    }

    @Example
    void assignmentsThatCannotBeAreRefused() {
        int self = broker.cluster().brokerId();
        List<CreatableReplicaAssignment> good = assignments(2);

        assertThat(errorOf(-1, List.of(on(0, self), on(0, self)))).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(errorOf(-1, List.of(on(0, self), on(2, self)))).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(errorOf(-1, List.of(on(1, self)))).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(errorOf(-1, List.of(on(0)))).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(errorOf(-1, List.of(on(0, self + 1)))).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(errorOf(-1, List.of(on(0, self, self)))).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(errorOf(2, good)).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(broker.topic("assigned")).isNull();
    }

    @Property
    void aTopicThatIsThereStaysAsItIs(@ForAll("versions") int version) {
        broker.create("there", 2, Map.of());

        CreateTopicsResponse response = broker.createTopics(version, creatable("there", 5, 1), creatable("new", 1, 1));

        assertThat(response.topics())
                .extracting(result -> ErrorCode.forCode(result.errorCode()))
                .containsExactly(ErrorCode.TOPIC_ALREADY_EXISTS, ErrorCode.NONE);
        assertThat(broker.topic("there").partitionCount()).isEqualTo(2);
    }

    /** As Kafka: who leaves no time gets no topic. */
    @Property
    void withoutTimeNothingIsCreated(
            @ForAll("versions") int version, @ForAll @IntRange(min = -100, max = 0) int timeoutMillis) {
        CreateTopicsRequest request = CreateTopicsRequest.builder()
                .topics(List.of(creatable("late", 1, 1).build()))
                .timeoutMs(timeoutMillis)
                .build();

        CreateTopicsResponse response =
                broker.call(CreateTopicsRequest.API, request, version, CreateTopicsResponse::read);

        assertThat(response.topics())
                .extracting(result -> ErrorCode.forCode(result.errorCode()))
                .containsExactly(ErrorCode.REQUEST_TIMED_OUT);
        assertThat(broker.topic("late")).isNull();
    }

    private static ErrorCode errorOf(int partitions, List<CreatableReplicaAssignment> assignments) {
        return ErrorCode.forCode(assign(7, partitions, assignments).errorCode());
    }

    private static CreatableTopicResult assign(
            int version, int partitions, List<CreatableReplicaAssignment> assignments) {
        CreatableTopic.Builder topic = creatable("assigned", partitions, -1).assignments(assignments);
        return broker.createTopics(version, topic).topics().get(0);
    }

    private static List<CreatableReplicaAssignment> assignments(int partitions) {
        List<CreatableReplicaAssignment> assignments = new ArrayList<>();
        for (int partition = partitions - 1; partition >= 0; partition--) {
            assignments.add(on(partition, broker.cluster().brokerId()));
        }
        return assignments;
    }

    private static CreatableReplicaAssignment on(int partition, Integer... brokers) {
        return CreatableReplicaAssignment.builder()
                .partitionIndex(partition)
                .brokerIds(List.of(brokers))
                .build();
    }
}
