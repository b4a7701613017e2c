package io.brokkr.plugin.assemble;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A container image in a tar of OCI's image layout, as container tools load it: the layers of a base image, and one with the broker in {@code /opt/brokkr}. The data is in {@code
 * /var/lib/brokkr}.
 */
final class OciImage {

    static final String DATA_FOLDER = "/var/lib/brokkr";

    private static final String HOME = "opt/brokkr/";
    private static final String TYPE = "application/vnd.oci.image.";
    private static final String PORT = "9092/tcp";

    private final ObjectMapper mapper = new ObjectMapper();
    private final Content layout = new Content();
    private final Content content;
    private final Release release;
    private final BaseImage base;

    OciImage(Content content, Release release, BaseImage base) {
        this.content = content;
        this.release = release;
        this.base = base;
    }

    /** Writes all of it, and leaves the stream open. */
    void write(OutputStream out) throws IOException, AssemblyException {
        for (JsonNode layer : base.layers()) {
            String hash = BaseImage.hash(layer);
            // The same layer may lie in an image twice.
            layout.addIfAbsent("blobs/sha256/" + hash, Piece.file(base.blobs().resolve(hash), false));
        }
        byte[] tar = layer();
        ObjectNode layer = blob("layer.v1.tar+gzip", TarArchive.compress(tar));
        ObjectNode manifest = mapper.createObjectNode();
        manifest.put("schemaVersion", 2);
        manifest.put("mediaType", TYPE + "manifest.v1+json");
        manifest.set("config", blob("config.v1+json", mapper.writeValueAsBytes(config(tar))));
        ArrayNode layers = manifest.putArray("layers");
        base.layers().forEach(layers::add);
        layers.add(layer);
        ObjectNode index = mapper.createObjectNode();
        index.put("schemaVersion", 2);
        index.put("mediaType", TYPE + "index.v1+json");
        ObjectNode descriptor = blob("manifest.v1+json", mapper.writeValueAsBytes(manifest));
        descriptor.putObject("annotations").put("org.opencontainers.image.ref.name", "brokkr:" + release.version());
        index.putArray("manifests").add(descriptor);
        layout.add("index.json", Piece.text(mapper.writeValueAsString(index), false));
        layout.add("oci-layout", Piece.text("{\"imageLayoutVersion\":\"1.0.0\"}", false));
        TarArchive.write(layout, release.time(), out);
    }

    private byte[] layer() throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        TarArchive.write(content.under(HOME), release.time(), tar);
        return tar.toByteArray();
    }

    /** Adds a blob, and tells what and where it is. */
    private ObjectNode blob(String type, byte[] bytes) throws AssemblyException {
        String hash = Hashes.of("SHA-256", bytes);
        layout.addIfAbsent("blobs/sha256/" + hash, Piece.bytes(bytes));
        return mapper.createObjectNode()
                .put("mediaType", TYPE + type)
                .put("digest", "sha256:" + hash)
                .put("size", bytes.length);
    }

    /** That of the base image, with what is ours. */
    private ObjectNode config(byte[] tar) {
        ObjectNode config = base.config().deepCopy();
        config.put("created", release.time().toString());
        ObjectNode run = config.withObjectProperty("config");
        run.putArray("Entrypoint").add("/" + HOME + "bin/brokkr").add("start");
        run.remove("Cmd");
        run.withObjectProperty("ExposedPorts").putObject(PORT);
        run.withObjectProperty("Volumes").putObject(DATA_FOLDER);
        run.withObjectProperty("Labels")
                .put("org.opencontainers.image.title", "brokkr")
                .put("org.opencontainers.image.version", release.version())
                .put("org.opencontainers.image.description", release.description());
        config.withObjectProperty("rootfs")
                .put("type", "layers")
                .withArrayProperty("diff_ids")
                .add("sha256:" + Hashes.of("SHA-256", tar));
        config.withArrayProperty("history")
                .addObject()
                .put("created", release.time().toString())
                .put("created_by", "brokkr assemble");
        return config;
    }
}
