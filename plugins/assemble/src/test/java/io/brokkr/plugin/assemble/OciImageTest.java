package io.brokkr.plugin.assemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.brokkr.plugin.assemble.ContentArbitraries.TestFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image is read as a container tool reads it: from the index down, each blob by its digest. */
class OciImageTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Release RELEASE =
            new Release("1.2.3", Instant.parse("2026-11-22T10:11:12Z"), "aarch64", "the plugins produce");

    @TempDir
    private Path folder;

    @Provide
    Arbitrary<Map<String, TestFile>> files() {
        return ContentArbitraries.files();
    }

    @Property(tries = 30)
    void theLayersGiveTheFilesOfTheBaseAndOurs(
            @ForAll("files") Map<String, TestFile> below, @ForAll("files") Map<String, TestFile> ours)
            throws Exception {
        Path base = Files.createTempDirectory("base");
        try {
            writeBase(base, "arm64", below);
            byte[] image = image(BaseImage.read(base, "arm64"), ours);
            assertThat(image(BaseImage.read(base, "arm64"), ours)).isEqualTo(image);
            Map<String, byte[]> layout = files(new ByteArrayInputStream(image));
            JsonNode manifest = blob(
                    layout,
                    JSON.readTree(layout.get("index.json")).path("manifests").get(0));
            JsonNode config = blob(layout, manifest.path("config"));
            Map<String, byte[]> seen = new TreeMap<>();
            List<String> hashes = new ArrayList<>();
            for (JsonNode layer : manifest.path("layers")) {
                byte[] tar =
                        new GzipCompressorInputStream(new ByteArrayInputStream(bytes(layout, layer))).readAllBytes();
                hashes.add("sha256:" + Hashes.of("SHA-256", tar));
                seen.putAll(files(new ByteArrayInputStream(tar)));
            }
            List<String> told = new ArrayList<>();
            config.path("rootfs").path("diff_ids").forEach(hash -> told.add(hash.asText()));
            assertThat(told).isEqualTo(hashes).hasSize(2);
            assertThat(config.path("config").path("Env").get(0).asText()).isEqualTo("PATH=/bin");
            assertThat(config.path("config").path("Entrypoint").get(0).asText()).isEqualTo("/opt/brokkr/bin/brokkr");
            assertThat(seen).hasSize(below.size() + ours.size());
            ours.forEach((path, file) ->
                    assertThat(seen.get("opt/brokkr/" + path)).isEqualTo(ContentArbitraries.bytes(file)));
        } finally {
            new WorkFolder(base).close();
        }
    }

    private static byte[] image(BaseImage base, Map<String, TestFile> files) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new OciImage(ContentArbitraries.content(files, 0), RELEASE, base).write(out);
        return out.toByteArray();
    }

    private static Map<String, byte[]> files(InputStream packed) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(packed, "UTF-8")) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (!entry.isDirectory()) {
                    files.put(entry.getName(), tar.readAllBytes());
                }
            }
        }
        return files;
    }

    private static byte[] bytes(Map<String, byte[]> layout, JsonNode descriptor) {
        String hash = descriptor.path("digest").asText().substring("sha256:".length());
        byte[] bytes = layout.getOrDefault("blobs/sha256/" + hash, new byte[0]);
        assertThat(Hashes.of("SHA-256", bytes)).isEqualTo(hash);
        assertThat(bytes).hasSize(descriptor.path("size").asInt());
        return bytes;
    }

    private static JsonNode blob(Map<String, byte[]> layout, JsonNode descriptor) throws IOException {
        return JSON.readTree(bytes(layout, descriptor));
    }

    /** An index that names another one, as images for several architectures have it. */
    private static void writeBase(Path base, String architecture, Map<String, TestFile> files) throws Exception {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        TarArchive.write(ContentArbitraries.content(files, 0), RELEASE.time(), tar);
        ObjectNode config =
                JSON.createObjectNode().put("architecture", architecture).put("os", "linux");
        config.putObject("config").putArray("Env").add("PATH=/bin");
        config.putObject("rootfs")
                .put("type", "layers")
                .putArray("diff_ids")
                .add("sha256:" + Hashes.of("SHA-256", tar.toByteArray()));
        ObjectNode manifest = JSON.createObjectNode();
        manifest.set("config", write(base, JSON.writeValueAsBytes(config)));
        manifest.putArray("layers").add(write(base, TarArchive.compress(tar.toByteArray())));
        ObjectNode descriptor = write(base, JSON.writeValueAsBytes(manifest));
        descriptor.putObject("platform").put("architecture", architecture);
        ObjectNode other = descriptor.deepCopy();
        other.putObject("platform").put("architecture", "s390x");
        ObjectNode inner = JSON.createObjectNode();
        inner.putArray("manifests").add(other).add(descriptor);
        ObjectNode outer = JSON.createObjectNode();
        outer.putArray("manifests").add(write(base, JSON.writeValueAsBytes(inner)));
        Files.write(base.resolve("index.json"), JSON.writeValueAsBytes(outer));
    }

    private static ObjectNode write(Path base, byte[] bytes) throws IOException {
        String hash = Hashes.of("SHA-256", bytes);
        Files.createDirectories(base.resolve("blobs/sha256"));
        Files.write(base.resolve("blobs/sha256").resolve(hash), bytes);
        return JSON.createObjectNode().put("digest", "sha256:" + hash).put("size", bytes.length);
    }

    @Test
    void aBaseImageThatDoesNotFitIsRefused() throws Exception {
        assertThatThrownBy(() -> BaseImage.read(folder, "arm64"))
                .isInstanceOf(AssemblyException.class)
                .hasMessageContaining("is no folder of an OCI image layout");
        writeBase(folder, "arm64", Map.of());
        assertThatThrownBy(() -> BaseImage.read(folder, "amd64"))
                .isInstanceOf(AssemblyException.class)
                .hasMessageContaining("nothing for amd64");
        String climbing = "{\"manifests\":[{\"digest\":\"sha256:../../../etc/passwd\"}]}";
        Files.write(folder.resolve("index.json"), climbing.getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> BaseImage.read(folder, "arm64"))
                .isInstanceOf(AssemblyException.class)
                .hasMessageContaining("a digest that is none");
    }
}
