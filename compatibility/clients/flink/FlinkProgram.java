import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A job of Apache Flink in one process: {@code <test> <bootstrap server> <prefix>}. Test {@code ships} copies a topic to another one with
 * Flink's Kafka source and sink, checkpointing on the way.
 */
public final class FlinkProgram {
    private static final int RECORDS = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private FlinkProgram() {}

    /** See the class. */
    public static void main(String[] arguments) {
        Thread watch = new Thread(FlinkProgram::endAfterLimit);
        watch.setDaemon(true);
        watch.start();
        try {
            ships(arguments[1], arguments[2] + "-" + arguments[0]);
        } catch (Exception | AssertionError e) {
            e.printStackTrace();
            System.exit(1);
        }
        System.exit(0);
    }

    private static void ships(String bootstrap, String name) throws Exception {
        List<String> sent = IntStream.range(0, RECORDS).mapToObj(number -> "record " + number).collect(Collectors.toList());
        send(bootstrap, name + "-in", sent);
        copy(bootstrap, name + "-in", name + "-out");
        List<String> seen = read(bootstrap, name + "-out", sent.size());
        if (!seen.equals(sent)) {
            throw new AssertionError("the copy differs: " + seen.size() + " records");
        }
    }

    private static void copy(String bootstrap, String from, String to) throws Exception {
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(1);
        environment.enableCheckpointing(500);
        KafkaSource<String> source = KafkaSource.<String>builder()
                .setBootstrapServers(bootstrap)
                .setTopics(from)
                .setGroupId(from)
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setBounded(OffsetsInitializer.latest())
                .setValueOnlyDeserializer(new SimpleStringSchema())
                .build();
        KafkaSink<String> sink = KafkaSink.<String>builder()
                .setBootstrapServers(bootstrap)
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setRecordSerializer(KafkaRecordSerializationSchema.builder()
                        .setTopic(to)
                        .setValueSerializationSchema(new SimpleStringSchema())
                        .build())
                .build();
        environment.fromSource(source, WatermarkStrategy.noWatermarks(), "source").sinkTo(sink);
        environment.execute("copy");
    }

    private static void send(String bootstrap, String topic, List<String> values) throws Exception {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings(bootstrap), new StringSerializer(), new StringSerializer())) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(topic, value));
            }
        }
    }

    private static List<String> read(String bootstrap, String topic, int count) {
        Properties settings = settings(bootstrap);
        settings.put("group.id", topic);
        settings.put("auto.offset.reset", "earliest");
        List<String> values = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            while (values.size() < count) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError(values.size() + " of " + count + " records are in the copy");
                }
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(500))) {
                    values.add(record.value());
                }
            }
        }
        return values;
    }

    private static Properties settings(String bootstrap) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        return settings;
    }

    private static void endAfterLimit() {
        try {
            Thread.sleep(80_000);
        } catch (InterruptedException e) {
            return;
        }
        System.err.println("hangs: no end within 80 s");
        Runtime.getRuntime().halt(2);
    }
}
