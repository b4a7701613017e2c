package io.brokkr.distribution;

import static io.brokkr.distribution.TestPlugin.advertised;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.message.ApiVersionsRequest;
import io.brokkr.protocol.message.FindCoordinatorRequest;
import io.brokkr.protocol.message.JoinGroupRequest;
import io.brokkr.protocol.message.ProduceRequest;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.spi.CommandLineTool;
import io.brokkr.testkit.PluginJar;
import io.brokkr.testkit.WireClient;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an operator can do with plugins, in a real process on the module path. */
@Timeout(180)
class PluginsIT {

    /** Says so, where a test wants to know what a plugin sees. */
    private static final String ECHO =
            """
            package %1$s;
            public class Factory implements io.brokkr.spi.ApiHandlerFactory {
                public java.util.List<io.brokkr.spi.ApiHandler<?>> create(io.brokkr.spi.BrokerServices broker) {
                    %2$s
                    return java.util.List.of();
                }
            }
            """;

    @TempDir
    private Path folder;

    private Path plugins;

    @BeforeEach
    void copyPlugins() {
        plugins = TestPlugin.copyShipped(folder.resolve("plugins"));
    }

    private BrokkrProcess start(String... settings) {
        String[] all = Stream.concat(Stream.of("plugin.folders=" + plugins), Stream.of(settings))
                .toArray(String[]::new);
        return BrokkrProcess.start(folder.resolve("data"), all);
    }

    private void remove(String name) throws IOException {
        try (Stream<Path> jars = Files.list(plugins)) {
            for (Path jar : jars.filter(path -> path.getFileName().toString().startsWith(name))
                    .toList()) {
                Files.delete(jar);
            }
        }
    }

    static PluginJar plain(String id, String inCreate) {
        return new PluginJar()
                .plugin(id, "1.0.0")
                .source(id + ".Factory", ECHO.formatted(id, inCreate))
                .provider(ApiHandlerFactory.class, id + ".Factory");
    }

    private static PluginJar modular(String id, String requires, String inCreate) {
        return new PluginJar()
                .plugin(id, "1.0.0")
                .source(id + ".Factory", ECHO.formatted(id, inCreate))
                .source(
                        "module-info",
                        "module " + id + " { requires io.brokkr.spi; " + requires
                                + " provides io.brokkr.spi.ApiHandlerFactory with " + id + ".Factory; }");
    }

    /** In a program's class path, as a test's, plugins are found by these files, in a module path by the descriptors. */
    @Test
    void pluginsNameTheirExtensionsForTheClassPathToo() throws IOException {
        List<Path> jars;
        try (Stream<Path> files = Files.walk(plugins)) {
            jars = files.filter(file -> file.getFileName().toString().startsWith("brokkr-"))
                    .filter(file -> file.toString().endsWith(".jar"))
                    .toList();
        }
        assertThat(jars).isNotEmpty();
        for (Path jar : jars) {
            ModuleDescriptor module =
                    ModuleFinder.of(jar).findAll().iterator().next().descriptor();
            try (JarFile content = new JarFile(jar.toFile())) {
                for (ModuleDescriptor.Provides provides : module.provides()) {
                    JarEntry names = content.getJarEntry("META-INF/services/" + provides.service());
                    assertThat(names).as("%s in %s", provides.service(), jar).isNotNull();
                    String text = new String(content.getInputStream(names).readAllBytes(), StandardCharsets.UTF_8);
                    assertThat(text.lines()).as("%s", jar).containsExactlyElementsOf(provides.providers());
                }
            }
        }
    }

    @Test
    void withoutTheJarOfTheGroupsTheirApisAreGoneAndTheRestWorks() throws IOException {
        List<Short> ofGroups = List.of((short) FindCoordinatorRequest.API.key(), (short) JoinGroupRequest.API.key());
        try (BrokkrProcess broker = start().awaitReady();
                WireClient client = broker.connect()) {
            assertThat(advertised(client)).containsAll(ofGroups);
        }
        remove("brokkr-plugin-groups");
        try (BrokkrProcess broker = start().awaitReady();
                WireClient client = broker.connect()) {
            assertThat(advertised(client)).doesNotContainAnyElementsOf(ofGroups).contains((short)
                    ProduceRequest.API.key());
        }
    }

    @Test
    void withoutPluginsItStartsAndAnswersWithAClosedConnection() throws IOException {
        Path none = Files.createDirectory(folder.resolve("none"));
        try (BrokkrProcess broker = start("plugin.folders=" + none).awaitReady();
                WireClient client = broker.connect()) {
            client.send(ApiVersionsRequest.API, ApiVersionsRequest.builder().build(), 0);
            client.awaitClosed();
        }
    }

    @Test
    void withoutTheStorageThatTheConfigurationNamesItDoesNotStart() throws IOException {
        remove("brokkr-storage-log");
        try (BrokkrProcess broker = start()) {
            assertThat(broker.awaitExit()).isEqualTo(1);
            assertThat(broker.lines())
                    .last()
                    .isEqualTo(
                            "brokkr: no plugin supplies the storage engine log, which storage.engine names; there is memory, tiered");
        }
        try (BrokkrProcess broker = start("storage.engine=memory").awaitReady()) {
            broker.awaitLine("storage engines [memory, tiered], by default memory");
        }
    }

    @Test
    void aStorageThatIsNamedAndBrokenIsAStartErrorThatSaysWhy() throws IOException {
        remove("brokkr-storage-log");
        Files.writeString(plugins.resolve("brokkr-storage-log.jar"), "half a download");
        try (BrokkrProcess broker = start()) {
            assertThat(broker.awaitExit()).isEqualTo(1);
            assertThat(broker.lines())
                    .last()
                    .asString()
                    .startsWith("brokkr: no plugin supplies the storage engine log")
                    .contains("brokkr-storage-log.jar cannot be read: ");
        }
    }

    @Test
    void whatCannotWorkIsLeftOutWithItsReasonAndTheRestRuns() throws IOException {
        Files.writeString(plugins.resolve("torn.jar"), "not a jar");
        plain("future", "").manifest("Plugin-Requires", ">=9.0.0").writeTo(plugins.resolve("future.jar"));
        plain("twin", "").writeTo(plugins.resolve("twin-a.jar"));
        plain("twin", "").writeTo(plugins.resolve("twin-b.jar"));
        plain("faulty", "if (true) throw new IllegalStateException(\"out of order\");")
                .writeTo(plugins.resolve("faulty.jar"));
        modular("needy", "requires java.base;", "")
                .source("module-info", "module needy { requires io.brokkr.spi; requires absent; }");
        Path absent = new PluginJar().source("module-info", "module absent { }").writeTo(folder.resolve("absent.jar"));
        modular("needy", "requires absent;", "").against(absent).writeTo(plugins.resolve("needy.jar"));
        try (BrokkrProcess broker = start().awaitReady();
                WireClient client = broker.connect()) {
            broker.awaitLine("plugin " + plugins.resolve("torn.jar") + " is left out: torn.jar cannot be read: ");
            broker.awaitLine("is left out: it requires version >=9.0.0 of Brokkr's SPI, and this is 0.1.0");
            broker.awaitLine(
                    "plugin twin (" + plugins.resolve("twin-b.jar") + ") is left out: its version is 1.0.0, and "
                            + plugins.resolve("twin-a.jar") + " has the same id and version 1.0.0");
            broker.awaitLine("plugin faulty (" + plugins.resolve("faulty.jar")
                    + ") is left out: IllegalStateException: out of order");
            broker.awaitLine(
                    "plugin needy (" + plugins.resolve("needy.jar")
                            + ") is left out: its modules do not fit together: FindException: Module absent not found, required by needy");
            assertThat(advertised(client)).contains((short) ProduceRequest.API.key());
            assertThat(broker.lines()).noneMatch(line -> line.startsWith("\tat "));
        }
        try (BrokkrProcess verify = BrokkrProcess.run("plugins", "verify", "--set", "plugin.folders=" + plugins)) {
            assertThat(verify.awaitExit()).isEqualTo(1);
            verify.awaitLine("LEFT OUT: it requires version >=9.0.0 of Brokkr's SPI");
        }
    }

    /** It takes half a minute, for which the broker waits. */
    @Test
    void whatNeverGetsReadyIsLeftOutAndTheRestRuns() {
        Path jar = new TestPlugin("hanging", "1.0.0")
                .members(
                        "static { boolean on = true; while (on) { try { new java.util.concurrent.CountDownLatch(1).await(); }"
                                + " catch (InterruptedException again) { on = true; } } }")
                .modular()
                .writeTo(plugins.resolve("hanging.jar"));
        try (BrokkrProcess broker = start().awaitReady();
                WireClient client = broker.connect()) {
            broker.awaitLine("plugin hanging (" + jar
                    + ") is left out: it did not get ready within 30000 ms; what hangs in it is left behind");
            assertThat(advertised(client)).contains((short) ProduceRequest.API.key());
            assertThat(broker.terminate().awaitExit()).isEqualTo(128 + 15);
        }
    }

    @Test
    void aPlainJarThatIsDroppedInWorksAndSeesNothingOfTheBroker() {
        plain(
                        "dropped",
                        """
                        if (getClass().getModule().isNamed()) throw new IllegalStateException("named");
                        try {
                            Class.forName("io.netty.buffer.ByteBuf");
                            throw new IllegalStateException("sees Netty");
                        } catch (ClassNotFoundException expected) {
                            System.out.println("dropped in by " + broker.cluster().brokerId());
                        }
                        """)
                .writeTo(plugins.resolve("dropped.jar"));
        try (BrokkrProcess broker = start("broker.id=42").awaitReady()) {
            broker.awaitLine("dropped in by 42");
        }
    }

    /** With their libraries, native code too, in the layer of their plugin. */
    @Test
    void theCodecsOfThePluginThatShipsWorkForOthers() {
        plain(
                        "squeezer",
                        """
                        broker.compressionCodecs().forEach((format, codec) -> {
                            try {
                                java.io.ByteArrayOutputStream sink = new java.io.ByteArrayOutputStream();
                                try (java.io.OutputStream stream = codec.compress(sink, (byte) 2)) {
                                    stream.write(new byte[100_000]);
                                }
                                java.io.InputStream source = new java.io.ByteArrayInputStream(sink.toByteArray());
                                try (java.io.InputStream stream = codec.decompress(source, (byte) 2)) {
                                    System.out.println(format + " gives back " + stream.readAllBytes().length);
                                }
                            } catch (java.io.IOException failure) {
                                throw new java.io.UncheckedIOException(failure);
                            }
                        });
                        """)
                .writeTo(plugins.resolve("squeezer.jar"));
        try (BrokkrProcess broker = start().awaitReady()) {
            for (String format : List.of("GZIP", "SNAPPY", "LZ4", "ZSTD")) {
                broker.awaitLine(format + " gives back 100000");
            }
            broker.awaitLine("record compression [gzip, snappy, lz4, zstd]");
        }
    }

    @Test
    void aModuleGetsALayerOfItsOwnOverThoseOfItsDependencies() {
        Path base = modular("base", "exports base;", "System.out.println(getClass().getModule() + \" in its layer\");")
                .writeTo(plugins.resolve("z-base.jar"));
        modular(
                        "above",
                        "requires base;",
                        """
                        ModuleLayer layer = getClass().getModule().getLayer();
                        if (layer == ModuleLayer.boot() || layer == base.Factory.class.getModule().getLayer()
                                || !layer.parents().contains(base.Factory.class.getModule().getLayer())) {
                            throw new IllegalStateException("the wrong layer");
                        }
                        System.out.println("above base");
                        """)
                .manifest("Plugin-Dependencies", "base@>=1.0.0")
                .against(base)
                .writeTo(plugins.resolve("a-above.jar"));
        try (BrokkrProcess broker = start().awaitReady()) {
            broker.awaitLine("module base in its layer");
            broker.awaitLine("above base");
        }
    }

    @Test
    void aModuleMayNotReadWhatTheBrokerUses() {
        Path netty = new PluginJar()
                .source("module-info", "module io.netty.common { }")
                .writeTo(folder.resolve("netty.jar"));
        modular("curious", "requires io.netty.common;", "").against(netty).writeTo(plugins.resolve("curious.jar"));
        try (BrokkrProcess broker = start().awaitReady()) {
            broker.awaitLine(
                    "is left out: its module curious requires io.netty.common, which is not part of Brokkr's API");
        }
    }

    /** It gets what follows its name, the configuration, and a broker that serves nobody; its exit status is that of the process. */
    @Test
    void aPluginBringsACommandOfItsOwn() {
        new PluginJar()
                .plugin("greeter", "1.0.0")
                .source(
                        "greeter.Greet",
                        """
                        package greeter;
                        public class Greet implements io.brokkr.spi.CommandLineTool {
                            public String name() { return "greet"; }
                            public String summary() { return "say hello"; }
                            public String usage() { return "Usage: brokkr greet NAME\\n"; }
                            public int run(java.util.List<String> arguments, io.brokkr.spi.CommandLineContext context) {
                                context.out().println("hello " + arguments + " from "
                                        + context.openBroker().cluster().brokerId());
                                context.out().println("codecs " + context.compressionCodecs().keySet());
                                return 7;
                            }
                        }
                        """)
                .provider(CommandLineTool.class, "greeter.Greet")
                .writeTo(plugins.resolve("greeter.jar"));
        String[] configured = {
            "--set", "plugin.folders=" + plugins, "--set", "broker.id=42", "--set", "log.dirs=" + folder.resolve("data")
        };
        try (BrokkrProcess help = run(configured, "help")) {
            assertThat(help.awaitExit()).isZero();
            help.awaitLine("greet            say hello (plugin greeter)");
        }
        try (BrokkrProcess greet = run(configured, "greet", "you", "--loud")) {
            assertThat(greet.awaitExit()).isEqualTo(7);
            assertThat(greet.lines())
                    .containsExactly("hello [you, --loud] from 42", "codecs [GZIP, SNAPPY, LZ4, ZSTD]");
        }
        try (BrokkrProcess usage = run(configured, "greet", "--help")) {
            assertThat(usage.awaitExit()).isZero();
            assertThat(usage.lines()).containsExactly("Usage: brokkr greet NAME");
        }
        try (BrokkrProcess mistyped = run(configured, "gret")) {
            assertThat(mistyped.awaitExit()).isEqualTo(2);
            mistyped.awaitLine("brokkr: unknown command gret; did you mean greet?");
        }
        try (BrokkrProcess broker = BrokkrProcess.start(folder.resolve("data")).awaitReady();
                BrokkrProcess greet = run(configured, "greet")) {
            assertThat(greet.awaitExit()).isEqualTo(1);
            greet.awaitLine("is in use by another broker (process " + broker.pid() + ")");
        }
    }

    private static BrokkrProcess run(String[] configured, String... arguments) {
        return BrokkrProcess.run(
                Stream.of(arguments, configured).flatMap(Stream::of).toArray(String[]::new));
    }

    /**
     * Walks the boot layer of a running broker. An automatic module reads all others and exports all of itself, so that nothing is checked any more: each needs a
     * reason to be here.
     */
    @Test
    void theBootLayerHasNoAutomaticModulesButThoseWithAReason() {
        plain(
                        "walker",
                        """
                        ModuleLayer.boot().modules().stream()
                                .filter(module -> module.getDescriptor().isAutomatic())
                                .forEach(module -> System.out.println("automatic: " + module.getName()));
                        System.out.println("walked " + ModuleLayer.boot().findModule("io.brokkr.core").isPresent());
                        """)
                .writeTo(plugins.resolve("walker.jar"));
        try (BrokkrProcess broker = start().awaitReady()) {
            broker.awaitLine("walked true");
            assertThat(broker.lines().stream().filter(line -> line.startsWith("automatic: ")))
                    // PF4J's module descriptor requires it, and it has none of its own in any release.
                    .containsExactly("automatic: com.github.zafarkhaja.semver");
        }
    }
}
