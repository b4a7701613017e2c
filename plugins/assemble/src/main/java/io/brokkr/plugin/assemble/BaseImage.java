package io.brokkr.plugin.assemble;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * The image that a container image of ours begins with, in a folder of OCI's image layout.
 *
 * @param blobs where its layers lie, by their hashes
 * @param layers their descriptors, the lowest first
 * @param config of the image
 */
record BaseImage(Path blobs, List<JsonNode> layers, ObjectNode config) {

    private static final String DIGEST = "digest";
    private static final String HASH = "sha256:";

    /**
     * Reads it.
     *
     * @param folder with {@code index.json} and {@code blobs/} in it
     * @param architecture in OCI's word for it, of which there must be an image
     */
    static BaseImage read(Path folder, String architecture) throws AssemblyException {
        ObjectMapper mapper = new ObjectMapper();
        Path index = folder.resolve("index.json");
        Path blobs = folder.resolve("blobs/sha256");
        try {
            JsonNode manifest = manifest(mapper, blobs, mapper.readTree(index.toFile()), architecture);
            JsonNode config = read(mapper, blobs, manifest.path("config"));
            String found = config.path("architecture").asText();
            if (!found.equals(architecture)) {
                throw new AssemblyException("the base image " + folder + " is for " + found
                        + ", and the runtime is for " + architecture + ": take the base image for that");
            }
            List<JsonNode> layers = StreamSupport.stream(manifest.path("layers").spliterator(), false)
                    .toList();
            for (JsonNode layer : layers) {
                if (!Files.isRegularFile(blobs.resolve(hash(layer)))) {
                    throw new AssemblyException(
                            "the base image " + folder + " lacks its layer " + hash(layer) + ": copy it anew");
                }
            }
            return new BaseImage(blobs, layers, config.deepCopy());
        } catch (IOException unreadable) {
            throw new AssemblyException(
                    folder + " is no folder of an OCI image layout: " + unreadable.getMessage(), unreadable);
        }
    }

    /** The name of a blob's file. */
    static String hash(JsonNode descriptor) throws AssemblyException {
        String digest = descriptor.path(DIGEST).asText();
        String hash = digest.startsWith(HASH) ? digest.substring(HASH.length()) : "";
        // A name out of a file that somebody else made must not lead anywhere else.
        if (!hash.matches("[0-9a-f]{64}")) {
            throw new AssemblyException("the base image has a digest that is none: " + digest);
        }
        return hash;
    }

    /** An index may name others, for each architecture one. */
    private static JsonNode manifest(ObjectMapper mapper, Path blobs, JsonNode index, String architecture)
            throws IOException, AssemblyException {
        JsonNode first = null;
        for (JsonNode descriptor : index.path("manifests")) {
            String theirs = descriptor.path("platform").path("architecture").asText(architecture);
            if (first == null && theirs.equals(architecture)) {
                first = descriptor;
            }
        }
        if (first == null) {
            throw new AssemblyException("the base image has nothing for " + architecture);
        }
        JsonNode named = read(mapper, blobs, first);
        return named.has("manifests") ? manifest(mapper, blobs, named, architecture) : named;
    }

    private static JsonNode read(ObjectMapper mapper, Path blobs, JsonNode descriptor)
            throws IOException, AssemblyException {
        return mapper.readTree(blobs.resolve(hash(descriptor)).toFile());
    }
}
