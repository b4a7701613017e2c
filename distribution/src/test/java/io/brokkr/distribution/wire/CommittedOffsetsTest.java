package io.brokkr.distribution.wire;

import static io.brokkr.distribution.wire.GroupCalls.join;
import static io.brokkr.distribution.wire.GroupCalls.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.spi.Topic;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** OffsetCommit and OffsetFetch. Each test is a fault that a Kafka-compatible broker had. */
class CommittedOffsetsTest {

    private static final int FIRST_WITH_GROUPS = 8;
    private static final int FIRST_WITH_TOPIC_IDS = 10;
    private static final int NEWEST = 10;

    @RegisterExtension
    static final ShippedPlugins BROKER = new ShippedPlugins();

    static IntStream commitVersions() {
        return IntStream.rangeClosed(2, NEWEST);
    }

    static IntStream fetchVersions() {
        return IntStream.rangeClosed(1, NEWEST);
    }

    /** What is found of partition 0. */
    private record Found(Errors error, long offset, @Nullable String metadata) {}

    /** As a consumer commits that assigns its partitions itself: without a generation and without a member. */
    private static Errors commit(KafkaConnection connection, int version, String group, Topic topic, long offset) {
        OffsetCommitRequestTopic committed = new OffsetCommitRequestTopic()
                .setPartitions(List.of(new OffsetCommitRequestPartition()
                        .setPartitionIndex(0)
                        .setCommittedOffset(offset)
                        .setCommittedMetadata("note")));
        OffsetCommitRequestData request = new OffsetCommitRequestData()
                .setGroupId(group)
                .setGenerationIdOrMemberEpoch(-1)
                .setMemberId("")
                .setTopics(List.of(
                        version < FIRST_WITH_TOPIC_IDS
                                ? committed.setName(topic.name())
                                : committed.setTopicId(RecordCalls.id(topic))));
        return Errors.forCode(connection
                .call(request, version, new OffsetCommitResponseData())
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .errorCode());
    }

    /** Asks for partition 0 of topics, or for all that there is if they are null. */
    private static List<Found> find(
            KafkaConnection connection, int version, String group, @Nullable List<Topic> topics) {
        if (version < FIRST_WITH_GROUPS) {
            OffsetFetchRequestData request = new OffsetFetchRequestData()
                    .setGroupId(group)
                    .setTopics(
                            topics == null
                                    ? null
                                    : topics.stream()
                                            .map(topic -> new OffsetFetchRequestTopic()
                                                    .setName(topic.name())
                                                    .setPartitionIndexes(List.of(0)))
                                            .toList());
            return connection.call(request, version, new OffsetFetchResponseData()).topics().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .map(found ->
                            new Found(Errors.forCode(found.errorCode()), found.committedOffset(), found.metadata()))
                    .toList();
        }
        OffsetFetchRequestGroup ofGroup = new OffsetFetchRequestGroup()
                .setGroupId(group)
                .setTopics(
                        topics == null
                                ? null
                                : topics.stream()
                                        .map(topic -> named(version, topic))
                                        .toList());
        return connection
                .call(new OffsetFetchRequestData().setGroups(List.of(ofGroup)), version, new OffsetFetchResponseData())
                .groups()
                .get(0)
                .topics()
                .stream()
                .flatMap(topic -> topic.partitions().stream())
                .map(found -> new Found(Errors.forCode(found.errorCode()), found.committedOffset(), found.metadata()))
                .toList();
    }

    private static OffsetFetchRequestTopics named(int version, Topic topic) {
        OffsetFetchRequestTopics wish = new OffsetFetchRequestTopics().setPartitionIndexes(List.of(0));
        return version < FIRST_WITH_TOPIC_IDS ? wish.setName(topic.name()) : wish.setTopicId(RecordCalls.id(topic));
    }

    /** A null text is more than the old versions of Sarama can read, and an absent partition more than others can. */
    @ParameterizedTest
    @MethodSource("fetchVersions")
    void anAbsentOffsetIsMinusOneWithEmptyMetadata(int version) {
        try (KafkaConnection connection = BROKER.connect()) {
            assertThat(find(connection, version, "absent", List.of(BROKER.topic())))
                    .containsExactly(new Found(Errors.NONE, -1, ""));
        }
    }

    /** At its first version, the offsets of ZooKeeper's time, the absence is an error too. */
    @Test
    void anAbsentOffsetIsMinusOneWithEmptyMetadataAndAnErrorAtTheFirstVersion() {
        Topic topic = BROKER.topic();
        WireBytes request = new WireBytes()
                .string("absent")
                .int32(1)
                .string(topic.name())
                .int32(1)
                .int32(0);
        for (int version = 0; version <= 1; version++) {
            Errors error = version == 0 ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.NONE;
            try (KafkaConnection connection = BROKER.connect()) {
                assertThat(connection.call(ApiKeys.OFFSET_FETCH, version, request))
                        .isEqualTo(new WireBytes()
                                .int32(1)
                                .string(topic.name())
                                .int32(1)
                                .int32(0)
                                .int64(-1)
                                .string("")
                                .int16(error.code())
                                .toBuffer());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("fetchVersions")
    void aNullListOfTopicsAsksForAllAndAnEmptyOneForNone(int version) {
        Topic one = BROKER.topic();
        Topic other = BROKER.topic();
        String group = "all-" + version;
        try (KafkaConnection connection = BROKER.connect()) {
            commit(connection, NEWEST, group, one, 3);
            commit(connection, NEWEST, group, other, 4);
            if (version >= 2) {
                assertThat(find(connection, version, group, null))
                        .containsExactlyInAnyOrder(
                                new Found(Errors.NONE, 3, "note"), new Found(Errors.NONE, 4, "note"));
            }
            assertThat(find(connection, version, group, List.of())).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("commitVersions")
    void aSimpleConsumerCommitsWithoutAGenerationAndAMember(int version) {
        Topic topic = BROKER.topic();
        String group = "simple-" + version;
        try (KafkaConnection connection = BROKER.connect()) {
            assertThat(commit(connection, version, group, topic, 42)).isEqualTo(Errors.NONE);
            assertThat(find(connection, NEWEST, group, List.of(topic)))
                    .containsExactly(new Found(Errors.NONE, 42, "note"));
        }
    }

    /** Once there are members, the offsets are theirs. */
    @Test
    void aSimpleConsumerDoesNotCommitIntoAGroupWithMembers() {
        Topic topic = BROKER.topic();
        try (KafkaConnection connection = BROKER.connect()) {
            join(connection, 3, joining("busy", "range"));
            assertThat(commit(connection, NEWEST, "busy", topic, 42)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        }
    }

    /** The oldest consumers commit so; their offsets are found by the newest. */
    @Test
    void theFirstVersionsCommitForTheOthersToo() {
        Topic topic = BROKER.topic();
        try (KafkaConnection connection = BROKER.connect()) {
            for (int version = 0; version <= 1; version++) {
                WireBytes request = new WireBytes().string("old");
                if (version == 1) {
                    request.int32(-1).string("");
                }
                request.int32(1).string(topic.name()).int32(1).int32(0).int64(7 + version);
                if (version == 1) {
                    request.int64(-1);
                }
                assertThat(connection.call(ApiKeys.OFFSET_COMMIT, version, request.string("note")))
                        .isEqualTo(new WireBytes()
                                .int32(1)
                                .string(topic.name())
                                .int32(1)
                                .int32(0)
                                .int16(0)
                                .toBuffer());
                assertThat(find(connection, NEWEST, "old", List.of(topic)))
                        .containsExactly(new Found(Errors.NONE, 7 + version, "note"));
            }
        }
    }
}
