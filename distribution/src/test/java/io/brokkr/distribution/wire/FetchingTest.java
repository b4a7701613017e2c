package io.brokkr.distribution.wire;

import static io.brokkr.distribution.wire.RecordCalls.ALL;
import static io.brokkr.distribution.wire.RecordCalls.FIRST_FETCH_OF_KAFKA;
import static io.brokkr.distribution.wire.RecordCalls.FIRST_WITH_TOPIC_IDS;
import static io.brokkr.distribution.wire.RecordCalls.NEWEST_FETCH;
import static io.brokkr.distribution.wire.RecordCalls.NEWEST_PRODUCE;
import static io.brokkr.distribution.wire.RecordCalls.fetch;
import static io.brokkr.distribution.wire.RecordCalls.fetchFrom;
import static io.brokkr.distribution.wire.RecordCalls.fetchRequest;
import static io.brokkr.distribution.wire.RecordCalls.fetchTopic;
import static io.brokkr.distribution.wire.RecordCalls.oldFetch;
import static io.brokkr.distribution.wire.RecordCalls.only;
import static io.brokkr.distribution.wire.RecordCalls.produce;
import static io.brokkr.distribution.wire.RecordCalls.produceRequest;
import static io.brokkr.distribution.wire.RecordCalls.readOldFetched;
import static io.brokkr.distribution.wire.RecordCalls.records;
import static io.brokkr.distribution.wire.TestRecords.batch;
import static io.brokkr.distribution.wire.TestRecords.offsets;
import static io.brokkr.distribution.wire.TestRecords.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.distribution.wire.RecordCalls.Fetched;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Topic;
import io.brokkr.spi.Topics;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fetch, as consumers send it. Each test is a fault that a Kafka-compatible broker had. */
class FetchingTest {

    @RegisterExtension
    static final ShippedPlugins BROKER = new ShippedPlugins();

    static IntStream allVersions() {
        return IntStream.rangeClosed(0, NEWEST_FETCH);
    }

    static IntStream versionsOfKafka() {
        return IntStream.rangeClosed(FIRST_FETCH_OF_KAFKA, NEWEST_FETCH);
    }

    /** The readers of responses here refuse a null; clients of librdkafka break on it. */
    @ParameterizedTest
    @MethodSource("allVersions")
    void aPartitionWithoutDataHasEmptyRecordsAndNotNull(int version) {
        Topic topic = BROKER.topic();
        try (KafkaConnection connection = BROKER.connect()) {
            Fetched empty = fetch(connection, version, topic, 0);
            assertThat(empty.error()).isEqualTo(Errors.NONE);
            assertThat(empty.records().remaining()).isZero();

            produce(connection, NEWEST_PRODUCE, topic, batch("v"));
            Fetched atTheEnd = fetch(connection, version, topic, 1);
            assertThat(atTheEnd.error()).isEqualTo(Errors.NONE);
            assertThat(atTheEnd.records().remaining()).isZero();

            Fetched beyond = fetch(connection, version, topic, 2);
            assertThat(beyond.error()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
            assertThat(beyond.records().remaining()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("versionsOfKafka")
    void aFetchFromTheMiddleOfABatchReturnsTheWholeBatch(int version) {
        Topic topic = BROKER.topic();
        try (KafkaConnection connection = BROKER.connect()) {
            produce(connection, NEWEST_PRODUCE, topic, batch("a"));
            produce(connection, NEWEST_PRODUCE, topic, batch(Compression.gzip().build(), "b", "c", "d"));
            assertThat(offsets(fetch(connection, version, topic, 2).records())).containsExactly(1L, 2L, 3L);
        }
    }

    /** After a restart the batch has to be found in its file, and not among those that came last. */
    @Test
    void aFetchFromTheMiddleOfABatchThatIsOldReturnsTheWholeBatch() {
        Topic topic = BROKER.topic();
        try (KafkaConnection connection = BROKER.connect()) {
            produce(connection, NEWEST_PRODUCE, topic, batch("a"));
            produce(connection, NEWEST_PRODUCE, topic, batch("b", "c", "d"));
            produce(connection, NEWEST_PRODUCE, topic, batch("e"));
        }
        BROKER.broker().restart();
        try (KafkaConnection connection = BROKER.connect()) {
            assertThat(offsets(fetch(connection, NEWEST_FETCH, topic, 3).records()))
                    .containsExactly(1L, 2L, 3L, 4L);
        }
    }

    /** KIP-74: else a consumer whose limit is smaller than a batch stands still for ever. */
    @ParameterizedTest
    @ValueSource(ints = {FIRST_FETCH_OF_KAFKA, NEWEST_FETCH})
    void theFirstBatchIsReturnedWholeEvenAboveAllLimits(int version) {
        Topic topic = BROKER.topic(2, Map.of());
        String big = "x".repeat(5_000);
        FetchRequestData request = fetchRequest(
                        fetchTopic(version, topic, fetchFrom(0, 0).setPartitionMaxBytes(10), fetchFrom(1, 0)))
                .setMaxBytes(100);
        try (KafkaConnection connection = BROKER.connect()) {
            produce(connection, NEWEST_PRODUCE, topic, batch(big));
            PartitionData first = connection
                    .call(request, version, new FetchResponseData())
                    .responses()
                    .get(0)
                    .partitions()
                    .get(0);
            assertThat(values(records(first))).containsExactly(big);
        }
    }

    /** Below version 3, which has a limit for the whole, that of each partition: these consumers do not see to it that each has its turn. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void theFirstMessageIsReturnedWholeToOldConsumers(int version) {
        Topic topic = BROKER.topic(2, Map.of());
        String big = "x".repeat(5_000);
        ProduceRequestData toBoth = produceRequest(NEWEST_PRODUCE, topic, ALL, batch(big));
        toBoth.topicData()
                .iterator()
                .next()
                .setPartitionData(List.of(partitionData(0, batch(big)), partitionData(1, batch(big))));
        WireBytes request = oldFetch(version, 2, topic, 0, 10);
        try (KafkaConnection connection = BROKER.connect()) {
            connection.call(toBoth, NEWEST_PRODUCE, new ProduceResponseData());
            List<Fetched> both = readOldFetched(version, connection.call(ApiKeys.FETCH, version, request));
            assertThat(values(both.get(0).records())).containsExactly(big);
            assertThat(values(both.get(1).records())).isEqualTo(version < 3 ? List.of(big) : List.of());
        }
    }

    private static PartitionProduceData partitionData(int partition, ByteBuffer records) {
        return new PartitionProduceData().setIndex(partition).setRecords(MemoryRecords.readableRecords(records));
    }

    /** Consumers measure their lag by them and start anew with them, so they are told with errors too. */
    @ParameterizedTest
    @MethodSource("versionsOfKafka")
    void theWatermarksAreSetOnEveryPathAlsoOnThatOfAnError(int version) {
        Topic topic = BROKER.topic();
        try (KafkaConnection connection = BROKER.connect()) {
            checkWatermarks(connection, version, topic, 0, Errors.NONE, 0);
            produce(connection, NEWEST_PRODUCE, topic, batch("a", "b"));
            checkWatermarks(connection, version, topic, 0, Errors.NONE, 2);
            checkWatermarks(connection, version, topic, 2, Errors.NONE, 2);
            checkWatermarks(connection, version, topic, 3, Errors.OFFSET_OUT_OF_RANGE, 2);
            checkWatermarks(connection, version, topic, -1, Errors.OFFSET_OUT_OF_RANGE, 2);
        }
    }

    private static void checkWatermarks(
            KafkaConnection connection, int version, Topic topic, long offset, Errors error, long end) {
        FetchRequestData request = fetchRequest(fetchTopic(version, topic, fetchFrom(0, offset)));
        PartitionData partition = only(connection.call(request, version, new FetchResponseData()));
        assertThat(Errors.forCode(partition.errorCode())).isEqualTo(error);
        assertThat(partition.highWatermark()).isEqualTo(end);
        assertThat(partition.lastStableOffset()).isEqualTo(end);
        assertThat(partition.logStartOffset()).isEqualTo(version < 5 ? -1 : 0);
    }

    /** Some clients always read so, whether there are transactions or not; without transactions everything is stable. */
    @ParameterizedTest
    @MethodSource("versionsOfKafka")
    void whoReadsWhatIsCommittedGetsAllBelowTheLastStableOffsetAndAListOfAbortedTransactions(int version) {
        Topic topic = BROKER.topic();
        FetchRequestData request =
                fetchRequest(fetchTopic(version, topic, fetchFrom(0, 0))).setIsolationLevel((byte) 1);
        try (KafkaConnection connection = BROKER.connect()) {
            produce(connection, NEWEST_PRODUCE, topic, batch("a", "b"));
            PartitionData partition = only(connection.call(request, version, new FetchResponseData()));
            assertThat(values(records(partition))).containsExactly("a", "b");
            assertThat(partition.lastStableOffset()).isEqualTo(2);
            assertThat(partition.abortedTransactions()).isNotNull().isEmpty();
        }
    }

    @Test
    void topicsAreNamedByTheirIdsFromVersion13On() {
        Topic topic = BROKER.topic();
        Uuid unknown = Uuid.randomUuid();
        try (KafkaConnection connection = BROKER.connect()) {
            produce(connection, NEWEST_PRODUCE, topic, batch("a"));
            for (int version = FIRST_WITH_TOPIC_IDS; version <= NEWEST_FETCH; version++) {
                FetchTopic known = fetchTopic(version, topic, fetchFrom(0, 0));
                FetchTopic stranger = new FetchTopic().setTopicId(unknown).setPartitions(List.of(fetchFrom(0, 0)));
                FetchResponseData response =
                        connection.call(fetchRequest(known, stranger), version, new FetchResponseData());
                assertThat(response.responses())
                        .extracting(each -> each.topicId())
                        .containsExactly(RecordCalls.id(topic), unknown);
                assertThat(response.responses())
                        .extracting(
                                each -> Errors.forCode(each.partitions().get(0).errorCode()))
                        .containsExactly(Errors.NONE, Errors.UNKNOWN_TOPIC_ID);
            }
        }
    }

    /** A topic that was deleted and made anew is another one, so that nobody reads on in it where he was. */
    @Test
    void theIdOfAFormerTopicOfTheNameIsNotKnown() throws Exception {
        Topic former = BROKER.topic();
        Topics topics = BROKER.broker().services().topics();
        topics.delete(former.id()).toCompletableFuture().get(20, TimeUnit.SECONDS);
        topics.create(NewTopic.withDefaults(former.name()))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        try (KafkaConnection connection = BROKER.connect()) {
            assertThat(fetch(connection, 12, former, 0).error()).isEqualTo(Errors.NONE);
            assertThat(fetch(connection, 13, former, 0).error()).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
            assertThat(produce(connection, 13, former, batch("v")).error()).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
        }
    }
}
