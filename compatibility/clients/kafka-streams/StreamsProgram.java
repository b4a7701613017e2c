import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Produced;

/**
 * A Kafka Streams application (at-least-once): {@code <test> <bootstrap server> <prefix>}. Test {@code counts} counts words by way of a
 * repartition topic and a store with a changelog, stops, and goes on without its local state, which it must find in the changelog.
 */
public final class StreamsProgram {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int WORDS = 20;

    private StreamsProgram() {}

    /** See the class. */
    public static void main(String[] arguments) {
        Thread watch = new Thread(StreamsProgram::endAfterLimit);
        watch.setDaemon(true);
        watch.start();
        try {
            counts(arguments[1], arguments[2] + "-" + arguments[0]);
        } catch (Exception | AssertionError e) {
            e.printStackTrace();
            System.exit(1);
        }
        System.exit(0);
    }

    private static void counts(String bootstrap, String name) throws Exception {
        try (Admin admin = Admin.create(settings(bootstrap))) {
            admin.createTopics(List.of(new NewTopic(name + "-words", 3, (short) 1), new NewTopic(name + "-counts", 2, (short) 1)))
                    .all()
                    .get();
        }
        for (int round = 1; round <= 2; round++) {
            Path state = Files.createTempDirectory("streams");
            KafkaStreams streams = application(bootstrap, name, state);
            streams.start();
            send(bootstrap, name + "-words", 300);
            expectCounts(bootstrap, name + "-counts", 300L * round / WORDS, streams);
            if (!streams.close(Duration.ofSeconds(20))) {
                throw new AssertionError("the application does not close");
            }
            streams.cleanUp();
        }
    }

    private static KafkaStreams application(String bootstrap, String name, Path state) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.<String, String>stream(name + "-words")
                .groupBy((key, word) -> word)
                .count()
                .toStream()
                .to(name + "-counts", Produced.with(Serdes.String(), Serdes.Long()));
        Properties settings = settings(bootstrap);
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, name);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        settings.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        settings.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        // Results of a test are wanted sooner than after 30 s.
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 500);
        // A Streams application does not leave its group when it closes, so that the next one waits for the end of this; 45 s by default.
        settings.put("session.timeout.ms", 6000);
        return new KafkaStreams(builder.build(), settings);
    }

    private static void send(String bootstrap, String topic, int count) {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings(bootstrap), new StringSerializer(), new StringSerializer())) {
            for (int number = 0; number < count; number++) {
                producer.send(new ProducerRecord<>(topic, Integer.toString(number), "word " + number % WORDS));
            }
        }
    }

    private static void expectCounts(String bootstrap, String topic, long each, KafkaStreams streams) {
        Properties settings = settings(bootstrap);
        settings.put("group.id", topic + "-reader-" + each);
        settings.put("auto.offset.reset", "earliest");
        Map<String, Long> seen = new HashMap<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (KafkaConsumer<String, Long> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new LongDeserializer())) {
            consumer.subscribe(List.of(topic));
            while (seen.size() < WORDS || !seen.values().stream().allMatch(count -> count == each)) {
                if (System.nanoTime() > deadline || streams.state() == KafkaStreams.State.ERROR) {
                    throw new AssertionError("each word should be there " + each + " times: " + seen + "; the application is in state "
                            + streams.state());
                }
                for (ConsumerRecord<String, Long> record : consumer.poll(Duration.ofMillis(500))) {
                    seen.put(record.key(), record.value());
                }
            }
        }
    }

    private static Properties settings(String bootstrap) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        return settings;
    }

    private static void endAfterLimit() {
        try {
            Thread.sleep(85_000);
        } catch (InterruptedException e) {
            return;
        }
        System.err.println("hangs: no end within 85 s");
        Runtime.getRuntime().halt(2);
    }
}
