package io.brokkr.distribution.wire;

import static io.brokkr.distribution.wire.RecordCalls.NEWEST_FETCH;
import static io.brokkr.distribution.wire.RecordCalls.NEWEST_PRODUCE;
import static io.brokkr.distribution.wire.RecordCalls.fetchFrom;
import static io.brokkr.distribution.wire.RecordCalls.fetchRequest;
import static io.brokkr.distribution.wire.RecordCalls.fetchTopic;
import static io.brokkr.distribution.wire.RecordCalls.only;
import static io.brokkr.distribution.wire.RecordCalls.produce;
import static io.brokkr.distribution.wire.TestRecords.TIME;
import static io.brokkr.distribution.wire.TestRecords.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.spi.Topic;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** ListOffsets and OffsetForLeaderEpoch. Each test is a fault that a Kafka-compatible broker had. */
class OffsetsTest {

    private static final long LATEST = -1;
    private static final long EARLIEST = -2;
    private static final int ANY_EPOCH = -1;

    @RegisterExtension
    static final ShippedPlugins BROKER = new ShippedPlugins();

    static IntStream listVersions() {
        return IntStream.rangeClosed(1, ApiKeys.LIST_OFFSETS.latestVersion());
    }

    static IntStream epochVersions() {
        return IntStream.rangeClosed(2, ApiKeys.OFFSET_FOR_LEADER_EPOCH.latestVersion());
    }

    static ListOffsetsPartitionResponse offsetOf(KafkaConnection connection, int version, Topic topic, long timestamp) {
        return offsetOf(connection, version, topic, timestamp, ANY_EPOCH);
    }

    private static ListOffsetsPartitionResponse offsetOf(
            KafkaConnection connection, int version, Topic topic, long timestamp, int currentEpoch) {
        ListOffsetsRequestData request = new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setTopics(List.of(new ListOffsetsTopic()
                        .setName(topic.name())
                        .setPartitions(List.of(new ListOffsetsPartition()
                                .setPartitionIndex(0)
                                .setCurrentLeaderEpoch(currentEpoch)
                                .setTimestamp(timestamp)))));
        return connection
                .call(request, version, new ListOffsetsResponseData())
                .topics()
                .get(0)
                .partitions()
                .get(0);
    }

    /** From version 4 on, with the epoch that the record was written under; nothing that was found has none. */
    @ParameterizedTest
    @MethodSource("listVersions")
    void offsetsComeWithTheirLeaderEpoch(int version) {
        Topic topic = BROKER.topic();
        int epoch = version >= 4 ? 0 : -1;
        try (KafkaConnection connection = BROKER.connect()) {
            produce(connection, NEWEST_PRODUCE, topic, batch("a", "b", "c"));
            check(offsetOf(connection, version, topic, EARLIEST), 0, -1, epoch);
            check(offsetOf(connection, version, topic, LATEST), 3, -1, epoch);
            check(offsetOf(connection, version, topic, TIME + 1), 1, TIME + 1, epoch);
            check(offsetOf(connection, version, topic, TIME + 3), -1, -1, -1);
        }
    }

    private static void check(ListOffsetsPartitionResponse found, long offset, long timestamp, int epoch) {
        assertThat(Errors.forCode(found.errorCode())).isEqualTo(Errors.NONE);
        assertThat(found.offset()).isEqualTo(offset);
        assertThat(found.timestamp()).isEqualTo(timestamp);
        assertThat(found.leaderEpoch()).isEqualTo(epoch);
    }

    /** Version 0 answers with a list, the newest first. */
    @Test
    void theFirstVersionAnswersWithTheOffsetsOfSegments() {
        Topic topic = BROKER.topic();
        try (KafkaConnection connection = BROKER.connect()) {
            produce(connection, NEWEST_PRODUCE, topic, batch("a", "b", "c"));
            WireBytes request = new WireBytes()
                    .int32(-1)
                    .int32(1)
                    .string(topic.name())
                    .int32(1)
                    .int32(0)
                    .int64(LATEST)
                    .int32(5);
            assertThat(connection.call(ApiKeys.LIST_OFFSETS, 0, request))
                    .isEqualTo(new WireBytes()
                            .int32(1)
                            .string(topic.name())
                            .int32(1)
                            .int32(0)
                            .int16(0)
                            .int32(2)
                            .int64(3)
                            .int64(0)
                            .toBuffer());
        }
    }

    @ParameterizedTest
    @MethodSource("epochVersions")
    void anEpochEndsWhereItsRecordsDoAndOneThatIsNotKnownNowhere(int version) {
        Topic topic = BROKER.topic();
        try (KafkaConnection connection = BROKER.connect()) {
            produce(connection, NEWEST_PRODUCE, topic, batch("a", "b"));
            EpochEndOffset known = endOf(connection, version, topic, 0, ANY_EPOCH);
            assertThat(known.leaderEpoch()).isZero();
            assertThat(known.endOffset()).isEqualTo(2);
            for (int unknown : new int[] {-1, 1, Integer.MAX_VALUE}) {
                EpochEndOffset nowhere = endOf(connection, version, topic, unknown, ANY_EPOCH);
                assertThat(Errors.forCode(nowhere.errorCode())).isEqualTo(Errors.NONE);
                assertThat(nowhere.leaderEpoch()).isEqualTo(-1);
                assertThat(nowhere.endOffset()).isEqualTo(-1);
            }
        }
    }

    private static EpochEndOffset endOf(
            KafkaConnection connection, int version, Topic topic, int epoch, int currentEpoch) {
        OffsetForLeaderEpochRequestData request = new OffsetForLeaderEpochRequestData().setReplicaId(-1);
        request.topics()
                .add(new OffsetForLeaderTopic()
                        .setTopic(topic.name())
                        .setPartitions(List.of(new OffsetForLeaderPartition()
                                .setPartition(0)
                                .setCurrentLeaderEpoch(currentEpoch)
                                .setLeaderEpoch(epoch))));
        return connection
                .call(request, version, new OffsetForLeaderEpochResponseData())
                .topics()
                .iterator()
                .next()
                .partitions()
                .get(0);
    }

    /** A client that knows of a leader which this broker does not know of must not be believed, and its position not be taken for a wrong one. */
    @Test
    void anEpochOfTheFutureIsRefused() {
        Topic topic = BROKER.topic();
        FetchRequestData fetch =
                fetchRequest(fetchTopic(NEWEST_FETCH, topic, fetchFrom(0, 0).setCurrentLeaderEpoch(1)));
        try (KafkaConnection connection = BROKER.connect()) {
            produce(connection, NEWEST_PRODUCE, topic, batch("a"));
            assertThat(Errors.forCode(offsetOf(connection, 7, topic, LATEST, 1).errorCode()))
                    .isEqualTo(Errors.UNKNOWN_LEADER_EPOCH);
            assertThat(Errors.forCode(endOf(connection, 4, topic, 0, 1).errorCode()))
                    .isEqualTo(Errors.UNKNOWN_LEADER_EPOCH);
            assertThat(Errors.forCode(only(connection.call(fetch, NEWEST_FETCH, new FetchResponseData()))
                            .errorCode()))
                    .isEqualTo(Errors.UNKNOWN_LEADER_EPOCH);
        }
    }
}
