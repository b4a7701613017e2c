package io.brokkr.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.core.configuration.GivenSetting;
import io.brokkr.core.configuration.LoadedConfiguration;
import io.brokkr.pluginhost.HostedPlugin;
import io.brokkr.pluginhost.PluginHost;
import io.brokkr.pluginhost.PluginSettings;
import io.brokkr.pluginhost.RejectedPlugin;
import io.brokkr.spi.ApiHandlerFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The plugin host where the broker is no module, as in these tests: every plugin gets a plain class loader. The tests of the distribution do the same with
 * module layers.
 */
class PluginHostTest {

    @TempDir
    private Path folder;

    static String factory(String packageName, String constructor) {
        return """
                package %s;
                public class Factory implements io.brokkr.spi.ApiHandlerFactory {
                    public Factory() { %s }
                    public java.util.List<io.brokkr.spi.ApiHandler<?>> create(io.brokkr.spi.BrokerServices broker) {
                        return java.util.List.of();
                    }
                }
                """
                .formatted(packageName, constructor);
    }

    static PluginJar working(String id, String version) {
        String packageName = "plugin." + id;
        return new PluginJar()
                .plugin(id, version)
                .source(packageName + ".Factory", factory(packageName, ""))
                .provider(ApiHandlerFactory.class, packageName + ".Factory");
    }

    static PluginHost host(Map<String, String> settings) {
        return new PluginHost(
                LoadedConfiguration.only(PluginSettings.all(), GivenSetting.all(settings, "the test")), List.of());
    }

    private record Outcome(List<String> loaded, List<String> reasons) {}

    private static Outcome load(Path... folders) {
        String paths = Stream.of(folders).map(Path::toString).collect(Collectors.joining(","));
        try (PluginHost host = host(Map.of("plugin.folders", paths))) {
            return new Outcome(
                    host.plugins().stream().map(HostedPlugin::toString).toList(),
                    host.rejected().stream().map(RejectedPlugin::reason).toList());
        }
    }

    @Test
    void loadsJarsAndFoldersAndPassesOverTheRest() throws IOException {
        working("plain", "1.0.0").writeTo(folder.resolve("plain.jar"));
        Path inFolder = folder.resolve("withlibrary").resolve("lib");
        Path library = new PluginJar()
                .source(
                        "library.Word",
                        "package library; public class Word { public static final Object IT = new Object(); }")
                .writeTo(inFolder.resolve("library.jar"));
        new PluginJar()
                .plugin("withlibrary", "2.0.0")
                .against(library)
                .source(
                        "plugin.Factory",
                        factory("plugin", "if (library.Word.IT == null) throw new IllegalStateException();"))
                .provider(ApiHandlerFactory.class, "plugin.Factory")
                .writeTo(inFolder.resolve("withlibrary.jar"));
        new PluginJar()
                .plugin("modular", "3.0.0")
                .source("modular.Factory", factory("modular", ""))
                .source(
                        "module-info",
                        "module modular { requires io.brokkr.spi; provides io.brokkr.spi.ApiHandlerFactory with modular.Factory; }")
                .writeTo(folder.resolve("modular.jar"));
        Files.writeString(folder.resolve("README.txt"), "no plugin");
        Files.createDirectory(folder.resolve("empty"));

        Outcome outcome = load(folder, folder.resolve("absent"));

        assertThat(outcome.loaded()).containsExactlyInAnyOrder("plain 1.0.0", "withlibrary 2.0.0", "modular 3.0.0");
        assertThat(outcome.reasons()).isEmpty();
    }

    @Test
    void saysInOneLineWhyAPluginIsLeftOutAndLoadsTheOthers() throws IOException {
        working("good", "1.0.0").writeTo(folder.resolve("good.jar"));
        Files.writeString(folder.resolve("a-text.jar"), "not a jar");
        new PluginJar().writeTo(folder.resolve("b-no-id.jar"));
        working("c", "1.0.0").manifest("Plugin-Version", "new").writeTo(folder.resolve("c.jar"));
        working("d", "1.0.0").manifest("Plugin-Requires", ">=7.0.0").writeTo(folder.resolve("d.jar"));
        working("e", "1.0.0").manifest("Plugin-Requires", "whatever").writeTo(folder.resolve("e.jar"));
        working("f", "1.0.0").manifest("Plugin-Dependencies", "nobody").writeTo(folder.resolve("f.jar"));
        working("g", "1.0.0").manifest("Plugin-Dependencies", "good@>=2.0.0").writeTo(folder.resolve("g.jar"));
        new PluginJar().plugin("h", "1.0.0").writeTo(folder.resolve("h.jar"));
        new PluginJar()
                .plugin("i", "1.0.0")
                .source("i.Factory", factory("i", "throw new IllegalStateException(\"out of order\");"))
                .provider(ApiHandlerFactory.class, "i.Factory")
                .writeTo(folder.resolve("i.jar"));
        new PluginJar()
                .plugin("j", "1.0.0")
                .source("j.Factory", factory("j", "j.Lost.touch();"))
                .source("j.Lost", "package j; class Lost { static void touch() {} }")
                .leaveOut("j.Lost")
                .provider(ApiHandlerFactory.class, "j.Factory")
                .writeTo(folder.resolve("j.jar"));
        new PluginJar()
                .plugin("k", "1.0.0")
                .provider(ApiHandlerFactory.class, "k.Absent")
                .writeTo(folder.resolve("k.jar"));

        Outcome outcome = load(folder);

        assertThat(outcome.loaded()).containsExactly("good 1.0.0");
        assertThat(outcome.reasons()).hasSize(11).allSatisfy(reason -> assertThat(reason.lines())
                .hasSize(1));
        assertThat(outcome.reasons())
                .anySatisfy(reason -> assertThat(reason).startsWith("a-text.jar cannot be read: "))
                .contains(
                        "its manifest has no Plugin-Id",
                        "its Plugin-Version new is no semantic version such as 1.2.3",
                        "it requires version >=7.0.0 of Brokkr's SPI, and this is 0.1.0",
                        "its Plugin-Requires whatever is no range of versions such as >=0.1.0",
                        "it needs the plugin nobody, which is not there",
                        "it needs the plugin good in the version >=2.0.0, and 1.0.0 is there",
                        "it provides nothing: no ApiHandlerFactory, no RequestHookFactory, no BrokerEventListener, no RecordInterceptorFactory, no StorageEngineFactory, no MetadataStoreFactory, no CompressionCodec, no AuthenticatorFactory, no PrincipalBuilderFactory, no AuthorizerFactory, no ClientQuotaFactory, no MetricsReporter, no CommandLineTool")
                .anySatisfy(reason ->
                        assertThat(reason).contains("i.Factory").endsWith("IllegalStateException: out of order"))
                .anySatisfy(reason -> assertThat(reason).endsWith("the class j.Lost is missing"))
                .anySatisfy(reason -> assertThat(reason).contains("k.Absent"));
    }

    /** Jars as they are when they are as old as the broker, older, or newer. */
    @Test
    void jarsForOtherVersionsOfTheSpiAreLeftOut() {
        String spi = PluginHost.SPI_VERSION;
        working("any", "1.0.0").writeTo(folder.resolve("any.jar"));
        working("equal", "1.0.0").manifest("Plugin-Requires", spi).writeTo(folder.resolve("equal.jar"));
        working("from", "1.0.0")
                .manifest("Plugin-Requires", ">=" + spi + " & <99.0.0")
                .writeTo(folder.resolve("from.jar"));
        working("older", "1.0.0").manifest("Plugin-Requires", "<" + spi).writeTo(folder.resolve("older.jar"));
        working("newer", "1.0.0").manifest("Plugin-Requires", ">" + spi).writeTo(folder.resolve("newer.jar"));

        Outcome outcome = load(folder);

        assertThat(outcome.loaded()).containsExactlyInAnyOrder("any 1.0.0", "equal 1.0.0", "from 1.0.0");
        assertThat(outcome.reasons())
                .containsExactlyInAnyOrder(
                        "it requires version <" + spi + " of Brokkr's SPI, and this is " + spi,
                        "it requires version >" + spi + " of Brokkr's SPI, and this is " + spi);
    }

    @Test
    void ofTwoWithTheSameIdTheNewerIsLoaded() {
        working("twin", "1.2.0").writeTo(folder.resolve("a.jar"));
        working("twin", "1.10.0-SNAPSHOT").writeTo(folder.resolve("b.jar"));
        working("twin", "1.9.0").writeTo(folder.resolve("c.jar"));

        Outcome outcome = load(folder);

        assertThat(outcome.loaded()).containsExactly("twin 1.10.0-SNAPSHOT");
        assertThat(outcome.reasons())
                .containsExactly(
                        "its version is 1.2.0, and " + folder.resolve("b.jar")
                                + " has the same id and version 1.10.0-SNAPSHOT",
                        "its version is 1.9.0, and " + folder.resolve("b.jar")
                                + " has the same id and version 1.10.0-SNAPSHOT");
    }

    @Test
    void aPluginSeesTheApiAndItsDependenciesAndNothingOfTheBroker() {
        Path base = working("base", "1.0.0")
                .source(
                        "plugin.base.Word",
                        "package plugin.base; public class Word { public static String word() { return \"\"; } }")
                .writeTo(folder.resolve("z-base.jar"));
        String check =
                """
                plugin.base.Word.word();
                if (Thread.currentThread().getContextClassLoader() != Factory.class.getClassLoader()) {
                    throw new IllegalStateException("context class loader");
                }
                for (String name : new String[] {"io.brokkr.core.Broker", "io.netty.buffer.ByteBuf", "org.pf4j.Plugin"}) {
                    try {
                        Class.forName(name);
                        throw new IllegalStateException("sees " + name);
                    } catch (ClassNotFoundException expected) {
                        continue;
                    }
                }
                """;
        new PluginJar()
                .plugin("above", "1.0.0")
                .manifest("Plugin-Dependencies", "base@>=1.0.0")
                .against(base)
                .source("above.Factory", factory("above", check))
                .provider(ApiHandlerFactory.class, "above.Factory")
                .writeTo(folder.resolve("a-above.jar"));

        Outcome outcome = load(folder);

        assertThat(outcome.reasons()).isEmpty();
        assertThat(outcome.loaded()).containsExactly("base 1.0.0", "above 1.0.0");
    }

    @Test
    void whoDependsOnAPluginThatFailsIsLeftOutToo() {
        new PluginJar()
                .plugin("base", "1.0.0")
                .source("base.Factory", factory("base", "throw new IllegalStateException();"))
                .provider(ApiHandlerFactory.class, "base.Factory")
                .writeTo(folder.resolve("base.jar"));
        working("above", "1.0.0").manifest("Plugin-Dependencies", "base").writeTo(folder.resolve("above.jar"));

        Outcome outcome = load(folder);

        assertThat(outcome.loaded()).isEmpty();
        assertThat(outcome.reasons()).hasSize(2).last().isEqualTo("it needs the plugin base, which is left out");
    }

    @Test
    void circlesAreLeftOut() {
        working("a", "1.0.0").manifest("Plugin-Dependencies", "b").writeTo(folder.resolve("a.jar"));
        working("b", "1.0.0").manifest("Plugin-Dependencies", "a").writeTo(folder.resolve("b.jar"));
        working("c", "1.0.0").writeTo(folder.resolve("c.jar"));

        Outcome outcome = load(folder);

        assertThat(outcome.loaded()).containsExactly("c 1.0.0");
        assertThat(outcome.reasons()).hasSize(2).containsOnly("the dependencies among a, b go round in a circle");
    }

    /** Damage anywhere in a jar, the directory at its end included, costs that plugin and nothing else. */
    @Property(tries = 200)
    void damagedJarsHarmNobody(@ForAll("damages") List<Damage> damages) throws IOException {
        Path damaged = Files.createTempDirectory("damaged");
        Files.write(damaged.resolve("good.jar"), GOOD.get());
        Path jar = damaged.resolve("bad.jar");
        byte[] bytes = BAD.get().clone();
        for (Damage damage : damages) {
            bytes[(int) (damage.where() * (bytes.length - 1))] ^= (byte) damage.flip();
        }
        Files.write(jar, bytes);

        Outcome outcome = load(damaged);

        assertThat(outcome.loaded()).contains("good 1.0.0");
        assertThat(outcome.loaded().size() + outcome.reasons().size()).isBetween(1, 2);
        Files.delete(jar);
        Files.delete(damaged.resolve("good.jar"));
        Files.delete(damaged);
    }

    private static final Supplier<byte[]> GOOD = bytesOf("good");
    private static final Supplier<byte[]> BAD = bytesOf("bad");

    private static Supplier<byte[]> bytesOf(String id) {
        AtomicReference<byte[]> made = new AtomicReference<>();
        return () -> made.updateAndGet(known -> known == null ? make(id) : known);
    }

    private static byte[] make(String id) {
        try {
            Path folder = Files.createTempDirectory("jar");
            Path jar = working(id, "1.0.0").writeTo(folder.resolve("plugin.jar"));
            byte[] bytes = Files.readAllBytes(jar);
            Files.delete(jar);
            Files.delete(folder);
            return bytes;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    record Damage(double where, int flip) {}

    @Provide
    Arbitrary<List<Damage>> damages() {
        Arbitrary<Double> where = Arbitraries.doubles().between(0, 1);
        Arbitrary<Integer> flip = Arbitraries.integers().between(1, 255);
        return Combinators.combine(where, flip)
                .as(Damage::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(20);
    }
}
