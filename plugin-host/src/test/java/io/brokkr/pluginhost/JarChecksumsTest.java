package io.brokkr.pluginhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.spi.ApiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/** What a list names is let in with the bytes that it names, and nothing else is. */
class JarChecksumsTest {

    private Path folder;

    @BeforeTry
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("checksums");
    }

    @AfterTry
    void deleteFolder() throws IOException {
        for (Path path : PluginFolders.list(folder)) {
            Files.delete(path);
        }
        Files.delete(folder);
    }

    @Provide
    Arbitrary<String> names() {
        Arbitrary<String> part = Arbitraries.strings()
                .withChars("abc äß-.1 *")
                .ofMinLength(1)
                .ofMaxLength(8)
                .filter(name -> !name.isBlank() && !name.startsWith("."));
        return Arbitraries.oneOf(part.map(name -> name + ".jar"), part.map(name -> name + "/lib/x.jar"));
    }

    /** How a line may be written that names a sum. */
    private enum Style {
        TEXT,
        BINARY,
        UPPER_CASE,
        FROM_HERE;

        String line(String sum, String name) {
            return switch (this) {
                case TEXT -> sum + "  " + name;
                case BINARY -> sum + " *" + name;
                case UPPER_CASE -> sum.toUpperCase(Locale.ROOT) + "  " + name;
                case FROM_HERE -> sum + "  ./" + name;
            };
        }
    }

    private static String sum(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Path jar(byte[] content) throws IOException {
        return Files.write(folder.resolve("some.jar"), content);
    }

    private Path list(List<String> lines) throws IOException {
        return Files.write(folder.resolve("SHA256SUMS"), lines);
    }

    private JarChecksums read(List<String> lines) throws IOException {
        return JarChecksums.read(list(lines));
    }

    @Property(tries = 200)
    void listedBytesAreLetInUnderTheirNameAlone(
            @ForAll @Size(min = 1, max = 5) Map<@From("names") String, byte[]> jars,
            @ForAll Style style,
            @ForAll("names") String other,
            @ForAll byte[] otherBytes)
            throws IOException {
        List<String> lines = new ArrayList<>(List.of("# made by the test", ""));
        jars.forEach((name, content) -> lines.add(style.line(sum(content), name)));
        JarChecksums checksums = read(lines);
        for (Map.Entry<String, byte[]> entry : jars.entrySet()) {
            checksums.require(jar(entry.getValue()), entry.getKey());
            if (!sum(otherBytes).equals(sum(entry.getValue()))) {
                assertThatThrownBy(() -> checksums.require(jar(otherBytes), entry.getKey()))
                        .isInstanceOf(RejectionException.class)
                        .hasMessageStartingWith(
                                entry.getKey() + " has the SHA-256 " + sum(otherBytes) + ", and " + folder)
                        .hasMessageContaining("lists " + sum(entry.getValue()) + "; ");
            }
        }
        if (!jars.containsKey(other)) {
            assertThatThrownBy(() -> checksums.require(jar(otherBytes), other))
                    .isInstanceOf(RejectionException.class)
                    .hasMessageStartingWith(other + " is not listed in " + folder.resolve("SHA256SUMS"));
        }
    }

    /** A name may have several sums, and the line that is asked for is the one that helps. */
    @Property(tries = 100)
    void theLineThatIsAskedForLetsTheJarIn(@ForAll("names") String name, @ForAll byte[] content, @ForAll byte[] before)
            throws IOException {
        List<String> lines = new ArrayList<>();
        try {
            read(lines).require(jar(content), name);
        } catch (RejectionException refused) {
            lines.add(String.valueOf(refused.getMessage()).replaceFirst(".*add the line: ", ""));
        }
        lines.add(Style.TEXT.line(sum(before), name));
        assertThat(lines).hasSize(2);
        read(lines).require(jar(content), name);
        read(lines).require(jar(before), name);
    }

    @Example
    void aListThatIsNoneIsToldWithItsLine() throws IOException {
        Path list = list(List.of("# sums", "SHA256 (a.jar) = " + "0".repeat(64)));
        assertThatThrownBy(() -> JarChecksums.read(list))
                .isInstanceOf(ApiException.class)
                .hasMessage(
                        "plugins.checksums=" + list
                                + ": line 2 is not as sha256sum writes them: 64 hexadecimal digits, two blanks, and the name of a jar");
        Path absent = folder.resolve("absent");
        assertThatThrownBy(() -> JarChecksums.read(absent))
                .isInstanceOf(ApiException.class)
                .hasMessageStartingWith("plugins.checksums=" + absent + ": it cannot be read: ");
    }
}
