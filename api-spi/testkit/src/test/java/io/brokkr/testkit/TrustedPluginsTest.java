package io.brokkr.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.pluginhost.HostedPlugin;
import io.brokkr.pluginhost.PluginHost;
import io.brokkr.pluginhost.RejectedPlugin;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.ApiHandlerFactory;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the operator asks of jars holds for every jar of a plugin, and for the very bytes that classes come from. */
@Timeout(120)
class TrustedPluginsTest {

    @TempDir
    private Path folder;

    private Path plugins;
    private Path list;

    @BeforeEach
    void makeFolder() throws IOException {
        plugins = Files.createDirectory(folder.resolve("plugins"));
        list = Files.createFile(folder.resolve("SHA256SUMS"));
    }

    private PluginHost load() {
        return PluginHostTest.host(Map.of("plugin.folders", plugins.toString(), "plugins.checksums", list.toString()));
    }

    private void assertStartFails(String message, Map<String, String> settings) {
        assertThatThrownBy(() -> PluginHostTest.host(settings).close())
                .isInstanceOf(ApiException.class)
                .hasMessageStartingWith(message);
    }

    private void listAll(Path... jars) throws IOException {
        Files.write(
                list,
                Stream.of(jars)
                        .map(jar -> sum(jar) + "  " + plugins.relativize(jar))
                        .toList());
    }

    private static String sum(Path jar) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar)));
        } catch (NoSuchAlgorithmException | IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static List<String> loaded(PluginHost host) {
        return host.plugins().stream().map(HostedPlugin::toString).toList();
    }

    private static List<String> told(PluginHost host) {
        return host.rejected().stream().map(RejectedPlugin::toString).toList();
    }

    @Test
    void aPluginThatIsAFolderIsLoadedIfAllItsJarsAreListed() throws IOException {
        Path single = PluginHostTest.working("single", "1.0.0").writeTo(plugins.resolve("single.jar"));
        Path own = PluginHostTest.working("large", "1.0.0").writeTo(plugins.resolve("large/lib/large.jar"));
        Path library = new PluginJar().manifest("Note", "a library").writeTo(plugins.resolve("large/lib/library.jar"));
        listAll(single, own, library);
        try (PluginHost host = load()) {
            assertThat(loaded(host)).containsExactlyInAnyOrder("single 1.0.0", "large 1.0.0");
        }
        listAll(single, own);
        try (PluginHost host = load()) {
            assertThat(loaded(host)).containsExactly("single 1.0.0");
            assertThat(told(host))
                    .containsExactly("plugin " + plugins.resolve("large")
                            + " is left out: large/lib/library.jar is not listed in " + list
                            + "; if it is to be loaded, add the line: " + sum(library) + "  large/lib/library.jar");
        }
    }

    /** Classes and resources that are asked for long after the check, when the jar has become another one. */
    @Test
    void whatIsLoadedIsWhatWasCheckedWhateverBecomesOfTheJar() throws IOException {
        String lateClass = PluginHostTest.factory("late", "")
                .replace("return java.util.List.of();", "late.Later.check(); return java.util.List.of();");
        Path jar = new PluginJar()
                .plugin("late", "1.0.0")
                .source("late.Factory", lateClass)
                .source(
                        "late.Later",
                        """
                        package late;
                        class Later {
                            static void check() {
                                try (java.io.InputStream stream = Later.class.getResourceAsStream("/META-INF/MANIFEST.MF")) {
                                    if (!new String(stream.readAllBytes()).contains("Plugin-Id: late")) {
                                        throw new IllegalStateException();
                                    }
                                } catch (java.io.IOException failure) {
                                    throw new java.io.UncheckedIOException(failure);
                                }
                            }
                        }
                        """)
                .provider(ApiHandlerFactory.class, "late.Factory")
                .writeTo(plugins.resolve("late.jar"));
        listAll(jar);
        Path copy;
        try (PluginHost host = load()) {
            Files.writeString(jar, "another one");
            HostedPlugin plugin = host.plugins().get(0);
            ApiHandlerFactory factory =
                    plugin.extensions(ApiHandlerFactory.class).get(0);
            assertThat(plugin.call(() -> factory.create(null))).isEmpty();
            copy = Path.of(factory.getClass()
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .getPath());
            assertThat(copy).exists();
            Path copies = copy.getParent().getParent();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copies)))
                    .isEqualTo("rwx------");
        }
        assertThat(copy.getParent().getParent()).doesNotExist();
    }

    @Test
    void whereNothingIsAskedForNothingIsCopied() {
        Path jar = PluginHostTest.working("plain", "1.0.0").writeTo(plugins.resolve("plain.jar"));
        try (PluginHost host = PluginHostTest.host(Map.of("plugin.folders", plugins.toString()))) {
            Object factory =
                    host.plugins().get(0).extensions(ApiHandlerFactory.class).get(0);
            assertThat(factory.getClass()
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .getPath())
                    .isEqualTo(jar.toString());
        }
    }

    /** Somebody writes the jar anew all the time, now the one that is listed and now another: only that one is ever loaded. */
    @Test
    void aJarThatChangesWhileItIsCheckedIsLoadedAsListedOrNotAtAll() throws Exception {
        byte[] listed =
                Files.readAllBytes(PluginHostTest.working("swapped", "1.0.0").writeTo(folder.resolve("listed.jar")));
        byte[] other =
                Files.readAllBytes(PluginHostTest.working("swapped", "6.6.6").writeTo(folder.resolve("other.jar")));
        Path jar = Files.write(plugins.resolve("swapped.jar"), listed);
        listAll(jar);
        AtomicBoolean ends = new AtomicBoolean();
        Thread swapping = new Thread(() -> {
            try {
                while (!ends.get()) {
                    Files.write(jar, other);
                    Files.write(jar, listed);
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
        swapping.start();
        try {
            for (int round = 0; round < 100; round++) {
                try (PluginHost host = load()) {
                    assertThat(loaded(host)).isSubsetOf("swapped 1.0.0");
                    assertThat(loaded(host).size() + told(host).size()).isEqualTo(1);
                }
            }
        } finally {
            ends.set(true);
            swapping.join();
        }
        try (PluginHost host = load()) {
            assertThat(loaded(host)).containsExactly("swapped 1.0.0");
        }
    }

    @Test
    void aManifestThatLeadsToOtherJarsIsRefused() throws IOException {
        Path jar = PluginHostTest.working("leading", "1.0.0")
                .manifest("Class-Path", "/tmp/other.jar")
                .writeTo(plugins.resolve("leading.jar"));
        listAll(jar);
        try (PluginHost host = load()) {
            assertThat(told(host))
                    .containsExactly(
                            "plugin " + jar
                                    + " is left out: leading.jar has a Class-Path in its manifest that leads out of its folder (/tmp/other.jar), to jars that nobody would check; put them into the plugin's lib folder");
        }
    }

    @Test
    void settingsThatCannotBeMetAreAStartError() throws Exception {
        Path absent = folder.resolve("absent");
        assertStartFails(
                "plugins.checksums=" + absent + ": it cannot be read: ",
                Map.of("plugins.checksums", absent.toString()));
        assertStartFails(
                "plugins.require.signature=true needs plugins.trusted.keystore",
                Map.of("plugins.require.signature", "true"));
        assertStartFails(
                "plugins.trusted.keystore=" + list + ": it cannot be read as a PKCS12 key store: ",
                Map.of("plugins.require.signature", "true", "plugins.trusted.keystore", list.toString()));
        Path empty = folder.resolve("empty.p12");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (OutputStream stream = Files.newOutputStream(empty)) {
            store.store(stream, "swordfish".toCharArray());
        }
        Map<String, String> wrong = Map.of(
                "plugins.require.signature",
                "true",
                "plugins.trusted.keystore",
                empty.toString(),
                "plugins.trusted.keystore.password",
                "tuna");
        assertStartFails("plugins.trusted.keystore=" + empty + ": it cannot be read as a PKCS12 key store: ", wrong);
        assertStartFails(
                "plugins.trusted.keystore=" + empty
                        + ": no certificates can be read in it; give plugins.trusted.keystore.password",
                Map.of("plugins.require.signature", "true", "plugins.trusted.keystore", empty.toString()));
    }
}
