package io.brokkr.plugin.produce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.core.StartException;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.message.ProduceRequest;
import io.brokkr.protocol.message.ProduceRequest.PartitionProduceData;
import io.brokkr.protocol.message.ProduceRequest.TopicProduceData;
import io.brokkr.protocol.message.ProduceResponse;
import io.brokkr.protocol.message.ProduceResponse.BatchIndexAndErrorMessage;
import io.brokkr.protocol.message.ProduceResponse.PartitionProduceResponse;
import io.brokkr.protocol.record.Record;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatchBuilder;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.protocol.record.RecordHeader;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Partition.Isolation;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicPartition;
import io.brokkr.spi.record.RecordInterceptorFactory;
import io.brokkr.spi.record.RecordInterceptors;
import io.brokkr.spi.record.Verdict;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.WireClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What clients of each version hear of an interceptor that refuses records. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InterceptedProducingTest {

    private static final int FIRST_VERSION_OF_RECORD_ERRORS = 8;
    private static final int LAST_VERSION_OF_OLD_FORMATS = 2;
    private static final int LAST_VERSION_BY_NAME = 12;

    private EmbeddedBroker broker;
    private Topic topic;

    /** Refuses what does not begin with «good», and marks the rest. */
    private static final class GoodRecords implements RecordInterceptorFactory {

        @Override
        public String name() {
            return "good-records";
        }

        @Override
        public RecordInterceptors create(BrokerServices services) {
            return topic -> batch -> batch.forEach(record -> {
                String value = StandardCharsets.UTF_8.decode(record.value()).toString();
                return value.startsWith("good")
                        ? Verdict.replace(record.value(), List.of(new RecordHeader("checked", null)))
                        : Verdict.refuse(value + " is not good");
            });
        }
    }

    @BeforeAll
    void start() throws Exception {
        broker = EmbeddedBroker.builder()
                .extension(MemoryStorageEngineFactory::new)
                .extension(ProduceHandlers::new)
                .extension(GoodRecords::new)
                .start();
        topic = broker.services()
                .topics()
                .create(new NewTopic("checked", 1, 1, Map.of("record.interceptors", "good-records")))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    static IntStream versions() {
        return IntStream.rangeClosed(0, ProduceRequest.API.highestVersion());
    }

    @ParameterizedTest
    @MethodSource("versions")
    void everyVersionHearsOfARefusalAsFarAsItHasTheFields(int version) {
        PartitionProduceResponse outcome = produce(version, "good", "bad", "good", "worse");
        assertThat(ErrorCode.forCode(outcome.errorCode())).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(outcome.baseOffset()).isEqualTo(-1);
        if (version < FIRST_VERSION_OF_RECORD_ERRORS) {
            assertThat(outcome.recordErrors()).isEmpty();
            assertThat(outcome.errorMessage()).isNull();
        } else {
            assertThat(outcome.recordErrors()).containsExactly(error(1, "bad"), error(3, "worse"));
            assertThat(outcome.errorMessage()).isEqualTo("good-records refuses record 1, and others: bad is not good");
        }
    }

    private static BatchIndexAndErrorMessage error(int index, String value) {
        return BatchIndexAndErrorMessage.builder()
                .batchIndex(index)
                .batchIndexErrorMessage(value + " is not good")
                .build();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void everyVersionsRecordsAreChanged(int version) throws Exception {
        PartitionProduceResponse outcome = produce(version, "good 1", "good 2");
        assertThat(ErrorCode.forCode(outcome.errorCode())).isEqualTo(ErrorCode.NONE);
        assertThat(stored(outcome.baseOffset())).containsExactly("good 1[checked]", "good 2[checked]");
    }

    private static EmbeddedBroker.Builder another() {
        return EmbeddedBroker.builder()
                .extension(MemoryStorageEngineFactory::new)
                .extension(GoodRecords::new);
    }

    @Test
    void aBrokerStartsOnlyWithTheInterceptorsThatAllTopicsNeed() {
        another().setting("log.record.interceptors", "good-records").start().close();
        assertThatThrownBy(() -> another()
                        .setting("log.record.interceptors", "good-records,missing")
                        .start())
                .isInstanceOf(StartException.class)
                .hasMessage("log.record.interceptors names one that is not loaded; those that are: [good-records]");
    }

    @Test
    void aNameHasOneInterceptor() {
        RecordInterceptorFactory sameName = new RecordInterceptorFactory() {
            @Override
            public String name() {
                return "good-records";
            }

            @Override
            public RecordInterceptors create(BrokerServices services) {
                return topic -> null;
            }
        };
        assertThatThrownBy(() -> another().extension(() -> sameName).start())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("both supply the record interceptor good-records; remove one of them");
    }

    @Test
    void withoutAcknowledgementARefusalClosesTheConnection() {
        try (WireClient client = broker.connect()) {
            int version = ProduceRequest.API.highestVersion();
            client.send(ProduceRequest.API, request(version, (short) 0, "bad"), version);
            client.awaitClosed();
        }
    }

    private PartitionProduceResponse produce(int version, String... values) {
        try (WireClient client = broker.connect()) {
            return client.call(ProduceRequest.API, request(version, (short) -1, values), version, ProduceResponse::read)
                    .responses()
                    .get(0)
                    .partitionResponses()
                    .get(0);
        }
    }

    private ProduceRequest request(int version, short acks, String... values) {
        boolean byName = version <= LAST_VERSION_BY_NAME;
        return ProduceRequest.builder()
                .acks(acks)
                .timeoutMs(1_000)
                .topicData(List.of(TopicProduceData.builder()
                        .name(byName ? topic.name() : "")
                        .topicId(byName ? new UUID(0, 0) : topic.id())
                        .partitionData(List.of(PartitionProduceData.builder()
                                .index(0)
                                .records(RecordData.of(records(version, values)))
                                .build()))
                        .build()))
                .build();
    }

    private static ByteBuffer records(int version, String... values) {
        if (version <= LAST_VERSION_OF_OLD_FORMATS) {
            byte magic = (byte) (version < LAST_VERSION_OF_OLD_FORMATS ? 0 : 1);
            SimpleRecord[] messages = new SimpleRecord[values.length];
            for (int i = 0; i < values.length; i++) {
                messages[i] = new SimpleRecord(values[i].getBytes(StandardCharsets.UTF_8));
            }
            return MemoryRecords.withRecords(magic, 0, Compression.NONE, TimestampType.CREATE_TIME, messages)
                    .buffer();
        }
        RecordBatchBuilder builder = new RecordBatchBuilder();
        for (String value : values) {
            builder.append(System.currentTimeMillis(), null, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
        }
        return builder.build();
    }

    private List<String> stored(long offset) throws Exception {
        RecordData data = broker.services()
                .partitions()
                .open(new TopicPartition(topic.name(), 0))
                .thenCompose(partition -> partition.read(offset, Integer.MAX_VALUE, true, Isolation.READ_UNCOMMITTED))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS)
                .records();
        List<String> all = new ArrayList<>();
        try (data) {
            for (RecordBatch batch : RecordBatches.possiblyCut(data.toBuffer())) {
                batch.verify();
                for (Record record : batch.records()) {
                    all.add(StandardCharsets.UTF_8.decode(record.value())
                            + record.headers().stream()
                                    .map(RecordHeader::key)
                                    .toList()
                                    .toString());
                }
            }
        }
        return all;
    }
}
