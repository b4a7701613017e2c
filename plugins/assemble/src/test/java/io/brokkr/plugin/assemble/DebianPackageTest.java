package io.brokkr.plugin.assemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.plugin.assemble.ContentArbitraries.TestFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.junit.jupiter.api.Test;

/** The form of Debian's packages, read without {@code dpkg}. */
class DebianPackageTest {

    private static Release release(String version, String architecture) {
        return new Release(version, Instant.parse("2026-11-22T00:00:00Z"), architecture, "the plugins fetch, produce");
    }

    @Provide
    Arbitrary<Map<String, TestFile>> files() {
        return ContentArbitraries.files();
    }

    private static Map<String, byte[]> members(Content content, Release release) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Packaging.DEB.write(content, release, null, out);
        Map<String, byte[]> members = new LinkedHashMap<>();
        try (ArArchiveInputStream archive = new ArArchiveInputStream(new ByteArrayInputStream(out.toByteArray()))) {
            for (ArArchiveEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
                members.put(entry.getName(), archive.readAllBytes());
            }
        }
        return members;
    }

    /** The regular files and, with an arrow before where they lead, the links. */
    private static Map<String, byte[]> files(byte[] packed) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new GzipCompressorInputStream(new ByteArrayInputStream(packed)), "UTF-8")) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isSymbolicLink()) {
                    files.put(entry.getName(), ("-> " + entry.getLinkName()).getBytes(StandardCharsets.UTF_8));
                } else if (!entry.isDirectory()) {
                    files.put(entry.getName(), tar.readAllBytes());
                }
            }
        }
        return files;
    }

    private static String text(Map<String, byte[]> files, String name) {
        return new String(files.getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
    }

    @Property(tries = 50)
    void everyFileIsInItWithItsSum(@ForAll("files") Map<String, TestFile> files) throws Exception {
        Map<String, byte[]> members = members(ContentArbitraries.content(files, 0), release("1.0.0", ""));
        assertThat(members.keySet()).containsExactly("debian-binary", "control.tar.gz", "data.tar.gz");
        assertThat(text(members, "debian-binary")).isEqualTo("2.0\n");
        Map<String, byte[]> data = files(members.get("data.tar.gz"));
        StringBuilder sums = new StringBuilder();
        data.forEach((path, bytes) -> {
            if (!new String(bytes, StandardCharsets.UTF_8).startsWith("-> ../..")) {
                sums.append(Hashes.of("MD5", bytes) + "  " + path.substring(2) + "\n");
            }
        });
        Map<String, byte[]> control = files(members.get("control.tar.gz"));
        assertThat(text(control, "./md5sums")).isEqualTo(sums.toString());
        files.forEach(
                (path, file) -> assertThat(data.get("./opt/brokkr/" + path)).isEqualTo(ContentArbitraries.bytes(file)));
    }

    @Test
    void theConfigurationLiesWhereAdministratorsLookForIt() throws Exception {
        Content content = new Content()
                .add("conf/brokkr.properties", Piece.text("a=b\n", false))
                .add("bin/brokkr", Piece.text("#!/bin/sh\n", true));
        Map<String, byte[]> members = members(content, release("0.1.0-SNAPSHOT", "amd64"));
        Map<String, byte[]> control = files(members.get("control.tar.gz"));
        Map<String, byte[]> data = files(members.get("data.tar.gz"));
        assertThat(text(control, "./conffiles")).isEqualTo("/etc/brokkr/brokkr.properties\n");
        assertThat(text(data, "./etc/brokkr/brokkr.properties")).isEqualTo("a=b\n");
        assertThat(text(data, "./opt/brokkr/conf")).isEqualTo("-> ../../etc/brokkr");
        assertThat(text(data, "./usr/bin/brokkr")).isEqualTo("-> ../../opt/brokkr/bin/brokkr");
        assertThat(text(control, "./control"))
                .contains("Package: brokkr\nVersion: 0.1.0~SNAPSHOT\nArchitecture: amd64\n")
                .contains("\nDepends: passwd, libc6,")
                .endsWith("\n It has the plugins fetch, produce.\n");
    }

    @Test
    void withoutARuntimeItNeedsAJavaAndFitsEveryProcessor() throws Exception {
        Map<String, byte[]> members = members(new Content(), release("1.0.0", ""));
        assertThat(text(files(members.get("control.tar.gz")), "./control"))
                .contains("\nArchitecture: all\n", "\nDepends: passwd, java17-runtime-headless\n");
    }
}
