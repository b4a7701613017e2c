package io.brokkr.pluginhost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Brokers with older and newer SPIs read jars that say which SPI they work with. */
class PluginRequirementsTest {

    /** What a broker with that SPI has against a plugin that requires this; empty if it takes it. */
    private static List<String> reasons(String spiVersion, String requires) throws IOException {
        Path jar = Files.createTempFile("plugin", ".jar");
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Plugin-Id", "example");
        attributes.putValue("Plugin-Version", "1.0.0");
        attributes.putValue("Plugin-Requires", requires);
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        try {
            List<String> reasons = new ArrayList<>();
            PluginSelection selection = new PluginSelection(
                    new PluginVersions(), spiVersion, PluginFolders::jars, rejected -> reasons.add(rejected.reason()));
            selection.read(jar).ifPresent(selection::add);
            assertThat(selection.resolve()).hasSize(reasons.isEmpty() ? 1 : 0);
            return reasons;
        } finally {
            Files.delete(jar);
        }
    }

    private static String misfit(String requires, String spiVersion) {
        return "it requires version " + requires + " of Brokkr's SPI, and this is " + spiVersion;
    }

    record Version(int major, int minor, int patch) implements Comparable<Version> {

        @Override
        public int compareTo(Version other) {
            return Comparator.comparingInt(Version::major)
                    .thenComparingInt(Version::minor)
                    .thenComparingInt(Version::patch)
                    .compare(this, other);
        }

        @Override
        public String toString() {
            return major + "." + minor + "." + patch;
        }
    }

    @Provide
    Arbitrary<Version> versions() {
        Arbitrary<Integer> number = Arbitraries.integers().between(0, 3);
        return Combinators.combine(number, number, number).as(Version::new);
    }

    /** The range that the archetypes write, around any version: a build in development counts as the version that it will be. */
    @Property
    void aRangeFitsTheVersionsBetweenItsBounds(
            @ForAll("versions") Version spi,
            @ForAll("versions") Version from,
            @ForAll("versions") Version below,
            @ForAll boolean inDevelopment)
            throws IOException {
        String version = spi + (inDevelopment ? "-SNAPSHOT" : "");
        String requires = ">=" + from + " & <" + below;
        boolean fits = from.compareTo(spi) <= 0 && spi.compareTo(below) < 0;
        assertThat(reasons(version, requires)).isEqualTo(fits ? List.of() : List.of(misfit(requires, version)));
    }

    @ParameterizedTest
    @CsvSource({
        "*, 0.1.0",
        "0.1.0, 0.1.0",
        "=0.1.0, 0.1.0",
        ">=0.1.0, 0.1.0",
        ">=0.1.0, 7.0.0",
        "<=0.1.0, 0.1.0",
        "~0.1.0, 0.1.9",
        "0.1.x, 0.1.9",
        "^1.2.0, 1.9.0",
        ">=0.1.0 & <0.2.0, 0.1.9",
        "<0.1.0 | >=0.2.0, 0.2.0"
    })
    void fits(String requires, String spiVersion) throws IOException {
        assertThat(reasons(spiVersion, requires)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0.1.0, 0.1.1",
        ">0.1.0, 0.1.0",
        ">=0.1.0, 0.0.9",
        "<0.1.0, 0.1.0",
        "~0.1.0, 0.2.0",
        "^1.2.0, 2.0.0",
        ">=0.1.0 & <0.2.0, 0.2.0",
        ">=0.1.0 & <0.2.0, 0.2.0-SNAPSHOT",
        "<0.1.0 | >=0.2.0, 0.1.5"
    })
    void doesNotFit(String requires, String spiVersion) throws IOException {
        assertThat(reasons(spiVersion, requires)).containsExactly(misfit(requires, spiVersion));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"latest", ">=", ">=0.1.0 &", "[0.1.0,0.2.0)", ">=0.1.0, <0.2.0", "0.1.0 or later", "0.one.0"})
    void isNoRange(String requires) throws IOException {
        assertThat(reasons("0.1.0", requires))
                .containsExactly("its Plugin-Requires " + requires + " is no range of versions such as >=0.1.0");
    }
}
