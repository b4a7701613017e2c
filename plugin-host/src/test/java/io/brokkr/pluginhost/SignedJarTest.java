package io.brokkr.pluginhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeContainer;

/** All of a jar is signed by somebody who is trusted and is as it was signed, or the jar is refused. */
class SignedJarTest {

    private static final String MANIFEST = "META-INF/MANIFEST.MF";
    private static final Map<String, String> CONTENT = new LinkedHashMap<>();

    private static Path folder;
    private static TestKeys keys;
    private static TrustedSigners makers;
    private static byte[] signedByMaker;

    static {
        CONTENT.put(MANIFEST, "Manifest-Version: 1.0\r\nPlugin-Id: mine\r\nMulti-Release: true\r\n\r\n");
        CONTENT.put("META-INF/services/some.Service", "mine.Thing\n");
        CONTENT.put("META-INF/versions/17/mine/Thing.class", "newer");
        CONTENT.put("mine/", "");
        CONTENT.put("mine/Thing.class", "thing".repeat(100));
        CONTENT.put("mine/Other.class", "other");
    }

    @BeforeContainer
    static void makeKeys() throws Exception {
        folder = Files.createTempDirectory("signed");
        keys = new TestKeys(folder)
                .add("authority", "-ext", "bc:critical=ca:true")
                .add("maker", "-signer", "authority", "-ext", "eku=codeSigning")
                .add("server", "-signer", "authority", "-ext", "eku=serverAuth")
                .add("late", "-signer", "authority", "-startdate", "-20d", "-validity", "10")
                .add("early", "-signer", "authority", "-startdate", "+10d")
                .add("lone")
                .add("stale", "-startdate", "-20d", "-validity", "10")
                .add("retired", "-ext", "bc:critical=ca:true", "-startdate", "-20d", "-validity", "10")
                .add("junior", "-signer", "retired");
        makers = keys.trusted("maker");
        signedByMaker = Files.readAllBytes(signed("maker"));
    }

    @AfterContainer
    static void deleteKeys() throws IOException {
        for (Path path : PluginFolders.list(folder)) {
            Files.delete(path);
        }
        Files.delete(folder);
    }

    @AfterProperty
    void deleteJars() throws IOException {
        for (Path path : PluginFolders.list(folder)) {
            if (path.toString().endsWith(".jar")) {
                Files.delete(path);
            }
        }
    }

    private static Path write(Map<String, String> content) throws IOException {
        Path jar = Files.createTempFile(folder, "mine", ".jar");
        try (OutputStream stream = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(stream)) {
            for (Map.Entry<String, String> entry : content.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        return jar;
    }

    private static Path signed(String... names) throws Exception {
        Path jar = write(CONTENT);
        for (String name : names) {
            keys.sign(jar, name);
        }
        return jar;
    }

    private static Map<String, String> read(Path path) throws IOException {
        Map<String, String> content = new LinkedHashMap<>();
        try (JarFile jar = new JarFile(path.toFile(), false)) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                content.put(
                        entry.getName(),
                        new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.ISO_8859_1));
            }
        }
        return content;
    }

    /** The jar with something else in it. */
    private static Path with(Path jar, String name, String content) throws IOException {
        Map<String, String> changed = read(jar);
        changed.put(name, content);
        return write(changed);
    }

    private static void require(Path jar, String... trusted) throws Exception {
        SignedJar.require(jar, "mine.jar", keys.trusted(trusted));
    }

    private static void assertRefused(String reason, Path jar, String... trusted) {
        assertThatThrownBy(() -> require(jar, trusted))
                .isInstanceOf(RejectionException.class)
                .hasMessageStartingWith("mine.jar ")
                .hasMessageContaining(reason)
                .hasMessageContaining("; ")
                .message()
                .satisfies(message -> assertThat(message.lines()).hasSize(1));
    }

    @Example
    void whoeverIsInTheKeyStoreOrChainsToOneThereIsTrusted() throws Exception {
        require(signed("lone"), "lone");
        require(signed("maker"), "maker");
        require(signed("maker"), "authority");
        require(signed("maker"), "lone", "authority");
        require(signed("server"), "server");
        require(signed("stale", "maker"), "authority");
        require(signed("maker", "lone"), "lone");
    }

    @Example
    void whoIsNotTrustedIsToldWithTheReason() throws Exception {
        assertRefused("is not signed; sign it with jarsigner", write(CONTENT), "lone");
        assertRefused("is signed by CN=maker, whom " + folder, signed("maker"), "lone");
        assertRefused("does not know; if it is to be trusted, add that certificate", signed("maker"), "server");
        assertRefused("is signed by CN=stale, with a certificate that has expired", signed("stale"), "stale");
        assertRefused("is signed by CN=late, with a certificate that has expired", signed("late"), "authority");
        assertRefused("with a certificate that is not valid yet", signed("early"), "authority");
        assertRefused("is signed by CN=junior, with a certificate that has expired", signed("junior"), "retired");
        assertRefused("is signed by CN=server, whose certificate is not one for code", signed("server"), "authority");
    }

    @Example
    void whatIsNotAsItWasSignedIsToldWithItsName() throws Exception {
        Path jar = signed("maker");
        assertRefused(
                "has no signature of mine/Late.class that this Java accepts, as if it had been put in later",
                with(jar, "mine/Late.class", "late"),
                "maker");
        assertRefused("has no signature of mine/", with(jar, "mine/", "no folder"), "maker");
        assertRefused("digest error for mine/Thing.class; get it anew", with(jar, "mine/Thing.class", "evil"), "maker");
        assertRefused(
                "is not as it was signed: ",
                with(jar, MANIFEST, read(jar).get(MANIFEST).replace("Plugin-Id: mine", "Plugin-Id: evil")),
                "maker");
        Map<String, String> without = read(jar);
        without.remove("mine/Other.class");
        assertRefused("is not as it was signed: mine/Other.class is missing", write(without), "maker");
        without.keySet().removeIf(name -> name.endsWith(".SF"));
        assertRefused("is not signed", write(without), "maker");
        assertRefused("is not signed", write(Map.of(MANIFEST, CONTENT.get(MANIFEST))), "maker");
    }

    /** Somebody else signs what was put in later, and what was there before too: one who is trusted has to have signed all of it. */
    @Example
    void whatAStrangerAddsAndSignsIsRefused() throws Exception {
        Path jar = with(signed("maker"), "mine/Late.class", "late");
        keys.sign(jar, "lone");
        assertRefused("is signed by CN=lone, whom ", jar, "maker");
    }

    record Damage(double where, int flip) {}

    @Provide
    Arbitrary<List<Damage>> damages() {
        return Combinators.combine(
                        Arbitraries.doubles().between(0, 1),
                        Arbitraries.integers().between(1, 255))
                .as(Damage::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    /** Whatever becomes of its bytes: it is refused, or all that can be loaded from it is what was signed. */
    @Property(tries = 500)
    void whatIsAcceptedIsWhatWasSigned(@ForAll("damages") List<Damage> damages) throws Exception {
        byte[] bytes = signedByMaker.clone();
        for (Damage damage : damages) {
            bytes[(int) (damage.where() * (bytes.length - 1))] ^= (byte) damage.flip();
        }
        Path jar = Files.write(folder.resolve("damaged.jar"), bytes);
        try {
            SignedJar.require(jar, "mine.jar", makers);
        } catch (RuntimeException | IOException refused) {
            return;
        }
        Map<String, String> expected = new TreeMap<>(CONTENT);
        Map<String, String> actual = new TreeMap<>(read(jar));
        List.of(expected, actual).forEach(content -> content.keySet().removeIf(SignedJarTest::isOfSignatures));
        // A folder that lost its entry has nothing that could be loaded.
        List.of(expected, actual).forEach(content -> content.keySet().removeIf(name -> name.endsWith("/")));
        assertThat(actual).isEqualTo(expected);
        try (JarFile accepted = new JarFile(jar.toFile(), false)) {
            assertThat(accepted.getManifest().getMainAttributes().getValue("Plugin-Id"))
                    .isEqualTo("mine");
        }
    }

    private static boolean isOfSignatures(String name) {
        return name.startsWith("META-INF/") && name.indexOf('/', "META-INF/".length()) < 0;
    }
}
