package io.brokkr.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.message.ListGroupsRequest;
import io.brokkr.spi.security.AuthorizerFactory;
import io.brokkr.testkit.PluginJar;
import io.brokkr.testkit.WireClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker that asks who clients are, with the plugin of the guide dropped in as an operator would. */
@Timeout(240)
class SecurityIT {

    private static final String ASKS = "listener.security.protocol.map=PLAINTEXT:SASL_PLAINTEXT";

    @TempDir
    private Path folder;

    private Path plugins;
    private Path passwords;

    @BeforeEach
    void layOut() throws IOException {
        plugins = Files.createDirectory(folder.resolve("plugins"));
        passwords = folder.resolve("passwords");
    }

    private static Path example() throws IOException {
        try (Stream<Path> jars = Files.list(Path.of("../examples/password-file/target"))) {
            return jars.filter(
                            jar -> jar.getFileName().toString().matches("brokkr-example-password-file-[0-9].*\\.jar"))
                    .filter(jar -> !jar.toString().endsWith("-sources.jar"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("what examples/password-file builds"));
        }
    }

    private void dropExample() throws IOException {
        TestPlugin.drop(example(), plugins.resolve("password-file.jar"));
    }

    private String folders() {
        return "plugin.folders=" + BrokkrProcess.HOME.resolve("plugins") + "," + plugins;
    }

    private BrokkrProcess start(String... settings) {
        List<String> all = new ArrayList<>(List.of(folders(), "password.file=" + passwords));
        if (Files.notExists(plugins.resolve("password-file.jar"))) {
            all.remove(1);
        }
        all.addAll(Arrays.asList(settings));
        return BrokkrProcess.start(folder.resolve("data"), all.toArray(String[]::new));
    }

    /** With the command that the plugin brings, which reads the password from its standard input. */
    private void addUser(String name, String password) throws Exception {
        Path input = Files.writeString(folder.resolve("input"), password + "\n");
        ProcessBuilder command = new ProcessBuilder(
                        BrokkrProcess.HOME.resolve("bin/brokkr").toString(), "hash-password", "--set", folders(), name)
                .redirectInput(input.toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(passwords.toFile()))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        command.environment().put("JAVA_HOME", System.getProperty("java.home"));
        assertThat(command.start().waitFor()).isZero();
    }

    private static void produce(BrokkrProcess broker, String name, String password) throws Exception {
        Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", broker.bootstrapServers()));
        settings.put("security.protocol", "SASL_PLAINTEXT");
        settings.put("sasl.mechanism", "PLAIN");
        settings.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + name + "\" password=\""
                        + password + "\";");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("orders", "one")).get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void whoHasAPasswordIsServedAndNobodyElse() throws Exception {
        dropExample();
        addUser("alice", "wonderland");
        addUser("bob", "builder");
        try (BrokkrProcess broker = start(ASKS, "principal.builder=listener").awaitReady();
                WireClient stranger = broker.connect()) {
            produce(broker, "alice", "wonderland");
            produce(broker, "bob", "builder");
            assertThatThrownBy(() -> produce(broker, "bob", "wonderland"))
                    .hasRootCauseInstanceOf(SaslAuthenticationException.class)
                    .hasRootCauseMessage("Invalid username or password");
            broker.awaitLine("(PLAINTEXT) did not authenticate: Invalid username or password");

            stranger.send(ListGroupsRequest.API, ListGroupsRequest.builder().build(), 0);
            stranger.awaitClosed();
            broker.awaitLine("it asks for ListGroups and has not proved who it is");
        }
    }

    private static void assertRefused(BrokkrProcess broker, String reason) {
        assertThat(broker.awaitExit()).isEqualTo(1);
        assertThat(broker.lines()).last().isEqualTo("brokkr: " + reason);
        assertThat(broker.lines())
                .filteredOn(line -> line.startsWith("brokkr: "))
                .hasSize(1);
    }

    @Test
    void aListenerThatAsksWithoutAMechanismIsRefused() {
        try (BrokkrProcess broker = start(ASKS)) {
            assertRefused(
                    broker,
                    "listeners: PLAINTEXT://localhost:0: clients have to authenticate there, and no plugin has a SASL"
                            + " mechanism for them");
        }
    }

    @Test
    void whatIsNamedAndNotThereIsRefused() throws Exception {
        try (BrokkrProcess broker = start("authorizer=nobody")) {
            assertRefused(broker, "no plugin supplies the authorizer nobody, which authorizer names; there is none");
        }
        dropExample();
        addUser("alice", "wonderland");
        try (BrokkrProcess broker = start("principal.builder=nobody")) {
            assertRefused(
                    broker,
                    "no plugin supplies the principal builder nobody, which principal.builder names; there is listener");
        }
    }

    @Test
    void whatFailsIsRefused() throws Exception {
        dropExample();
        try (BrokkrProcess broker = start(ASKS)) {
            assertRefused(
                    broker,
                    "the SASL mechanism PLAIN of the plugin password-file 1.0.0 cannot be opened: password.file: "
                            + passwords + ": there is no such file");
        }
        new PluginJar()
                .plugin("broken", "1.0.0")
                .source(
                        "broken.Factory",
                        """
                        package broken;
                        public class Factory implements io.brokkr.spi.security.AuthorizerFactory {
                            public String name() {
                                return "broken";
                            }
                            public io.brokkr.spi.security.Authorizer create(io.brokkr.spi.BrokerServices broker) {
                                throw new IllegalStateException("the rules are gone");
                            }
                        }
                        """)
                .provider(AuthorizerFactory.class, "broken.Factory")
                .writeTo(plugins.resolve("broken.jar"));
        addUser("alice", "wonderland");
        try (BrokkrProcess broker = start("authorizer=broken")) {
            assertRefused(
                    broker, "the authorizer broken of the plugin broken 1.0.0 cannot be opened: the rules are gone");
        }
    }

    /** A broker without rules does not get some in the middle, and one with rules does not lose them. */
    @Test
    void whatComesOrGoesWhileTheBrokerRunsCountsFromItsNextStartOn() throws Exception {
        try (BrokkrProcess broker = start().awaitReady()) {
            dropExample();
            broker.awaitLine(
                    "it supplies the SASL mechanism PLAIN, the principal builder listener: start the broker again"
                            + " to use it");
        }
        addUser("alice", "wonderland");
        try (BrokkrProcess broker = start(ASKS).awaitReady()) {
            Files.delete(plugins.resolve("password-file.jar"));
            broker.awaitLine(
                    "stays as it is until the broker's next start, since it supplies the SASL mechanism PLAIN");
            produce(broker, "alice", "wonderland");
        }
    }
}
