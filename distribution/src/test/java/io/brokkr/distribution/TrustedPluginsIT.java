package io.brokkr.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.testkit.WireClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jars that have to be signed, or listed with their checksums, with the tools that the operators' guide names. */
@Timeout(300)
class TrustedPluginsIT {

    private static final String PASSWORD = "swordfish";
    /** Enough for a broker that serves ApiVersions; one of them is a folder with a library. */
    private static final List<String> SHIPPED =
            List.of("brokkr-plugin-api-versions", "brokkr-storage-memory", "embedded-metadata");

    @TempDir
    private Path folder;

    private Path plugins;

    @BeforeEach
    void copyPlugins() throws IOException {
        plugins = TestPlugin.copyShipped(folder.resolve("plugins"));
        try (Stream<Path> paths = Files.list(plugins)) {
            for (Path path : paths.toList()) {
                if (SHIPPED.stream().noneMatch(path.getFileName().toString()::startsWith)) {
                    Files.move(
                            path,
                            Files.createDirectories(folder.resolve("others")).resolve(path.getFileName()));
                }
            }
        }
    }

    private List<Path> jars() throws IOException {
        try (Stream<Path> paths = Files.walk(plugins)) {
            return paths.filter(path -> path.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    private static void jdk(String tool, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
        command.addAll(List.of(arguments));
        run(command);
    }

    private static void run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(text).isZero();
    }

    /** A key with a certificate of its own, which is exported beside it. */
    private Path key(String name) throws Exception {
        Path store = folder.resolve(name + "-key.p12");
        jdk(
                "keytool",
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD,
                "-alias",
                name,
                "-keyalg",
                "RSA",
                "-keysize",
                "3072",
                "-dname",
                "CN=" + name);
        jdk(
                "keytool",
                "-exportcert",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD,
                "-alias",
                name,
                "-file",
                certificate(name).toString());
        return store;
    }

    private Path certificate(String name) {
        return folder.resolve(name + ".crt");
    }

    private void trust(Path store, String name) throws Exception {
        jdk(
                "keytool",
                "-importcert",
                "-noprompt",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD,
                "-alias",
                name,
                "-file",
                certificate(name).toString());
    }

    private static void distrust(Path store, String name) throws Exception {
        jdk("keytool", "-delete", "-keystore", store.toString(), "-storepass", PASSWORD, "-alias", name);
    }

    private static void sign(Path jar, String name, Path key) throws Exception {
        jdk("jarsigner", "-keystore", key.toString(), "-storepass", PASSWORD, jar.toString(), name);
    }

    private Path jar(String version) {
        return new TestPlugin("hot", version).modular().writeTo(folder.resolve("hot-" + version + ".jar"));
    }

    private BrokkrProcess start(String... trust) {
        return BrokkrProcess.start(folder.resolve("data"), settings(trust)).awaitReady();
    }

    private String[] settings(String... trust) {
        return Stream.concat(Stream.of("plugin.folders=" + plugins, "storage.engine=memory"), Stream.of(trust))
                .toArray(String[]::new);
    }

    private List<String> plugins(int exit, String[] settings, String... command) {
        List<String> arguments = new ArrayList<>(List.of("plugins"));
        arguments.addAll(List.of(command));
        for (String setting : settings) {
            arguments.addAll(List.of("--set", setting));
        }
        try (BrokkrProcess process = BrokkrProcess.run(arguments.toArray(String[]::new))) {
            assertThat(process.awaitExit())
                    .as(() -> String.join("\n", process.lines()))
                    .isEqualTo(exit);
            return process.lines();
        }
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long start = System.nanoTime();
        while (!condition.call()) {
            assertThat(System.nanoTime() - start).as(what).isLessThan(60_000_000_000L);
        }
    }

    /** Ours are signed by the operator; who is not trusted any more loses what was signed. */
    @Test
    void aRunningBrokerServesWhatIsSignedAndNothingElse() throws Exception {
        Path operator = key("operator");
        Path maker = key("maker");
        Path trusted = folder.resolve("trusted.p12");
        trust(trusted, "operator");
        trust(trusted, "maker");
        for (Path jar : jars()) {
            sign(jar, "operator", operator);
        }
        String[] trust = {
            "plugins.require.signature=true",
            "plugins.trusted.keystore=" + trusted,
            "plugins.trusted.keystore.password=" + PASSWORD
        };
        Path hot = plugins.resolve("hot.jar");
        try (BrokkrProcess broker = start(trust);
                WireClient client = broker.connect()) {
            Path unsigned = jar("1.0.0");
            TestPlugin.drop(unsigned, hot);
            broker.awaitLine("plugin " + hot
                    + " is left out: hot.jar is not signed; sign it with jarsigner, by a certificate that " + trusted
                    + " trusts");
            assertThat(TestPlugin.isAdvertised(client)).isFalse();
            assertThat(plugins(1, settings(trust), "verify"))
                    .anySatisfy(line -> assertThat(line).contains("LEFT OUT: hot.jar is not signed"));
            Files.delete(hot);
            assertThat(plugins(1, settings(trust), "install", unsigned.toString()))
                    .singleElement()
                    .asString()
                    .startsWith("brokkr: " + unsigned + " is not installed: hot-1.0.0.jar is not signed");

            Path signed = jar("1.1.0");
            sign(signed, "maker", maker);
            TestPlugin.drop(signed, hot);
            broker.awaitLine("plugin hot 1.1.0 has come");
            assertThat(TestPlugin.whoServes(client)).isEqualTo("hot 1.1.0");
            plugins(0, settings(trust), "verify");

            distrust(trusted, "maker");
            broker.awaitLine("plugin hot (" + hot + ") is left out: hot.jar is signed by CN=maker, whom " + trusted);
            broker.awaitLine("plugins that go: hot 1.1.0");
            assertThat(TestPlugin.isAdvertised(client)).isFalse();

            distrust(trusted, "operator");
            broker.awaitLine("until that is mended, what was trusted before is trusted");
            assertThat(TestPlugin.isAdvertised(client)).isFalse();

            trust(trusted, "maker");
            broker.awaitLines(2, "plugin hot 1.1.0 has come");
            broker.awaitLine("plugins that go: api-versions ");
            broker.awaitLine(
                    "stays until the broker's next start all the same, since it supplies the storage engine memory");
        }
    }

    /** With sha256sum's own list; a line that is added lets a plugin in, and no other bytes are let in under its name. */
    @Test
    void aRunningBrokerServesWhatIsListedAndNothingElse() throws Exception {
        Path list = folder.resolve("plugins.sha256");
        run(List.of("sh", "-c", "cd " + plugins + " && sha256sum *.jar */lib/*.jar >" + list));
        String[] trust = {"plugins.checksums=" + list};
        Path hot = plugins.resolve("hot.jar");
        try (BrokkrProcess broker = start(trust);
                WireClient client = broker.connect()) {
            TestPlugin.drop(jar("1.0.0"), hot);
            String told = broker.awaitLine("plugin " + hot + " is left out: hot.jar is not listed in " + list);
            assertThat(TestPlugin.isAdvertised(client)).isFalse();
            String line = told.replaceFirst(".*add the line: ", "");
            Files.writeString(list, line + "\n", StandardOpenOption.APPEND);
            broker.awaitLine("plugin hot 1.0.0 has come");
            assertThat(TestPlugin.whoServes(client)).isEqualTo("hot 1.0.0");

            TestPlugin.drop(jar("2.0.0"), hot);
            assertThat(broker.awaitLine("is left out: hot.jar has the SHA-256 "))
                    .contains("lists " + line.substring(0, 64));
            assertThat(plugins(1, settings(trust), "verify"))
                    .anySatisfy(printed -> assertThat(printed).contains("LEFT OUT: hot.jar has the SHA-256 "));
            await("gone", () -> !TestPlugin.isAdvertised(client));

            List<String> lines = new ArrayList<>(Files.readAllLines(list));
            lines.remove(lines.size() - 1);
            TestPlugin.drop(folder.resolve("hot-1.0.0.jar"), hot);
            broker.awaitLines(2, "plugin hot 1.0.0 has come");
            Files.write(list, lines);
            broker.awaitLines(2, "hot.jar is not listed in ");
            await("not listed any more", () -> !TestPlugin.isAdvertised(client));
        }
    }

    @Test
    void filesThatCannotBeReadAreAStartErrorInOneLine() {
        Path absent = folder.resolve("absent");
        try (BrokkrProcess broker =
                BrokkrProcess.start(folder.resolve("data"), settings("plugins.checksums=" + absent))) {
            assertThat(broker.awaitExit()).isEqualTo(1);
            assertThat(broker.lines())
                    .last()
                    .asString()
                    .startsWith("brokkr: plugins.checksums=" + absent + ": it cannot be read: ");
        }
    }
}
