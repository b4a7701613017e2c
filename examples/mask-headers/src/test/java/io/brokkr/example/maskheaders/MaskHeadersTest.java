package io.brokkr.example.maskheaders;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.protocol.record.Record;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatchBuilder;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.protocol.record.RecordHeader;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Partition.Durability;
import io.brokkr.spi.Partition.Isolation;
import io.brokkr.spi.TopicPartition;
import io.brokkr.spi.record.InterceptedBatch;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MaskHeadersTest {

    private static ByteBuffer batch(RecordHeader... headers) {
        return new RecordBatchBuilder()
                .append(System.currentTimeMillis(), null, bytes("value"), List.of(headers))
                .append(System.currentTimeMillis(), bytes("key"), null)
                .build();
    }

    private static ByteBuffer bytes(String text) {
        return StandardCharsets.UTF_8.encode(text);
    }

    /** Each header as its key and its value, record by record. */
    private static List<String> headers(RecordBatch batch) {
        List<String> all = new ArrayList<>();
        for (Record record : batch.records()) {
            record.headers()
                    .forEach(header -> all.add(record.offset() + " " + header.key() + "="
                            + StandardCharsets.UTF_8.decode(header.value())));
        }
        return all;
    }

    @Test
    void onlyWhatIsNamedIsMasked() {
        RecordBatch batch = RecordBatch.of(batch(
                new RecordHeader("token", bytes("secret")),
                new RecordHeader("trace", bytes("7")),
                new RecordHeader("token", bytes(""))));
        InterceptedBatch shown = InterceptedBatch.produced(batch, CompressionCodecs.NONE, Integer.MAX_VALUE);
        new MaskingInterceptor(List.of("token")).intercept(shown);
        assertThat(headers(shown.batch())).containsExactly("0 token=***", "0 trace=7", "0 token=***");
    }

    @Test
    void whereThereIsNothingToMaskNothingChanges() {
        RecordBatch batch = RecordBatch.of(batch(new RecordHeader("trace", bytes("7"))));
        InterceptedBatch shown = InterceptedBatch.produced(batch, CompressionCodecs.NONE, Integer.MAX_VALUE);
        new MaskingInterceptor(List.of("token")).intercept(shown);
        assertThat(shown.batch()).isSameAs(batch);
    }

    /** What is in a topic with these settings after a record with a token, as a reader of this isolation sees it. */
    private static List<String> headersIn(Map<String, String> settings, Isolation reader) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                .extension(MemoryStorageEngineFactory::new)
                .extension(MaskHeaders::new)
                .start()) {
            RecordData read = broker.services()
                    .topics()
                    .create(new NewTopic("calls", 1, 1, settings))
                    .thenCompose(topic -> broker.services().partitions().open(new TopicPartition("calls", 0)))
                    .thenCompose(partition -> partition
                            .append(batch(new RecordHeader("token", bytes("secret"))), Durability.COMMITTED)
                            .thenCompose(done -> partition.read(0, Integer.MAX_VALUE, true, reader)))
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS)
                    .records();
            try (read) {
                RecordBatch batch =
                        RecordBatches.complete(read.toBuffer()).iterator().next();
                batch.verify();
                return headers(batch);
            }
        }
    }

    @Test
    void aBrokerStoresTheMask() throws Exception {
        Map<String, String> settings = Map.of("record.interceptors", "mask-headers", "mask.headers", "token");
        assertThat(headersIn(settings, Isolation.LOG_END)).containsExactly("0 token=***");
    }

    @Test
    void orItStoresTheTokenAndShowsTheMask() throws Exception {
        Map<String, String> settings = Map.of("record.interceptors.fetch", "mask-headers", "mask.headers", "token");
        assertThat(headersIn(settings, Isolation.READ_UNCOMMITTED)).containsExactly("0 token=***");
        assertThat(headersIn(settings, Isolation.LOG_END)).containsExactly("0 token=secret");
    }
}
