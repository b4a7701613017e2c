package io.brokkr.plugin.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.plugin.produce.ProduceHandlers;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.message.FetchRequest;
import io.brokkr.protocol.message.FetchRequest.FetchPartition;
import io.brokkr.protocol.message.FetchRequest.FetchTopic;
import io.brokkr.protocol.message.FetchResponse;
import io.brokkr.protocol.message.FetchResponse.FetchableTopicResponse;
import io.brokkr.protocol.message.FetchResponse.PartitionData;
import io.brokkr.protocol.message.ProduceRequest;
import io.brokkr.protocol.message.ProduceRequest.PartitionProduceData;
import io.brokkr.protocol.message.ProduceRequest.TopicProduceData;
import io.brokkr.protocol.message.ProduceResponse;
import io.brokkr.protocol.record.CompressionCodec;
import io.brokkr.protocol.record.Record;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatchBuilder;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Topic;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.WireClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A broker with the produce and fetch plugins and the memory engine, and the requests that its tests send. */
final class FetchingBroker implements AutoCloseable {

    static final int NEWEST = FetchRequest.API.highestVersion();
    static final int LAST_BY_NAME = 12;
    private static final UUID NO_ID = new UUID(0, 0);

    private final EmbeddedBroker broker;

    FetchingBroker(CompressionCodec... codecs) {
        this(Map.of(), (Object[]) codecs);
    }

    FetchingBroker(Map<String, String> settings, Object... extensions) {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder()
                .extension(MemoryStorageEngineFactory::new)
                .extension(ProduceHandlers::new)
                .extension(FetchHandlers::new);
        for (Object extension : extensions) {
            builder.extension(() -> extension);
        }
        settings.forEach(builder::setting);
        broker = builder.start();
    }

    WireClient connect() {
        return broker.connect();
    }

    Topic topic(String name, int partitions) throws Exception {
        return topic(name, partitions, Map.of());
    }

    Topic topic(String name, int partitions, Map<String, String> settings) throws Exception {
        return broker.services()
                .topics()
                .create(new NewTopic(name, partitions, 1, settings))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    /** Produces one batch, and gives its base offset. */
    static long produce(WireClient client, Topic topic, int partition, long timestamp, String... values) {
        RecordBatchBuilder batch = new RecordBatchBuilder();
        for (String value : values) {
            batch.append(timestamp, null, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
        }
        ProduceRequest request = ProduceRequest.builder()
                .acks((short) -1)
                .topicData(List.of(TopicProduceData.builder()
                        .topicId(topic.id())
                        .partitionData(List.of(PartitionProduceData.builder()
                                .index(partition)
                                .records(RecordData.of(batch.build()))
                                .build()))
                        .build()))
                .build();
        int version = ProduceRequest.API.highestVersion();
        ProduceResponse.PartitionProduceResponse outcome = client.call(
                        ProduceRequest.API, request, version, ProduceResponse::read)
                .responses()
                .get(0)
                .partitionResponses()
                .get(0);
        assertThat(ErrorCode.forCode(outcome.errorCode())).isEqualTo(ErrorCode.NONE);
        return outcome.baseOffset();
    }

    static long produce(WireClient client, Topic topic, int partition, String... values) {
        return produce(client, topic, partition, System.currentTimeMillis(), values);
    }

    static FetchPartition fetchFrom(int partition, long offset) {
        return FetchPartition.builder()
                .partition(partition)
                .fetchOffset(offset)
                .partitionMaxBytes(1 << 20)
                .build();
    }

    static FetchTopic fetchTopic(int version, Topic topic, FetchPartition... partitions) {
        boolean byName = version <= LAST_BY_NAME;
        return FetchTopic.builder()
                .topic(byName ? topic.name() : "")
                .topicId(byName ? NO_ID : topic.id())
                .partitions(List.of(partitions))
                .build();
    }

    /** A fetch that is content with one byte and does not wait. */
    static FetchRequest.Builder request(FetchTopic... topics) {
        return FetchRequest.builder().maxWaitMs(0).minBytes(1).maxBytes(1 << 20).topics(List.of(topics));
    }

    static FetchResponse fetch(WireClient client, int version, FetchRequest request) {
        return client.call(FetchRequest.API, request, version, FetchResponse::read);
    }

    static List<PartitionData> partitions(FetchResponse response) {
        List<PartitionData> all = new ArrayList<>();
        for (FetchableTopicResponse topic : response.responses()) {
            all.addAll(topic.partitions());
        }
        return all;
    }

    static PartitionData only(FetchResponse response) {
        assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE.code());
        assertThat(partitions(response)).hasSize(1);
        return partitions(response).get(0);
    }

    /** The values of the records, as text; the last batch may be cut. */
    static List<String> values(PartitionData partition) {
        assertThat(ErrorCode.forCode(partition.errorCode())).isEqualTo(ErrorCode.NONE);
        List<String> values = new ArrayList<>();
        for (RecordBatch batch : RecordBatches.possiblyCut(bytes(partition))) {
            assertThat(batch.isCrcValid()).isTrue();
            for (Record record : batch.records()) {
                values.add(StandardCharsets.UTF_8.decode(record.value()).toString());
            }
        }
        return values;
    }

    static ByteBuffer bytes(PartitionData partition) {
        RecordData records = partition.records();
        assertThat(records)
                .as("the records, which some clients cannot do without")
                .isNotNull();
        try {
            return records.toBuffer();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public void close() {
        broker.close();
    }
}
