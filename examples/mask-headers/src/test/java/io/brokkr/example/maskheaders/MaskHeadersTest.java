package io.brokkr.example.maskheaders;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.junit.TestBroker;
import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.protocol.record.Record;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatchBuilder;
import io.brokkr.protocol.record.RecordHeader;
import io.brokkr.spi.record.InterceptedBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class MaskHeadersTest {

    private static final String TOPIC = "calls";

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

    @Test
    void theLogHasTheMask() throws Exception {
        try (TestBroker broker = brokerWithARecord("record.interceptors")) {
            assertThat(consumed(broker)).containsExactly("token=***", "trace=7");
            stopMasking(broker);
            assertThat(consumed(broker)).containsExactly("token=***", "trace=7");
        }
    }

    @Test
    void orTheLogHasTheTokenAndConsumersSeeTheMask() throws Exception {
        try (TestBroker broker = brokerWithARecord("record.interceptors.fetch")) {
            assertThat(consumed(broker)).containsExactly("token=***", "trace=7");
            stopMasking(broker);
            assertThat(consumed(broker)).containsExactly("token=secret", "trace=7");
        }
    }

    /** A broker with the plugin, which one setting of the topic asks for, and with a record that a stock producer has sent. */
    private static TestBroker brokerWithARecord(String setting) throws Exception {
        TestBroker broker = TestBroker.builder()
                .extension(new MaskHeaders())
                .topic(TOPIC, 1, Map.of(setting, "mask-headers", "mask.headers", "token"))
                .start();
        ProducerRecord<String, String> record = new ProducerRecord<>(TOPIC, "value");
        record.headers().add("token", "secret".getBytes(StandardCharsets.UTF_8));
        record.headers().add("trace", "7".getBytes(StandardCharsets.UTF_8));
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings(broker), new StringSerializer(), new StringSerializer())) {
            producer.send(record).get(60, TimeUnit.SECONDS);
        }
        return broker;
    }

    private static Map<String, Object> settings(TestBroker broker) {
        return Map.of("bootstrap.servers", broker.getBootstrapServers());
    }

    private static void stopMasking(TestBroker broker) throws Exception {
        AlterConfigOp stop = new AlterConfigOp(new ConfigEntry("mask.headers", ""), AlterConfigOp.OpType.DELETE);
        try (Admin admin = Admin.create(settings(broker))) {
            admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, TOPIC), List.of(stop)))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
    }

    /** The headers of the first record, as a stock consumer sees them; it waits until the test's time is over. */
    private static List<String> consumed(TestBroker broker) {
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings(broker), new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(TOPIC, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            ConsumerRecords<String, String> records = ConsumerRecords.empty();
            while (records.isEmpty()) {
                records = consumer.poll(Duration.ofSeconds(1));
            }
            List<String> all = new ArrayList<>();
            records.iterator()
                    .next()
                    .headers()
                    .forEach(
                            header -> all.add(header.key() + "=" + new String(header.value(), StandardCharsets.UTF_8)));
            return all;
        }
    }
}
