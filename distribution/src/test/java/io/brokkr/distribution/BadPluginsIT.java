package io.brokkr.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.ListTransactionsRequest;
import io.brokkr.protocol.message.ProduceRequest;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.testkit.PluginJar;
import io.brokkr.testkit.WireClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is dropped into a running broker is told in one line, and the broker's other work goes on. */
@Timeout(240)
class BadPluginsIT {

    private static final String NEVER = "new java.util.concurrent.CountDownLatch(1).await();";

    @TempDir
    private Path folder;

    private Path plugins;
    private BrokkrProcess broker;
    private WireClient client;

    @BeforeEach
    void startBroker() {
        plugins = TestPlugin.copyShipped(folder.resolve("plugins"));
        broker = BrokkrProcess.start(
                        folder.resolve("data"),
                        "plugin.folders=" + plugins,
                        "shutdown.timeout.ms=2000",
                        "num.network.threads=2")
                .awaitReady();
        client = broker.connect();
    }

    /** Others are served, a good plugin that comes later too, and nothing but that line was told. */
    @AfterEach
    void theRestOfTheBrokerWorksOn() {
        assertThat(TestPlugin.advertised(client)).contains((short) ProduceRequest.API.key());
        TestPlugin.drop(
                new TestPlugin("good", "1.0.0").modular().writeTo(folder.resolve("good.jar")),
                plugins.resolve("good.jar"));
        broker.awaitLine("plugin good 1.0.0 has come");
        client.close();
        assertThat(broker.terminate().awaitExit()).isEqualTo(128 + 15);
        broker.close();
    }

    private Path drop(PluginJar jar, String name) {
        TestPlugin.drop(jar.writeTo(folder.resolve(name)), plugins.resolve(name));
        return plugins.resolve(name);
    }

    private void awaitLeftOut(String plugin, String reason) {
        String text = "plugin " + plugin + " is left out: " + reason;
        broker.awaitLine(text);
        assertThat(broker.lines()).filteredOn(line -> line.contains(text)).hasSize(1);
        assertThat(broker.lines()).noneMatch(other -> other.startsWith("\tat "));
        assertThat(TestPlugin.isAdvertised(client)).isFalse();
    }

    private static byte[] zip(String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                if (name.equals("META-INF/MANIFEST.MF")) {
                    zip.write("Manifest-Version: 1.0\nPlugin-Id: climber\nPlugin-Version: 1.0.0\n\n"
                            .getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void jarsThatAreNone() throws IOException {
        Files.write(plugins.resolve("empty.jar"), zip("some/Thing.class"));
        awaitLeftOut(plugins.resolve("empty.jar").toString(), "its manifest has no Plugin-Id");
        Files.write(plugins.resolve("climber.jar"), zip("META-INF/MANIFEST.MF", "../../etc/passwd"));
        awaitLeftOut(
                plugins.resolve("climber.jar").toString(),
                "climber.jar has an entry that would lie outside of it: ../../etc/passwd");
        Files.writeString(plugins.resolve("text.jar"), "no jar");
        awaitLeftOut(plugins.resolve("text.jar").toString(), "text.jar cannot be read: ");
    }

    /** It is whole when its last byte is there, whatever it is called; before that nothing is served of it. */
    @Test
    void aHalfCopiedJarIsNotLoadedAndAWholeOneIs() throws IOException {
        Path jar = new TestPlugin("slow", "1.0.0").modular().writeTo(folder.resolve("slow.jar"));
        byte[] bytes = Files.readAllBytes(jar);
        Files.write(plugins.resolve("slow.jar"), Arrays.copyOf(bytes, bytes.length / 2));
        awaitLeftOut(plugins.resolve("slow.jar").toString(), "slow.jar cannot be read: ");
        Files.write(plugins.resolve("slow.jar"), bytes);
        broker.awaitLine("plugin slow 1.0.0 has come");
        assertThat(TestPlugin.whoServes(client)).isEqualTo("slow 1.0.0");
        Files.delete(plugins.resolve("slow.jar"));
        broker.awaitLine("plugins that go: slow 1.0.0");
    }

    @Test
    void whatDoesNotFit() {
        Path wrong = drop(
                new PluginJar()
                        .plugin("wrong", "1.0.0")
                        .source("wrong.Thing", "package wrong; public class Thing {}")
                        .provider(ApiHandlerFactory.class, "wrong.Thing"),
                "wrong.jar");
        awaitLeftOut("wrong (" + wrong + ")", "");
        broker.awaitLine("wrong.Thing not a subtype");
        Path future =
                drop(new TestPlugin("future", "1.0.0").modular().manifest("Plugin-Requires", ">=9.0.0"), "future.jar");
        awaitLeftOut("future (" + future + ")", "it requires version >=9.0.0 of Brokkr's SPI, and this is 0.1.0");
        Path one = drop(new TestPlugin("one", "1.0.0").plain().manifest("Plugin-Dependencies", "two"), "one.jar");
        awaitLeftOut("one (" + one + ")", "it needs the plugin two, which is not there");
        drop(new TestPlugin("two", "1.0.0").plain().manifest("Plugin-Dependencies", "one"), "two.jar");
        awaitLeftOut("one (" + one + ")", "the dependencies among one, two go round in a circle");
        Path twice = drop(
                new TestPlugin("twice", "1.0.0")
                        .members(
                                "public java.util.List<io.brokkr.spi.Setting<?>> settings() { return java.util.List.of("
                                        + "io.brokkr.spi.Setting.text(\"listeners\", \"\", \"\")); }")
                        .modular(),
                "twice.jar");
        awaitLeftOut(
                "twice (" + twice + ")",
                "the setting listeners is declared twice: by the core and by the plugin twice");
        Path conflict = drop(
                new PluginJar()
                        .plugin("conflict", "1.0.0")
                        .source(
                                "conflict.Factory",
                                """
                                package conflict;
                                public class Factory implements io.brokkr.spi.ApiHandlerFactory {
                                    public java.util.List<io.brokkr.spi.ApiHandler<?>> create(io.brokkr.spi.BrokerServices broker) {
                                        return java.util.List.of(new Handler());
                                    }
                                }
                                """)
                        .source(
                                "conflict.Handler",
                                """
                                package conflict;
                                import io.brokkr.protocol.message.*;
                                class Handler implements io.brokkr.spi.ApiHandler<ProduceRequest> {
                                    public io.brokkr.protocol.Api<ProduceRequest> api() { return ProduceRequest.API; }
                                    public java.util.concurrent.CompletionStage<io.brokkr.spi.Response> handle(
                                            io.brokkr.spi.RequestContext context, ProduceRequest request) { return null; }
                                    public io.brokkr.protocol.Message failure(
                                            ProduceRequest request, int version, io.brokkr.protocol.ErrorCode error) { return null; }
                                }
                                """)
                        .provider(ApiHandlerFactory.class, "conflict.Factory"),
                "conflict.jar");
        awaitLeftOut("conflict (" + conflict + ")", "the plugins produce ");
        broker.awaitLine("both serve Produce; remove one of them, or choose with api.providers=Produce:produce");
    }

    @Test
    void whatFailsWhileItIsLoaded() {
        Path throwing = drop(
                new TestPlugin("throwing", "1.0.0")
                        .members("static { if (true) throw new IllegalStateException(\"out of order\"); }")
                        .modular(),
                "throwing.jar");
        awaitLeftOut("throwing (" + throwing + ")", "");
        assertThat(broker.awaitLine("plugin throwing (")).endsWith("IllegalStateException: out of order");
        Path erring = drop(
                new TestPlugin("erring", "1.0.0")
                        .create("if (true) throw new AssertionError(\"no\");")
                        .plain(),
                "erring.jar");
        awaitLeftOut("erring (" + erring + ")", "AssertionError: no");
        Path hanging = drop(
                new TestPlugin("hanging", "1.0.0")
                        .members("static { boolean on = true; while (on) { try { " + NEVER
                                + " } catch (InterruptedException again) { on = true; } } }")
                        .modular(),
                "hanging.jar");
        awaitLeftOut(
                "hanging (" + hanging + ")", "it did not get ready within 5000 ms; what hangs in it is left behind");
        Path waiting = drop(
                new TestPlugin("waiting", "1.0.0")
                        .create("try { " + NEVER
                                + " } catch (InterruptedException e) { throw new IllegalStateException(e); }")
                        .plain(),
                "waiting.jar");
        awaitLeftOut("waiting (" + waiting + ")", "it did not get ready within 5000 ms");
    }

    /** Errors and answers of another API cost the request. */
    @Test
    void aHandlerThatThrowsErrorsOrAnswersWhatNobodyAsked() throws IOException {
        Path place = plugins.resolve("rude.jar");
        drop(
                new TestPlugin("rude", "1.0.0")
                        .handle("throw new StackOverflowError(\"deep\");")
                        .modular(),
                "rude.jar");
        broker.awaitLine("plugin rude 1.0.0 has come");
        assertThat(TestPlugin.call(client).errorCode()).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR.code());
        broker.awaitLine("A bug in rude: it failed at ListTransactions version 1 of client 'wire-client'");
        TestPlugin.drop(
                new TestPlugin("rude", "1.0.1")
                        .handle("return io.brokkr.spi.Response.completed("
                                + "io.brokkr.protocol.message.HeartbeatResponse.builder().build());")
                        .modular()
                        .writeTo(folder.resolve("rude-2.jar")),
                place);
        broker.awaitLine("plugin rude 1.0.1 has come in the place of 1.0.0");
        assertThat(TestPlugin.call(client).errorCode()).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR.code());
        broker.awaitLine("the answer to ListTransactions is a HeartbeatResponse");
        Files.delete(place);
        broker.awaitLine("plugins that go: rude 1.0.1");
    }

    /** What blocks in it is interrupted when it goes, and what never answers is left behind. */
    @Test
    void aHandlerThatBlocksIsNamedWhenItGoes() throws IOException {
        Path place = drop(
                new TestPlugin("blocking", "1.0.0")
                        .handle(
                                "try { " + NEVER
                                        + " } catch (InterruptedException e) { throw new IllegalStateException(e); } return null;")
                        .modular(),
                "blocking.jar");
        broker.awaitLine("plugin blocking 1.0.0 has come");
        try (WireClient blocked = broker.connect()) {
            blocked.send(
                    ListTransactionsRequest.API,
                    ListTransactionsRequest.builder().build(),
                    1);
            assertThat(TestPlugin.advertised(client)).contains((short) ProduceRequest.API.key());
            assertThat(broker.awaitLine("the plugin blocking has held up the thread brokkr-network-"))
                    .contains(" ms with ListTransactions version 1 of client 'wire-client' at ");
            broker.awaitLine("blocking.Handler.handle(");
            Files.delete(place);
            broker.awaitLine("requests of the plugin blocking did not end within 2000 ms and are left behind");
            broker.awaitLine("the plugin blocking 1.0.0 has left [");
            broker.awaitLine("A bug in blocking: it failed at ListTransactions");
            assertThat(broker.awaitLine(" is free again after ")).contains("brokkr-network-", "ListTransactions");
            assertThat(broker.lines())
                    .filteredOn(line -> line.contains("the plugin blocking has held up the thread "))
                    .hasSize(1);
        }
    }

    /** What was read from a log and is neither sent nor closed: clients do not notice, and nothing is used up. */
    @Test
    void aHandlerThatLeavesOpenWhatItReads() throws Exception {
        Path place = drop(
                new TestPlugin("leaky", "1.0.0")
                        .members("static io.brokkr.spi.BrokerServices services;")
                        .create("services = broker;")
                        .handle(
                                """
                        return Factory.services.partitions().open(new io.brokkr.spi.TopicPartition("busy", 0))
                                .thenCompose(partition -> partition.read(
                                        0, 1_000_000, true, io.brokkr.spi.Partition.Isolation.READ_UNCOMMITTED))
                                .thenApply(read -> {
                                    if (read.records().sizeInBytes() == 0) throw new IllegalStateException("nothing read");
                                    return io.brokkr.spi.Response.of(answer);
                                });
                        """)
                        .modular(),
                "leaky.jar");
        try (BusyClients clients = new BusyClients(broker.bootstrapServers()).awaitBusy()) {
            broker.awaitLine("plugin leaky 1.0.0 has come");
            assertThat(TestPlugin.whoServes(client)).isEqualTo("leaky 1.0.0");
            int before = Holdings.of(broker.pid()).files().size();
            for (int call = 0; call < 5_000; call++) {
                assertThat(TestPlugin.whoServes(client)).isEqualTo("leaky 1.0.0");
            }
            assertThat(Holdings.of(broker.pid()).files()).hasSizeLessThanOrEqualTo(before + 4);
            assertThat(clients.stopAndCheck()).isPositive();
        }
        Files.delete(place);
        broker.awaitLine("plugins that go: leaky 1.0.0");
    }

    @Test
    void threadsThatAreLeftBehindAreNamedAndInterrupted() throws IOException {
        Path place = drop(
                new TestPlugin("spawning", "1.0.0")
                        .create(
                                "new Thread(() -> { try { " + NEVER
                                        + " } catch (InterruptedException e) { System.out.println(\"told to end\"); } }, \"stray\").start();")
                        .plain(),
                "spawning.jar");
        broker.awaitLine("plugin spawning 1.0.0 has come");
        Files.delete(place);
        broker.awaitLine(
                "the plugin spawning 1.0.0 has left [stray] behind, which are interrupted now; its classes stay in memory until they end");
        broker.awaitLine("told to end");
    }

    /** As cp does it, while requests are served from it: in the end the new one serves, and what it cost meanwhile were requests to it. */
    @Test
    void aJarThatIsWrittenOverWhileItIsUsed() throws IOException {
        Path first = new TestPlugin("over", "1.0.0").modular().writeTo(folder.resolve("first.jar"));
        Path second = new TestPlugin("over", "2.0.0").modular().writeTo(folder.resolve("second.jar"));
        TestPlugin.drop(first, plugins.resolve("over.jar"));
        broker.awaitLine("plugin over 1.0.0 has come");
        Files.write(plugins.resolve("over.jar"), Files.readAllBytes(second));
        broker.awaitLine("plugin over 2.0.0 has come in the place of 1.0.0");
        assertThat(TestPlugin.whoServes(client)).isEqualTo("over 2.0.0");
        Files.delete(plugins.resolve("over.jar"));
        broker.awaitLine("plugins that go: over 2.0.0");
    }
}
