package io.brokkr.plugin.fetch;

import static io.brokkr.plugin.fetch.FetchingBroker.produce;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.ListOffsetsRequest;
import io.brokkr.protocol.message.ListOffsetsRequest.ListOffsetsPartition;
import io.brokkr.protocol.message.ListOffsetsRequest.ListOffsetsTopic;
import io.brokkr.protocol.message.ListOffsetsResponse;
import io.brokkr.protocol.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import io.brokkr.protocol.message.OffsetForLeaderEpochRequest;
import io.brokkr.protocol.message.OffsetForLeaderEpochRequest.OffsetForLeaderPartition;
import io.brokkr.protocol.message.OffsetForLeaderEpochRequest.OffsetForLeaderTopic;
import io.brokkr.protocol.message.OffsetForLeaderEpochResponse;
import io.brokkr.protocol.message.OffsetForLeaderEpochResponse.EpochEndOffset;
import io.brokkr.spi.Topic;
import io.brokkr.testkit.WireClient;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** ListOffsets and OffsetForLeaderEpoch, over a socket. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OffsetsTest {

    private static final int NEWEST = ListOffsetsRequest.API.highestVersion();

    private FetchingBroker broker;

    @BeforeAll
    void start() {
        broker = new FetchingBroker();
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    static IntStream listOffsetsVersions() {
        return IntStream.rangeClosed(1, NEWEST);
    }

    static IntStream leaderEpochVersions() {
        return IntStream.rangeClosed(
                OffsetForLeaderEpochRequest.API.lowestVersion(), OffsetForLeaderEpochRequest.API.highestVersion());
    }

    private static ListOffsetsPartitionResponse list(WireClient client, int version, String topic, long timestamp) {
        ListOffsetsRequest request = ListOffsetsRequest.builder()
                .replicaId(-1)
                .topics(List.of(ListOffsetsTopic.builder()
                        .name(topic)
                        .partitions(List.of(ListOffsetsPartition.builder()
                                .partitionIndex(0)
                                .timestamp(timestamp)
                                .build()))
                        .build()))
                .build();
        return client.call(ListOffsetsRequest.API, request, version, ListOffsetsResponse::read)
                .topics()
                .get(0)
                .partitions()
                .get(0);
    }

    @ParameterizedTest
    @MethodSource("listOffsetsVersions")
    void everyVersionFindsStartEndAndTime(int version) throws Exception {
        Topic topic = broker.topic("list-" + version, 1);
        long time = System.currentTimeMillis();
        try (WireClient client = broker.connect()) {
            assertThat(list(client, version, topic.name(), time).offset()).isEqualTo(-1);
            produce(client, topic, 0, time, "a", "b");
            produce(client, topic, 0, time + 10, "c");
            assertThat(list(client, version, topic.name(), -2).offset()).isZero();
            assertThat(list(client, version, topic.name(), -1).offset()).isEqualTo(3);
            ListOffsetsPartitionResponse found = list(client, version, topic.name(), time + 1);
            assertThat(found.offset()).isEqualTo(2);
            assertThat(found.timestamp()).isEqualTo(time + 10);
            assertThat(found.leaderEpoch()).isEqualTo(version >= 4 ? 0 : -1);
            assertThat(list(client, version, topic.name(), time + 11).offset()).isEqualTo(-1);
        }
    }

    @Test
    void theLargestTimestampIsFoundAndStrangeOnesAreRefused() throws Exception {
        Topic topic = broker.topic("largest", 1);
        long time = System.currentTimeMillis();
        try (WireClient client = broker.connect()) {
            produce(client, topic, 0, time + 10, "a");
            produce(client, topic, 0, time, "b");
            ListOffsetsPartitionResponse largest = list(client, NEWEST, topic.name(), -3);
            assertThat(largest.offset()).isZero();
            assertThat(largest.timestamp()).isEqualTo(time + 10);
            assertThat(list(client, NEWEST, topic.name(), -4).offset()).isZero();
            assertThat(list(client, NEWEST, topic.name(), -99).errorCode())
                    .isEqualTo(ErrorCode.UNSUPPORTED_VERSION.code());
            assertThat(list(client, NEWEST, "nowhere", -1).errorCode())
                    .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
        }
    }

    @ParameterizedTest
    @MethodSource("leaderEpochVersions")
    void everyVersionTellsWhereAnEpochEnded(int version) throws Exception {
        Topic topic = broker.topic("epoch-" + version, 1);
        try (WireClient client = broker.connect()) {
            produce(client, topic, 0, "a", "b");
            EpochEndOffset current = endOf(client, version, topic, 0);
            assertThat(current.endOffset()).isEqualTo(2);
            assertThat(current.leaderEpoch()).isEqualTo(version >= 1 ? 0 : -1);
            assertThat(endOf(client, version, topic, 7).endOffset())
                    .as("an epoch that has not begun")
                    .isEqualTo(-1);
        }
    }

    private static EpochEndOffset endOf(WireClient client, int version, Topic topic, int epoch) {
        OffsetForLeaderEpochRequest request = OffsetForLeaderEpochRequest.builder()
                .topics(List.of(OffsetForLeaderTopic.builder()
                        .topic(topic.name())
                        .partitions(List.of(OffsetForLeaderPartition.builder()
                                .partition(0)
                                .leaderEpoch(epoch)
                                .build()))
                        .build()))
                .build();
        return client.call(OffsetForLeaderEpochRequest.API, request, version, OffsetForLeaderEpochResponse::read)
                .topics()
                .get(0)
                .partitions()
                .get(0);
    }
}
