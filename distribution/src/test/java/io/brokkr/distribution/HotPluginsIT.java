package io.brokkr.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.testkit.WireClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Plugins that come and go while a broker in a process of its own runs. */
@Timeout(240)
class HotPluginsIT {

    @TempDir
    private Path folder;

    private Path plugins;
    private Path configuration;
    private BrokkrProcess broker;
    private WireClient client;

    @BeforeEach
    void startBroker() throws IOException {
        plugins = TestPlugin.copyShipped(folder.resolve("plugins"));
        configuration = Files.writeString(
                folder.resolve("my.properties"),
                "listeners=PLAINTEXT://localhost:0\nlog.dirs=" + folder.resolve("data") + "\nplugin.folders=" + plugins
                        + "\n");
        broker =
                BrokkrProcess.run("start", "--config", configuration.toString()).awaitReady();
        client = broker.connect();
    }

    @AfterEach
    void stopBroker() {
        client.close();
        broker.close();
    }

    private Path jar(TestPlugin plugin) {
        return plugin.modular().writeTo(folder.resolve(plugin.id() + "-" + plugin.version() + ".jar"));
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long start = System.nanoTime();
        while (!condition.call()) {
            assertThat(System.nanoTime() - start).as(what).isLessThan(60_000_000_000L);
        }
    }

    /** The time from the renaming to the first answer is printed, and belongs below a second; how busy the machine is must not decide whether the test passes. */
    @Test
    void aJarThatIsDroppedInIsServedAndOneThatIsTakenAwayIsNotAndNobodyElseNotices() throws Exception {
        Path jar = jar(new TestPlugin("dropped", "1.0.0"));
        assertThat(TestPlugin.isAdvertised(client)).isFalse();
        try (BusyClients clients = new BusyClients(broker.bootstrapServers()).awaitBusy()) {
            long start = System.nanoTime();
            TestPlugin.drop(jar, plugins.resolve("dropped.jar"));
            await("advertised", () -> TestPlugin.isAdvertised(client));
            assertThat(TestPlugin.whoServes(client)).isEqualTo("dropped 1.0.0");
            System.out.println("served " + (System.nanoTime() - start) / 1_000_000 + " ms after the drop");
            broker.awaitLine("plugin dropped 1.0.0 has come: API handlers");

            Files.delete(plugins.resolve("dropped.jar"));
            await("withdrawn", () -> !TestPlugin.isAdvertised(client));
            broker.awaitLine("plugins that go: dropped 1.0.0");
            assertThat(clients.stopAndCheck()).isPositive();
        }
    }

    /** It stands around the requests of all clients, and they do not notice that it comes and goes. */
    @Test
    void aHookMeetsRequestsAndHearsOfEventsFromWhenItComesUntilItGoes() throws Exception {
        Path jar = jar(
                new TestPlugin("strict", "1.0.0")
                        .create("broker.scheduler().repeat(java.time.Duration.ofMillis(10), () ->"
                                + " broker.events().raise(\"plugin.created\", \"strict\", java.util.Map.of()));")
                        .hook(
                                """
                        return context.api().name().equals("ApiVersions") && context.apiVersion() == 0
                                ? io.brokkr.spi.Response.completed(io.brokkr.protocol.message.ApiVersionsResponse.builder()
                                        .errorCode(io.brokkr.protocol.ErrorCode.POLICY_VIOLATION)
                                        .build())
                                : next.proceed(request).thenApply(response -> response);
                        """));
        List<Short> before = TestPlugin.advertised(client);
        try (BusyClients clients = new BusyClients(broker.bootstrapServers()).awaitBusy()) {
            TestPlugin.drop(jar, plugins.resolve("strict.jar"));
            broker.awaitLine("plugin strict 1.0.0 has come: API handlers, request hooks, event listener");
            assertThat(TestPlugin.advertised(client)).isEmpty();
            broker.awaitLine("heard of strict");
            Files.delete(plugins.resolve("strict.jar"));
            await("gone", () -> TestPlugin.advertised(client).equals(before));
            broker.awaitLine("plugins that go: strict 1.0.0");
            assertThat(clients.stopAndCheck()).isPositive();
        }
    }

    /** By a higher version beside it, and by another file under its name; the API is there all the time. */
    @Test
    void aPluginIsReplacedWithoutAMomentInWhichItsApiIsMissing() throws Exception {
        Path first = jar(new TestPlugin("mine", "1.0.0"));
        Path second = jar(new TestPlugin("mine", "2.0.0"));
        Path third = jar(new TestPlugin("mine", "0.5.0"));
        TestPlugin.drop(first, plugins.resolve("mine-1.jar"));
        await("the first", () -> TestPlugin.isAdvertised(client));
        try (BusyClients clients = new BusyClients(broker.bootstrapServers()).awaitBusy()) {
            TestPlugin.drop(second, plugins.resolve("mine-2.jar"));
            await("the second", () -> TestPlugin.whoServes(client).equals("mine 2.0.0"));
            broker.awaitLine("plugin mine 2.0.0 has come in the place of 1.0.0: API handlers");
            TestPlugin.drop(third, plugins.resolve("mine-2.jar"));
            await("the first again", () -> TestPlugin.whoServes(client).equals("mine 1.0.0"));
            Files.delete(plugins.resolve("mine-1.jar"));
            await("the third", () -> TestPlugin.whoServes(client).equals("mine 0.5.0"));
            clients.stopAndCheck();
        }
    }

    @Test
    void whatDependsOnAPluginGoesAndComesWithIt() throws Exception {
        Path base = jar(new TestPlugin("base", "1.0.0").handle("return null;"));
        Path above = new TestPlugin("above", "1.0.0")
                .create("System.out.println(\"above \" + base.Factory.class);")
                .plain()
                .manifest("Plugin-Dependencies", "base@>=1.0.0")
                .against(base)
                .writeTo(folder.resolve("above.jar"));
        Files.writeString(configuration, "api.providers=ListTransactions:above\n", StandardOpenOption.APPEND);
        client.close();
        broker.close();
        TestPlugin.drop(base, plugins.resolve("base.jar"));
        TestPlugin.drop(above, plugins.resolve("above.jar"));
        broker =
                BrokkrProcess.run("start", "--config", configuration.toString()).awaitReady();
        client = broker.connect();
        assertThat(TestPlugin.whoServes(client)).isEqualTo("above 1.0.0");

        Files.delete(plugins.resolve("base.jar"));
        await("both gone", () -> !TestPlugin.isAdvertised(client));
        broker.awaitLine("plugin above (" + plugins.resolve("above.jar")
                + ") is left out: it needs the plugin base, which is not there");
        broker.awaitLine("plugins that go: above 1.0.0, base 1.0.0");

        TestPlugin.drop(base, plugins.resolve("base.jar"));
        await("both back", () -> TestPlugin.isAdvertised(client));
        assertThat(TestPlugin.whoServes(client)).isEqualTo("above 1.0.0");
    }

    /** The file of the configuration is read again for them, and a wrong value is told with its line. */
    @Test
    void aPluginThatComesHasSettingsOfItsOwn() throws Exception {
        TestPlugin plugin = new TestPlugin("tuned", "1.0.0")
                .members(
                        """
                        static final io.brokkr.spi.Setting<Integer> LEVEL =
                                io.brokkr.spi.Setting.integer("tuned.level", 1, 1, 10, "How much.");
                        public java.util.List<io.brokkr.spi.Setting<?>> settings() { return java.util.List.of(LEVEL); }
                        """)
                .create("System.out.println(\"level \" + broker.configuration().get(LEVEL));");
        Path jar = jar(plugin);
        String before = Files.readString(configuration);
        Files.writeString(configuration, before + "tuned.level=11\nnum.partitions=3\n");
        TestPlugin.drop(jar, plugins.resolve("tuned.jar"));
        broker.awaitLine("plugin tuned (" + plugins.resolve("tuned.jar") + ") is left out: " + configuration
                + ", line 4: tuned.level=11: must be a whole number from 1 to 10");

        Files.writeString(configuration, before + "tuned.level=7\n");
        TestPlugin.drop(jar, plugins.resolve("tuned.jar"));
        broker.awaitLine("level 7");
        await("served", () -> TestPlugin.isAdvertised(client));
    }

    @Test
    void whatIsOpenedAtTheStartStaysUntilTheNextOne() throws Exception {
        Path engine;
        try (Stream<Path> jars = Files.list(plugins)) {
            engine = jars.filter(path -> path.getFileName().toString().startsWith("brokkr-storage-log"))
                    .findFirst()
                    .orElseThrow();
        }
        try (BusyClients clients = new BusyClients(broker.bootstrapServers()).awaitBusy()) {
            Files.move(engine, folder.resolve("engine.jar"));
            broker.awaitLine("stays as it is until the broker's next start, since it supplies the storage engine log");
            Files.move(folder.resolve("engine.jar"), plugins.resolve("other-name.jar"));
            broker.awaitLine("what supplies the storage engine log is replaced at the broker's next start");
            clients.stopAndCheck();
        }
    }

    /** A schema goes on being applied, whatever becomes of the plugin that applies it: without it nothing gets in. */
    @Test
    void aTopicTakesNoRecordsWithoutTheInterceptorThatItNames() throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers());
        Map<String, String> schema =
                Map.of("record.interceptors", "json-schema", "json.schema.value", "{\"type\": \"string\"}");
        try (Admin admin = Admin.create(settings);
                KafkaProducer<String, String> producer =
                        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            NewTopic topic = new NewTopic("checked", Optional.of(1), Optional.empty()).configs(schema);
            admin.createTopics(List.of(topic)).all().get(60, TimeUnit.SECONDS);
            assertThat(outcome(producer, "\"a\"")).isEqualTo("taken");
            assertThat(outcome(producer, "1")).isEqualTo("value: integer found, string expected");

            assertThat(described(admin)).contains("json.schema.value");

            run(0, "disable", "json-schema");
            await("refused", () -> !outcome(producer, "\"b\"").equals("taken"));
            assertThat(outcome(producer, "\"c\""))
                    .isEqualTo("record.interceptors=json-schema: not all of them are loaded; those that are: []");

            assertThat(described(admin)).contains("record.interceptors").doesNotContain("json.schema.value");

            run(0, "enable", "json-schema");
            await("taken again", () -> outcome(producer, "\"d\"").equals("taken"));
            assertThat(described(admin)).contains("json.schema.value");
            assertThat(outcome(producer, "1")).isEqualTo("value: integer found, string expected");
        }
    }

    /** The settings that topics have, as administrators see them. */
    private static List<String> described(Admin admin) throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "checked");
        return admin.describeConfigs(List.of(topic)).all().get(60, TimeUnit.SECONDS).get(topic).entries().stream()
                .map(ConfigEntry::name)
                .toList();
    }

    private static String outcome(KafkaProducer<String, String> producer, String value) throws Exception {
        try {
            producer.send(new ProducerRecord<>("checked", value)).get(60, TimeUnit.SECONDS);
            return "taken";
        } catch (ExecutionException refused) {
            return refused.getCause().getMessage();
        }
    }

    /** Each of the commands is followed by the running broker. */
    @Test
    void theCommandsChangeWhatARunningBrokerServes() throws Exception {
        Path jar = jar(new TestPlugin("handy", "1.0.0"));
        Path newer = jar(new TestPlugin("handy", "1.1.0"));
        run(0, "install", jar.toString()).awaitLine("installed handy 1.0.0 as ");
        await("installed", () -> TestPlugin.isAdvertised(client));
        run(1, "install", jar.toString())
                .awaitLine("is not installed: its version is 1.0.0, and " + plugins.resolve(jar.getFileName())
                        + " has the same id and version 1.0.0");
        run(0, "install", newer.toString());
        await("the newer one", () -> TestPlugin.whoServes(client).equals("handy 1.1.0"));
        assertThat(plugins.resolve(jar.getFileName())).doesNotExist();
        run(0, "disable", "handy").awaitLine("disabled handy, which is ");
        await("disabled", () -> !TestPlugin.isAdvertised(client));
        run(1, "disable", "handy").awaitLine("brokkr: the plugin handy is disabled already");
        run(0, "list").awaitLine("DISABLED");
        run(0, "enable", "handy");
        await("enabled", () -> TestPlugin.isAdvertised(client));
        run(1, "enable", "handy").awaitLine("brokkr: the plugin handy is not disabled");
        run(0, "list").awaitLine("requires SPI ");
        run(0, "remove", "handy").awaitLine("removed handy, which was ");
        await("removed", () -> !TestPlugin.isAdvertised(client));
        run(1, "remove", "hand").awaitLine("brokkr: there is no plugin hand");
        run(1, "remove", "grops").awaitLine("brokkr: there is no plugin grops; did you mean groups?");
        run(1, "install", configuration.toString()).awaitLine("is no jar");
        run(2, "remove").awaitLine("brokkr: the ID of a plugin is missing");
        Files.writeString(folder.resolve("torn.jar"), "half a download");
        run(1, "install", folder.resolve("torn.jar").toString())
                .awaitLine("is not installed: torn.jar cannot be read: ");
        Path base = jar(new TestPlugin("base", "1.0.0"));
        run(0, "install", base.toString());
        Path above = new TestPlugin("above", "1.0.0")
                .plain()
                .manifest("Plugin-Dependencies", "base")
                .writeTo(folder.resolve("above.jar"));
        run(0, "install", above.toString());
        run(1, "disable", "base").awaitLine("brokkr: the plugin base is needed by above");
    }

    private BrokkrProcess run(int exit, String... arguments) {
        List<String> all = Stream.of(
                        Stream.of("plugins"), Stream.of(arguments), Stream.of("--set", "plugin.folders=" + plugins))
                .flatMap(words -> words)
                .toList();
        try (BrokkrProcess process = BrokkrProcess.run(all.toArray(String[]::new))) {
            assertThat(process.awaitExit())
                    .as(() -> String.join("\n", process.lines()))
                    .isEqualTo(exit);
            return process;
        }
    }
}
