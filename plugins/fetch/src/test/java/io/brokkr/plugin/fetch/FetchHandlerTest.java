package io.brokkr.plugin.fetch;

import static io.brokkr.plugin.fetch.FetchingBroker.NEWEST;
import static io.brokkr.plugin.fetch.FetchingBroker.bytes;
import static io.brokkr.plugin.fetch.FetchingBroker.fetch;
import static io.brokkr.plugin.fetch.FetchingBroker.fetchFrom;
import static io.brokkr.plugin.fetch.FetchingBroker.fetchTopic;
import static io.brokkr.plugin.fetch.FetchingBroker.only;
import static io.brokkr.plugin.fetch.FetchingBroker.partitions;
import static io.brokkr.plugin.fetch.FetchingBroker.produce;
import static io.brokkr.plugin.fetch.FetchingBroker.request;
import static io.brokkr.plugin.fetch.FetchingBroker.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.FetchRequest;
import io.brokkr.protocol.message.FetchRequest.FetchPartition;
import io.brokkr.protocol.message.FetchRequest.FetchTopic;
import io.brokkr.protocol.message.FetchResponse;
import io.brokkr.protocol.message.FetchResponse.PartitionData;
import io.brokkr.spi.Topic;
import io.brokkr.testkit.WireClient;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Fetch without sessions, over a socket. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FetchHandlerTest {

    /** Longer than a wire client waits for a response: a fetch that ended by it fails the test. */
    private static final int FOR_EVER_MILLIS = 60_000;

    private FetchingBroker broker;

    @BeforeAll
    void start() {
        broker = new FetchingBroker();
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    static IntStream versions() {
        return IntStream.rangeClosed(4, NEWEST);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void everyVersionReadsWhatWasProduced(int version) throws Exception {
        Topic topic = broker.topic("every-version-" + version, 1);
        try (WireClient client = broker.connect()) {
            produce(client, topic, 0, "a", "b");
            produce(client, topic, 0, "c");

            PartitionData all = only(fetch(
                    client,
                    version,
                    request(fetchTopic(version, topic, fetchFrom(0, 0))).build()));
            assertThat(values(all)).containsExactly("a", "b", "c");
            assertThat(all.highWatermark()).isEqualTo(3);
            assertThat(all.lastStableOffset()).isEqualTo(3);
            assertThat(all.logStartOffset()).isEqualTo(version >= 5 ? 0 : -1);

            PartitionData fromTheMiddleOfABatch = only(fetch(
                    client,
                    version,
                    request(fetchTopic(version, topic, fetchFrom(0, 1))).build()));
            assertThat(values(fromTheMiddleOfABatch)).containsExactly("a", "b", "c");
            PartitionData atTheEnd = only(fetch(
                    client,
                    version,
                    request(fetchTopic(version, topic, fetchFrom(0, 3))).build()));
            assertThat(values(atTheEnd)).isEmpty();
        }
    }

    @Test
    void anEmptyPartitionHasEmptyRecordsAndARecordThatComesLaterIsSeenAtOnce() throws Exception {
        Topic topic = broker.topic("empty", 1);
        try (WireClient consumer = broker.connect();
                WireClient producer = broker.connect()) {
            PartitionData nothing = only(fetch(
                    consumer,
                    NEWEST,
                    request(fetchTopic(NEWEST, topic, fetchFrom(0, 0))).build()));
            assertThat(bytes(nothing).remaining()).isZero();

            FetchRequest waiting = request(fetchTopic(NEWEST, topic, fetchFrom(0, 0)))
                    .maxWaitMs(FOR_EVER_MILLIS)
                    .build();
            int correlationId = consumer.send(FetchRequest.API, waiting, NEWEST);
            produce(producer, topic, 0, "late");
            assertThat(values(only(consumer.receive(FetchRequest.API, NEWEST, correlationId, FetchResponse::read))))
                    .containsExactly("late");
        }
    }

    @Test
    void aFetchWithNothingToSayWaits() throws Exception {
        Topic topic = broker.topic("waits", 1);
        try (WireClient client = broker.connect()) {
            long before = System.nanoTime();
            FetchRequest waiting = request(fetchTopic(NEWEST, topic, fetchFrom(0, 0)))
                    .maxWaitMs(300)
                    .build();
            assertThat(values(only(fetch(client, NEWEST, waiting)))).isEmpty();
            assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(300_000_000L);
        }
    }

    @Test
    void theLeastBytesCountOverAllPartitions() throws Exception {
        Topic topic = broker.topic("min-bytes", 2);
        String half = "x".repeat(600);
        try (WireClient consumer = broker.connect();
                WireClient producer = broker.connect()) {
            produce(producer, topic, 0, half);
            FetchRequest waiting = request(fetchTopic(NEWEST, topic, fetchFrom(0, 0), fetchFrom(1, 0)))
                    .minBytes(1_200)
                    .maxWaitMs(FOR_EVER_MILLIS)
                    .build();
            int correlationId = consumer.send(FetchRequest.API, waiting, NEWEST);
            produce(producer, topic, 1, half);

            List<PartitionData> both =
                    partitions(consumer.receive(FetchRequest.API, NEWEST, correlationId, FetchResponse::read));
            assertThat(both)
                    .allSatisfy(partition -> assertThat(values(partition)).containsExactly(half));
        }
    }

    @Test
    void theFirstBatchIsReturnedWholeHoweverSmallTheLimits() throws Exception {
        Topic topic = broker.topic("kip-74", 2);
        String big = "x".repeat(5_000);
        try (WireClient client = broker.connect()) {
            produce(client, topic, 0, big);
            produce(client, topic, 1, big);
            FetchRequest small = request(fetchTopic(NEWEST, topic, limited(0, 10), limited(1, 10)))
                    .maxBytes(100)
                    .build();
            List<PartitionData> partitions = partitions(fetch(client, NEWEST, small));
            assertThat(values(partitions.get(0))).containsExactly(big);
            assertThat(bytes(partitions.get(1)).remaining()).isLessThanOrEqualTo(10);
        }
    }

    private static FetchPartition limited(int partition, int maxBytes) {
        return fetchFrom(partition, 0).toBuilder().partitionMaxBytes(maxBytes).build();
    }

    @Test
    void anOffsetOutOfRangeComesWithTheWatermarks() throws Exception {
        Topic topic = broker.topic("out-of-range", 1);
        try (WireClient client = broker.connect()) {
            produce(client, topic, 0, "a");
            FetchRequest beyond = request(fetchTopic(NEWEST, topic, fetchFrom(0, 7)))
                    .maxWaitMs(FOR_EVER_MILLIS)
                    .build();
            PartitionData partition = only(fetch(client, NEWEST, beyond));
            assertThat(partition.errorCode()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE.code());
            assertThat(partition.highWatermark()).isEqualTo(1);
            assertThat(partition.lastStableOffset()).isEqualTo(1);
            assertThat(partition.logStartOffset()).isZero();
            assertThat(bytes(partition).remaining()).isZero();
        }
    }

    @Test
    void unknownTopicsAreToldByNameAndById() {
        FetchTopic byName = FetchTopic.builder()
                .topic("nowhere")
                .partitions(List.of(fetchFrom(0, 0)))
                .build();
        FetchTopic byId = FetchTopic.builder()
                .topicId(UUID.randomUUID())
                .partitions(List.of(fetchFrom(0, 0)))
                .build();
        try (WireClient client = broker.connect()) {
            assertThat(only(fetch(client, 12, request(byName).build())).errorCode())
                    .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
            assertThat(only(fetch(client, NEWEST, request(byId).build())).errorCode())
                    .isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID.code());
        }
    }

    @Test
    void otherLeaderEpochsAreRefused() throws Exception {
        Topic topic = broker.topic("epochs", 1);
        try (WireClient client = broker.connect()) {
            FetchPartition ahead =
                    fetchFrom(0, 0).toBuilder().currentLeaderEpoch(9).build();
            assertThat(only(fetch(
                                    client,
                                    NEWEST,
                                    request(fetchTopic(NEWEST, topic, ahead)).build()))
                            .errorCode())
                    .isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH.code());
        }
    }

    @Test
    void aReaderOfAnotherHistoryIsToldWhereItParts() throws Exception {
        Topic topic = broker.topic("diverging", 1);
        try (WireClient client = broker.connect()) {
            produce(client, topic, 0, "a");
            FetchPartition otherHistory =
                    fetchFrom(0, 5).toBuilder().lastFetchedEpoch(0).build();
            PartitionData partition = only(fetch(
                    client,
                    NEWEST,
                    request(fetchTopic(NEWEST, topic, otherHistory)).build()));
            assertThat(partition.errorCode()).isEqualTo(ErrorCode.NONE.code());
            assertThat(partition.divergingEpoch().epoch()).isZero();
            assertThat(partition.divergingEpoch().endOffset()).isEqualTo(1);
        }
    }
}
