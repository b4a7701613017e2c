package io.brokkr.plugin.topicadmin;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.CreatePartitionsRequest;
import io.brokkr.protocol.message.CreatePartitionsRequest.CreatePartitionsAssignment;
import io.brokkr.protocol.message.CreatePartitionsRequest.CreatePartitionsTopic;
import io.brokkr.protocol.message.CreatePartitionsResponse;
import io.brokkr.protocol.message.CreatePartitionsResponse.CreatePartitionsTopicResult;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.BeforeTry;

/** Topics grow and never shrink. */
class CreatePartitionsTest {

    private static AdminBroker broker;

    @BeforeContainer
    static void start() {
        broker = new AdminBroker(Map.of());
    }

    @AfterContainer
    static void stop() {
        broker.close();
    }

    @BeforeTry
    void createTopics() {
        broker.deleteAll();
        broker.create("growing", 3, Map.of());
        broker.create("other", 3, Map.of());
    }

    @Provide
    Arbitrary<Integer> versions() {
        return AdminBroker.versionsOf(CreatePartitionsRequest.API);
    }

    @Property(tries = 200)
    void everyVersionRaisesTheNumberOfPartitions(
            @ForAll("versions") int version,
            @ForAll @IntRange(min = -2, max = 8) int count,
            @ForAll boolean assigned,
            @ForAll boolean validateOnly) {
        Integer self = broker.cluster().brokerId();
        List<CreatePartitionsAssignment> assignments =
                assigned ? Collections.nCopies(Math.max(0, count - 3), on(self)) : null;

        List<CreatePartitionsTopicResult> results =
                call(version, validateOnly, topic("growing", count, assignments), topic("nowhere", 9, null));

        ErrorCode expected = count > 3 ? ErrorCode.NONE : ErrorCode.INVALID_PARTITIONS;
        assertThat(results).extracting(CreatePartitionsTopicResult::name).containsExactly("growing", "nowhere");
        assertThat(results)
                .extracting(result -> ErrorCode.forCode(result.errorCode()))
                .containsExactly(expected, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(broker.topic("growing").partitionCount())
                .isEqualTo(expected == ErrorCode.NONE && !validateOnly ? count : 3);
        assertThat(broker.topic("other").partitionCount()).isEqualTo(3);
    }

    @Example
    void assignmentsThatCannotBeAreRefused() {
        Integer self = broker.cluster().brokerId();

        assertThat(errorOf(List.of(on(self)))).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(errorOf(List.of(on(self), on(self), on(self)))).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(errorOf(List.of(on(self), on()))).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(errorOf(List.of(on(self), on(self + 1)))).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(errorOf(List.of(on(self), on(self, self)))).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(broker.topic("growing").partitionCount()).isEqualTo(3);
        assertThat(errorOf(List.of(on(self), on(self)))).isEqualTo(ErrorCode.NONE);
    }

    @Example
    void aTopicThatIsNamedTwiceStaysAsItIs() {
        List<CreatePartitionsTopicResult> results =
                call(3, false, topic("growing", 4, null), topic("growing", 5, null), topic("other", 4, null));

        assertThat(results)
                .extracting(result -> ErrorCode.forCode(result.errorCode()))
                .containsExactly(ErrorCode.INVALID_REQUEST, ErrorCode.NONE);
        assertThat(broker.topic("growing").partitionCount()).isEqualTo(3);
    }

    private static ErrorCode errorOf(List<CreatePartitionsAssignment> assignments) {
        return ErrorCode.forCode(
                call(3, false, topic("growing", 5, assignments)).get(0).errorCode());
    }

    private static List<CreatePartitionsTopicResult> call(
            int version, boolean validateOnly, CreatePartitionsTopic... topics) {
        CreatePartitionsRequest request = CreatePartitionsRequest.builder()
                .topics(List.of(topics))
                .validateOnly(validateOnly)
                .timeoutMs(AdminBroker.TIMEOUT_MILLIS)
                .build();
        return broker.call(CreatePartitionsRequest.API, request, version, CreatePartitionsResponse::read)
                .results();
    }

    private static CreatePartitionsTopic topic(String name, int count, List<CreatePartitionsAssignment> assignments) {
        return CreatePartitionsTopic.builder()
                .name(name)
                .count(count)
                .assignments(assignments)
                .build();
    }

    private static CreatePartitionsAssignment on(Integer... brokers) {
        return CreatePartitionsAssignment.builder().brokerIds(List.of(brokers)).build();
    }
}
