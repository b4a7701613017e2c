package io.brokkr.plugin.assemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.plugin.assemble.ContentArbitraries.TestFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/** What is packed comes out again, and the bytes do not depend on when, where and in which order it was packed. */
class ArchivesTest {

    private static final Release RELEASE =
            new Release("1.2.3", Instant.parse("2026-11-22T10:11:12Z"), "", "the plugins produce");
    private static final String FOLDER = "brokkr-1.2.3/";
    private static final int REGULAR_FILE = 0100000;

    @Provide
    Arbitrary<Map<String, TestFile>> files() {
        return ContentArbitraries.files();
    }

    /** Those that need nothing else. */
    @Provide
    Arbitrary<Packaging> alone() {
        return Arbitraries.of(Packaging.TAR_GZ, Packaging.ZIP, Packaging.DEB);
    }

    private static byte[] pack(Packaging packaging, Content content) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        packaging.write(content, RELEASE, null, out);
        return out.toByteArray();
    }

    @Property(tries = 100)
    void theBytesDoNotDependOnTheOrderOrTheTimeZone(
            @ForAll("files") Map<String, TestFile> files, @ForAll("alone") Packaging packaging, @ForAll long seed)
            throws Exception {
        byte[] here = pack(packaging, ContentArbitraries.content(files, 0));
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kolkata"));
        try {
            assertThat(pack(packaging, ContentArbitraries.content(files, seed))).isEqualTo(here);
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @Property(tries = 100)
    void aTarGivesBackWhatWentIn(@ForAll("files") Map<String, TestFile> files, @ForAll long seed) throws Exception {
        byte[] packed = pack(Packaging.TAR_GZ, ContentArbitraries.content(files, seed));
        Map<String, TestFile> seen = new TreeMap<>();
        List<String> folders = new ArrayList<>();
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new GzipCompressorInputStream(new ByteArrayInputStream(packed)), "UTF-8")) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                assertThat(entry.getLongUserId()).isZero();
                assertThat(entry.getLongGroupId()).isZero();
                assertThat(entry.getUserName()).isEqualTo("root");
                assertThat(entry.getLastModifiedTime().toInstant()).isEqualTo(RELEASE.time());
                String name = entry.getName();
                assertThat(name.indexOf("/")).isPositive();
                // What lies in a folder comes behind it.
                assertThat(folders).containsAll(name.equals(FOLDER) ? List.of() : List.of(parent(name)));
                if (entry.isDirectory()) {
                    assertThat(entry.getMode() & 0777).isEqualTo(0755);
                    folders.add(name);
                } else {
                    boolean executable = (entry.getMode() & 0777) == 0755;
                    assertThat(entry.getMode() & 0777).isIn(0755, 0644);
                    seen.put(
                            name.substring(FOLDER.length()),
                            new TestFile(new String(tar.readAllBytes(), StandardCharsets.UTF_8), executable));
                }
            }
        }
        assertThat(bytes(seen)).isEqualTo(bytes(files));
    }

    /** Strings may hold halves of surrogate pairs, which no encoding has. */
    private static Map<String, String> bytes(Map<String, TestFile> files) {
        Map<String, String> bytes = new TreeMap<>();
        files.forEach((path, file) -> bytes.put(
                path, Hashes.of("SHA-256", ContentArbitraries.bytes(file)) + (file.executable() ? " may be run" : "")));
        return bytes;
    }

    private static String parent(String name) {
        int end = name.endsWith("/") ? name.length() - 1 : name.length();
        return name.substring(0, name.lastIndexOf('/', end - 1) + 1);
    }

    @Property(tries = 100)
    void aZipGivesBackWhatWentIn(@ForAll("files") Map<String, TestFile> files, @ForAll long seed) throws Exception {
        byte[] packed = pack(Packaging.ZIP, ContentArbitraries.content(files, seed));
        Map<String, TestFile> seen = new TreeMap<>();
        try (ZipFile zip = ZipFile.builder()
                .setSeekableByteChannel(new SeekableInMemoryByteChannel(packed))
                .get()) {
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                int mode = entry.getUnixMode();
                assertThat(mode).isIn(REGULAR_FILE | 0755, REGULAR_FILE | 0644);
                assertThat(entry.getTimeLocal()).isEqualTo("2026-11-22T10:11:12");
                seen.put(
                        entry.getName().substring(FOLDER.length()),
                        new TestFile(
                                new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8),
                                (mode & 0111) != 0));
            }
        }
        assertThat(bytes(seen)).isEqualTo(bytes(files));
    }
}
