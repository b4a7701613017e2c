package io.brokkr.example.passwordfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.junit.TestBroker;
import io.brokkr.spi.BrokerConfiguration;
import io.brokkr.spi.MetricFamily;
import io.brokkr.spi.MetricsReporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who gets in with a stock client, and who does not. */
@Timeout(120)
class PasswordFileTest {

    private static final int ITERATIONS = 1000;

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void writeFile() throws IOException {
        file = folder.resolve("users");
        write(user("alice", "wonderland"));
    }

    private static String user(String name, String password) {
        return name + ":" + HashedPassword.of(password, ITERATIONS);
    }

    /** In one step, as operators do. */
    private void write(String... lines) throws IOException {
        Path next = Files.write(folder.resolve("next"), List.of(lines));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private TestBroker.Builder builder() {
        return TestBroker.builder()
                .extension(new PasswordFile())
                .setting("listener.security.protocol.map", "PLAINTEXT:SASL_PLAINTEXT")
                .setting("password.file", file.toString())
                .topic("orders");
    }

    /** What users of Kafka's clients write. */
    private static Map<String, Object> client(TestBroker broker, String name, String password) {
        Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", broker.getBootstrapServers()));
        settings.put("security.protocol", "SASL_PLAINTEXT");
        settings.put("sasl.mechanism", "PLAIN");
        settings.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + name + "\" password=\""
                        + password + "\";");
        return settings;
    }

    private static void produce(Map<String, Object> settings) throws Exception {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("orders", "one")).get(60, TimeUnit.SECONDS);
        }
    }

    private static String consume(Map<String, Object> settings) {
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition("orders", 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            return consumer.poll(Duration.ofSeconds(60)).iterator().next().value();
        }
    }

    private static int topics(Map<String, Object> settings) throws Exception {
        try (Admin admin = Admin.create(settings)) {
            return admin.listTopics().names().get(60, TimeUnit.SECONDS).size();
        }
    }

    @Test
    void whoKnowsThePasswordIsServed() throws Exception {
        try (TestBroker broker = builder().start()) {
            Map<String, Object> alice = client(broker, "alice", "wonderland");
            produce(alice);
            assertThat(consume(alice)).isEqualTo("one");
            assertThat(topics(alice)).isEqualTo(1);
        }
    }

    @Test
    void whoDoesNotIsToldSoAndCounted() throws Exception {
        Failures failures = new Failures();
        try (TestBroker broker = builder().extension(failures).start()) {
            Map<String, Object> guess = client(broker, "alice", "looking-glass");
            assertThatThrownBy(() -> produce(guess))
                    .hasRootCauseInstanceOf(SaslAuthenticationException.class)
                    .hasRootCauseMessage("Invalid username or password");
            assertThatThrownBy(() -> consume(guess)).isInstanceOf(SaslAuthenticationException.class);
            assertThatThrownBy(() -> topics(guess)).hasRootCauseInstanceOf(SaslAuthenticationException.class);
            double counted = failures.count();
            assertThat(counted).isGreaterThanOrEqualTo(3);

            assertThatThrownBy(() -> topics(client(broker, "bob", "wonderland")))
                    .hasRootCauseInstanceOf(SaslAuthenticationException.class)
                    .hasRootCauseMessage("Invalid username or password");
            assertThat(failures.count()).isGreaterThan(counted);
        }
    }

    @Test
    void whoDoesNotAuthenticateIsServedNothing() {
        try (TestBroker broker = builder().start()) {
            Map<String, Object> settings = Map.of(
                    "bootstrap.servers",
                    broker.getBootstrapServers(),
                    "request.timeout.ms",
                    "1000",
                    "default.api.timeout.ms",
                    "2000");
            assertThatThrownBy(() -> topics(settings)).hasRootCauseInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void aMechanismThatIsNotThereIsToldWithThoseThatAre() {
        try (TestBroker broker = builder().start()) {
            Map<String, Object> settings = client(broker, "alice", "wonderland");
            settings.put("sasl.mechanism", "SCRAM-SHA-256");
            settings.put(
                    "sasl.jaas.config",
                    "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"alice\""
                            + " password=\"wonderland\";");
            assertThatThrownBy(() -> topics(settings))
                    .hasRootCauseInstanceOf(UnsupportedSaslMechanismException.class)
                    .rootCause()
                    .hasMessageContaining("[PLAIN]");
        }
    }

    @Test
    void aChangeOfTheFileCountsFromTheNextTokenOn() throws Exception {
        try (TestBroker broker = builder().start()) {
            write(user("alice", "wonderland"), user("bob", "builder"));
            assertThat(topics(client(broker, "bob", "builder"))).isEqualTo(1);
            write("half a line");
            assertThat(topics(client(broker, "bob", "builder"))).isEqualTo(1);
            Files.delete(file);
            assertThat(topics(client(broker, "bob", "builder"))).isEqualTo(1);
            write(user("alice", "wonderland"));
            assertThatThrownBy(() -> topics(client(broker, "bob", "builder")))
                    .hasRootCauseInstanceOf(SaslAuthenticationException.class);
            assertThat(topics(client(broker, "alice", "wonderland"))).isEqualTo(1);
        }
    }

    @Test
    void withoutItsFileTheBrokerDoesNotStart() throws IOException {
        String begin = "the SASL mechanism PLAIN of the plugin ";
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() ->
                        builder().setting("password.file", missing.toString()).start())
                .hasMessageStartingWith(begin)
                .hasMessageEndingWith("cannot be opened: password.file: " + missing + ": there is no such file");
        assertThatThrownBy(() -> builder().setting("password.file", "").start())
                .hasMessageEndingWith("cannot be opened: password.file names no file; give the one with the users");
        write(user("alice", "wonderland"), "bob:builder");
        assertThatThrownBy(() -> builder().start())
                .hasMessageEndingWith(
                        "cannot be opened: password.file: " + file + ": line 2: must be name:iterations:salt:hash");
    }

    /** Sees the broker's metrics. */
    private static final class Failures implements MetricsReporter {

        private volatile Supplier<List<MetricFamily>> metrics = List::of;

        @Override
        public void start(Supplier<List<MetricFamily>> all, BrokerConfiguration configuration) {
            metrics = all;
        }

        @Override
        public void close() {}

        double count() {
            return metrics.get().stream()
                    .filter(family -> family.name().equals("brokkr_authentication_failures_total"))
                    .flatMap(family -> family.samples().stream())
                    .mapToDouble(MetricFamily.Sample::value)
                    .sum();
        }
    }
}
