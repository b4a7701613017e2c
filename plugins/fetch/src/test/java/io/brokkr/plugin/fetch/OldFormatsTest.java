package io.brokkr.plugin.fetch;

import static io.brokkr.plugin.fetch.FetchingBroker.bytes;
import static io.brokkr.plugin.fetch.FetchingBroker.fetch;
import static io.brokkr.plugin.fetch.FetchingBroker.fetchFrom;
import static io.brokkr.plugin.fetch.FetchingBroker.fetchTopic;
import static io.brokkr.plugin.fetch.FetchingBroker.only;
import static io.brokkr.plugin.fetch.FetchingBroker.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.plugin.compression.GzipCodec;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.message.FetchRequest;
import io.brokkr.protocol.message.FetchRequest.FetchPartition;
import io.brokkr.protocol.message.FetchResponse.PartitionData;
import io.brokkr.protocol.message.ListOffsetsRequest;
import io.brokkr.protocol.message.ListOffsetsRequest.ListOffsetsPartition;
import io.brokkr.protocol.message.ListOffsetsRequest.ListOffsetsTopic;
import io.brokkr.protocol.message.ListOffsetsResponse;
import io.brokkr.protocol.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import io.brokkr.protocol.message.ProduceRequest;
import io.brokkr.protocol.message.ProduceRequest.PartitionProduceData;
import io.brokkr.protocol.message.ProduceRequest.TopicProduceData;
import io.brokkr.protocol.message.ProduceResponse;
import io.brokkr.protocol.message.ProduceResponse.PartitionProduceResponse;
import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatchBuilder;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.protocol.record.RecordHeader;
import io.brokkr.spi.Topic;
import io.brokkr.testkit.WireClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients before Kafka 0.11 send and get, over a socket: Produce v0 to v2, Fetch v0 to v3, ListOffsets v0. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OldFormatsTest {

    private static final int NEWEST = FetchRequest.API.highestVersion();
    private static final int MODERN_PRODUCE = 12;
    private static final long TIME = System.currentTimeMillis();
    private static final CompressionCodecs CODECS = new CompressionCodecs(Map.of(Compression.GZIP, new GzipCodec()));

    private FetchingBroker broker;
    private int topics;

    @BeforeAll
    void start() {
        broker = new FetchingBroker(new GzipCodec());
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    private Topic topic(Map<String, String> settings) throws Exception {
        return broker.topic("old-formats-" + topics++, 1, settings);
    }

    private Topic topic() throws Exception {
        return topic(Map.of());
    }

    /** A message as an old consumer sees it. */
    private record Seen(byte magic, long offset, long timestamp, @Nullable String key, @Nullable String value) {}

    private static @Nullable String text(@Nullable ByteBuffer bytes) {
        return bytes == null ? null : StandardCharsets.UTF_8.decode(bytes).toString();
    }

    private static ByteBuffer bytesOf(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Seen> seen(PartitionData partition) {
        assertThat(ErrorCode.forCode(partition.errorCode())).isEqualTo(ErrorCode.NONE);
        List<Seen> all = new ArrayList<>();
        for (MutableRecordBatch batch :
                MemoryRecords.readableRecords(bytes(partition)).batches()) {
            batch.ensureValid();
            for (Record each : batch) {
                all.add(new Seen(batch.magic(), each.offset(), each.timestamp(), text(each.key()), text(each.value())));
            }
        }
        return all;
    }

    /** A message set as Kafka's clients of the time wrote it: key «k», but for the last message that has none, and null for the last value. */
    private static ByteBuffer messageSet(int magic, boolean compressed, int count) {
        MemoryRecordsBuilder builder = MemoryRecords.builder(
                ByteBuffer.allocate(512),
                (byte) magic,
                compressed
                        ? org.apache.kafka.common.compress.Compression.gzip().build()
                        : org.apache.kafka.common.compress.Compression.NONE,
                magic == 0
                        ? org.apache.kafka.common.record.TimestampType.NO_TIMESTAMP_TYPE
                        : org.apache.kafka.common.record.TimestampType.CREATE_TIME,
                0);
        for (int i = 0; i < count; i++) {
            boolean last = i == count - 1;
            builder.append(
                    magic == 0 ? -1 : TIME + i,
                    last ? null : bytesOf("k").array(),
                    last ? null : bytesOf("v" + i).array());
        }
        return builder.build().buffer();
    }

    private static List<Seen> expected(int seenMagic, int sentMagic, int count, long firstOffset) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Seen(
                        (byte) seenMagic,
                        firstOffset + i,
                        seenMagic == 0 || sentMagic == 0 ? -1 : TIME + i,
                        i == count - 1 ? null : "k",
                        i == count - 1 ? null : "v" + i))
                .toList();
    }

    private static PartitionProduceResponse produce(WireClient client, int version, Topic topic, ByteBuffer records) {
        ProduceResponse response = client.call(
                ProduceRequest.API, produceRequest(topic, (short) -1, records), version, ProduceResponse::read);
        return response.responses().get(0).partitionResponses().get(0);
    }

    private static ProduceRequest produceRequest(Topic topic, short acks, ByteBuffer records) {
        return ProduceRequest.builder()
                .acks(acks)
                .timeoutMs(1_000)
                .topicData(List.of(TopicProduceData.builder()
                        .name(topic.name())
                        .topicId(new UUID(0, 0))
                        .partitionData(List.of(PartitionProduceData.builder()
                                .index(0)
                                .records(RecordData.of(records))
                                .build()))
                        .build()))
                .build();
    }

    private static ErrorCode error(PartitionProduceResponse outcome) {
        return ErrorCode.forCode(outcome.errorCode());
    }

    private static PartitionData read(WireClient client, int version, Topic topic, FetchPartition wish) {
        return only(
                fetch(client, version, request(fetchTopic(version, topic, wish)).build()));
    }

    /** More old consumers than there is room for at once: each waits for its turn, and the room comes back with each answer that is sent. */
    @Test
    void consumersForWhomThereIsNoRoomWait() throws Exception {
        int consumers = 8;
        int fetches = 20;
        try (FetchingBroker narrow = new FetchingBroker(Map.of("fetch.conversion.memory.bytes", "1024"));
                WireClient producer = narrow.connect()) {
            Topic topic = narrow.topic("narrow", 1);
            String value = "x".repeat(700);
            FetchingBroker.produce(producer, topic, 0, value);
            ExecutorService threads = Executors.newFixedThreadPool(consumers);
            try {
                List<Future<Integer>> all = new ArrayList<>();
                for (int consumer = 0; consumer < consumers; consumer++) {
                    all.add(threads.submit(() -> {
                        int seen = 0;
                        try (WireClient client = narrow.connect()) {
                            for (int i = 0; i < fetches; i++) {
                                List<Seen> messages = seen(read(client, 3, topic, fetchFrom(0, 0)));
                                assertThat(messages).extracting(Seen::value).containsExactly(value);
                                seen += messages.size();
                            }
                        }
                        return seen;
                    }));
                }
                for (Future<Integer> one : all) {
                    assertThat(one.get(20, TimeUnit.SECONDS)).isEqualTo(fetches);
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    static Stream<Arguments> oldProducesAndAllFetches() {
        return IntStream.rangeClosed(0, 2).boxed().flatMap(produce -> IntStream.rangeClosed(0, NEWEST)
                .boxed()
                .flatMap(fetch -> Stream.of(Arguments.of(produce, fetch, false), Arguments.of(produce, fetch, true))));
    }

    /** Magic 0 below Fetch v2, magic 1 at v2 and v3, record batches from v4 on. */
    @ParameterizedTest
    @MethodSource("oldProducesAndAllFetches")
    void whatOldProducersSendReachesAllConsumers(int produceVersion, int fetchVersion, boolean compressed)
            throws Exception {
        Topic topic = topic();
        int sent = produceVersion < 2 ? 0 : 1;
        int seen = fetchVersion < 2 ? 0 : fetchVersion < 4 ? 1 : 2;
        try (WireClient client = broker.connect()) {
            PartitionProduceResponse first = produce(client, produceVersion, topic, messageSet(sent, compressed, 3));
            assertThat(error(first)).isEqualTo(ErrorCode.NONE);
            assertThat(first.baseOffset()).isZero();
            assertThat(first.logAppendTimeMs()).isEqualTo(-1);
            assertThat(produce(client, produceVersion, topic, messageSet(sent, !compressed, 2))
                            .baseOffset())
                    .isEqualTo(3);

            PartitionData all = read(client, fetchVersion, topic, fetchFrom(0, 0));
            assertThat(all.highWatermark()).isEqualTo(5);
            assertThat(seen(all))
                    .containsExactlyElementsOf(
                            Stream.concat(expected(seen, sent, 3, 0).stream(), expected(seen, sent, 2, 3).stream())
                                    .toList());
            assertThat(bytes(read(client, fetchVersion, topic, fetchFrom(0, 5))).remaining())
                    .isZero();
        }
    }

    /** What modern clients wrote, without the headers, which these formats do not have. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void whatModernProducersSendReachesOldConsumers(int fetchVersion) throws Exception {
        Topic topic = topic();
        try (WireClient client = broker.connect()) {
            for (Compression compression : List.of(Compression.NONE, Compression.GZIP)) {
                ByteBuffer batch = new RecordBatchBuilder(compression, CODECS, 10_000)
                        .append(TIME, bytesOf("k"), bytesOf("v0"), List.of(new RecordHeader("h", null)))
                        .append(TIME + 1, null, null)
                        .build();
                assertThat(error(produce(client, MODERN_PRODUCE, topic, batch))).isEqualTo(ErrorCode.NONE);
            }
            int magic = fetchVersion < 2 ? 0 : 1;
            assertThat(seen(read(client, fetchVersion, topic, fetchFrom(0, 0))))
                    .containsExactlyElementsOf(
                            Stream.concat(expected(magic, 1, 2, 0).stream(), expected(magic, 1, 2, 2).stream())
                                    .toList());
        }
    }

    /** Of a wrapper the whole, of messages that stand alone those from the offset on, as Kafka does it. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aFetchFromTheMiddleOfABatch(int version) throws Exception {
        Topic topic = topic();
        try (WireClient client = broker.connect()) {
            produce(client, 2, topic, messageSet(1, false, 4));
            produce(client, 2, topic, messageSet(1, true, 4));
            assertThat(seen(read(client, version, topic, fetchFrom(0, 2))))
                    .extracting(Seen::offset)
                    .containsExactly(2L, 3L, 4L, 5L, 6L, 7L);
            assertThat(seen(read(client, version, topic, fetchFrom(0, 6))))
                    .extracting(Seen::offset)
                    .containsExactly(4L, 5L, 6L, 7L);
        }
    }

    /** A whole message however small the limit, and for clients that have no limit of the whole, one of each partition. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aLimitLeavesTheFirstMessage(int version) throws Exception {
        Topic topic = broker.topic("old-limits-" + version, 2, Map.of());
        try (WireClient client = broker.connect()) {
            for (int partition = 0; partition < 2; partition++) {
                FetchingBroker.produce(client, topic, partition, TIME, "x".repeat(3_000), "y".repeat(3_000));
            }
            FetchRequest small = request(fetchTopic(version, topic, limited(0), limited(1)))
                    .maxBytes(100)
                    .build();
            List<PartitionData> partitions = FetchingBroker.partitions(fetch(client, version, small));
            long served = partitions.stream()
                    .filter(partition -> !seen(partition).isEmpty())
                    .count();
            assertThat(served).isEqualTo(version < 3 ? 2 : 1);
            assertThat(partitions).allMatch(partition -> seen(partition).size() <= 1);
        }
    }

    private static FetchPartition limited(int partition) {
        return fetchFrom(partition, 0).toBuilder().partitionMaxBytes(10).build();
    }

    /** From version 3 on a client must write record batches. */
    @Test
    void oldFormatsAreRefusedWhereTheyDoNotBelong() throws Exception {
        Topic topic = topic();
        try (WireClient client = broker.connect()) {
            for (int version = 3; version <= MODERN_PRODUCE; version++) {
                assertThat(error(produce(client, version, topic, messageSet(version % 2, version > 7, 2))))
                        .isEqualTo(ErrorCode.INVALID_RECORD);
            }
        }
    }

    @Test
    void zstandardIsRefusedBelowProduceVersion7() throws Exception {
        Topic topic = topic();
        ByteBuffer batch = new RecordBatchBuilder().append(TIME, null, null).build();
        // The records themselves are not looked at.
        batch.putShort(21, (short) Compression.ZSTD.code());
        RecordBatch.of(batch).setMaxTimestamp(io.brokkr.protocol.record.TimestampType.CREATE_TIME, TIME + 1);
        RecordBatch.of(batch).setMaxTimestamp(io.brokkr.protocol.record.TimestampType.CREATE_TIME, TIME);
        try (WireClient client = broker.connect()) {
            for (int version = 3; version <= MODERN_PRODUCE; version++) {
                assertThat(error(produce(client, version, topic, batch.duplicate())))
                        .isEqualTo(version < 7 ? ErrorCode.UNSUPPORTED_COMPRESSION_TYPE : ErrorCode.NONE);
            }
            for (int version = 0; version <= 3; version++) {
                assertThat(ErrorCode.forCode(
                                read(client, version, topic, fetchFrom(0, 0)).errorCode()))
                        .isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
            }
        }
    }

    /** Also where the record is compressed. */
    @Test
    void aKeylessRecordInAWrapperIsRefusedByACompactedTopic() throws Exception {
        Topic topic = topic(Map.of("cleanup.policy", "compact"));
        try (WireClient client = broker.connect()) {
            for (boolean compressed : new boolean[] {false, true}) {
                assertThat(error(produce(client, 2, topic, messageSet(1, compressed, 2))))
                        .isEqualTo(ErrorCode.INVALID_RECORD);
            }
            ByteBuffer modern = new RecordBatchBuilder(Compression.GZIP, CODECS, 10_000)
                    .append(TIME, null, bytesOf("v"))
                    .build();
            assertThat(error(produce(client, MODERN_PRODUCE, topic, modern))).isEqualTo(ErrorCode.INVALID_RECORD);
        }
    }

    /** Where each request takes another time to convert. */
    @Test
    void pipelinedMessageSetsAreAppendedInOrder() throws Exception {
        Topic topic = topic();
        int requests = 60;
        try (WireClient client = broker.connect()) {
            List<Integer> sent = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                ByteBuffer records = i % 3 == 2
                        ? new RecordBatchBuilder()
                                .append(TIME, null, bytesOf("v"))
                                .build()
                        : messageSet(1, i % 3 == 0, 1 + (i * 37) % 900);
                sent.add(client.send(ProduceRequest.API, produceRequest(topic, (short) 1, records), 2));
            }
            long next = 0;
            for (int i = 0; i < requests; i++) {
                PartitionProduceResponse outcome = client.receive(
                                ProduceRequest.API, 2, sent.get(i), ProduceResponse::read)
                        .responses()
                        .get(0)
                        .partitionResponses()
                        .get(0);
                assertThat(error(outcome)).isEqualTo(ErrorCode.NONE);
                assertThat(outcome.baseOffset()).isEqualTo(next);
                next += i % 3 == 2 ? 1 : 1 + (i * 37) % 900;
            }
        }
    }

    @Test
    void withoutAcknowledgementAnErrorClosesTheConnection() throws Exception {
        Topic topic = topic();
        ByteBuffer set = messageSet(1, false, 1);
        set.put(set.limit() - 1, (byte) 1);
        try (WireClient client = broker.connect()) {
            client.send(ProduceRequest.API, produceRequest(topic, (short) 0, messageSet(1, true, 1)), 2);
            client.send(ProduceRequest.API, produceRequest(topic, (short) 0, set), 2);
            client.awaitClosed();
        }
        try (WireClient client = broker.connect()) {
            assertThat(seen(read(client, 3, topic, fetchFrom(0, 0)))).hasSize(1);
        }
    }

    @Test
    void theAppendTimeIsToldAndGiven() throws Exception {
        Topic topic = topic(Map.of("message.timestamp.type", "LogAppendTime"));
        try (WireClient client = broker.connect()) {
            PartitionProduceResponse outcome = produce(client, 2, topic, messageSet(1, true, 2));
            assertThat(outcome.logAppendTimeMs()).isGreaterThanOrEqualTo(TIME);
            assertThat(seen(read(client, 3, topic, fetchFrom(0, 0))))
                    .extracting(Seen::timestamp)
                    .containsOnly(outcome.logAppendTimeMs());
        }
    }

    @Test
    void theTopicsCompressionTypeIsHonoured() throws Exception {
        Topic gzip = topic(Map.of("compression.type", "gzip"));
        Topic none = topic(Map.of("compression.type", "uncompressed"));
        Topic producers = topic();
        try (WireClient client = broker.connect()) {
            for (Topic topic : List.of(gzip, none, producers)) {
                produce(client, 2, topic, messageSet(1, true, 2));
                produce(client, 1, topic, messageSet(0, false, 2));
                for (Compression compression : List.of(Compression.NONE, Compression.GZIP)) {
                    ByteBuffer batch = new RecordBatchBuilder(compression, CODECS, 10_000)
                            .append(TIME, null, bytesOf("v"))
                            .build();
                    assertThat(error(produce(client, MODERN_PRODUCE, topic, batch)))
                            .isEqualTo(ErrorCode.NONE);
                }
            }
            assertThat(compressions(client, gzip)).containsOnly(Compression.GZIP);
            assertThat(compressions(client, none)).containsOnly(Compression.NONE);
            assertThat(compressions(client, producers))
                    .containsExactly(Compression.GZIP, Compression.NONE, Compression.NONE, Compression.GZIP);
        }
    }

    private static List<Compression> compressions(WireClient client, Topic topic) {
        List<Compression> all = new ArrayList<>();
        RecordBatches.complete(bytes(read(client, NEWEST, topic, fetchFrom(0, 0))))
                .forEach(batch -> {
                    batch.verify();
                    all.add(batch.compression());
                });
        return all;
    }

    @Test
    void withoutCodecsBatchesAreCarriedAndWhatMustBeOpenedIsRefused() throws Exception {
        try (FetchingBroker bare = new FetchingBroker();
                WireClient client = bare.connect()) {
            Topic topic = bare.topic("bare", 1, Map.of());
            ByteBuffer batch = new RecordBatchBuilder(Compression.GZIP, CODECS, 10_000)
                    .append(TIME, null, bytesOf("v"))
                    .build();
            assertThat(error(produce(client, MODERN_PRODUCE, topic, batch.duplicate())))
                    .isEqualTo(ErrorCode.NONE);
            assertThat(error(produce(client, 2, topic, messageSet(1, false, 1))))
                    .isEqualTo(ErrorCode.NONE);
            assertThat(error(produce(client, 2, topic, messageSet(1, true, 1))))
                    .isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
            assertThat(compressions(client, topic)).containsExactly(Compression.GZIP, Compression.NONE);
            assertThat(ErrorCode.forCode(read(client, 2, topic, fetchFrom(0, 0)).errorCode()))
                    .isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);

            Topic lz4 = bare.topic("lz4", 1, Map.of("compression.type", "lz4"));
            PartitionProduceResponse refused = produce(client, MODERN_PRODUCE, lz4, batch.duplicate());
            assertThat(error(refused)).isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
            assertThat(refused.errorMessage()).contains("«compression»");
        }
    }

    /** Version 0 answers with a list: the end and the offsets at which segments begin, the newest first. */
    @Test
    void listOffsetsVersion0() throws Exception {
        Topic topic = topic();
        try (WireClient client = broker.connect()) {
            assertThat(offsets(client, topic, -1, 10)).containsExactly(0L);
            produce(client, 0, topic, messageSet(0, false, 5));
            assertThat(offsets(client, topic, -1, 1)).containsExactly(5L);
            assertThat(offsets(client, topic, -1, 10)).containsExactly(5L, 0L);
            assertThat(offsets(client, topic, -2, 10)).containsExactly(0L);
            assertThat(offsets(client, topic, Long.MAX_VALUE, 10)).containsExactly(5L, 0L);
            assertThat(offsets(client, topic, -1, 0)).isEmpty();
        }
    }

    private static List<Long> offsets(WireClient client, Topic topic, long timestamp, int most) {
        ListOffsetsRequest request = ListOffsetsRequest.builder()
                .replicaId(-1)
                .topics(List.of(ListOffsetsTopic.builder()
                        .name(topic.name())
                        .partitions(List.of(ListOffsetsPartition.builder()
                                .partitionIndex(0)
                                .timestamp(timestamp)
                                .maxNumOffsets(most)
                                .build()))
                        .build()))
                .build();
        ListOffsetsPartitionResponse answer = client.call(ListOffsetsRequest.API, request, 0, ListOffsetsResponse::read)
                .topics()
                .get(0)
                .partitions()
                .get(0);
        assertThat(answer.errorCode()).isEqualTo(ErrorCode.NONE.code());
        return answer.oldStyleOffsets();
    }
}
