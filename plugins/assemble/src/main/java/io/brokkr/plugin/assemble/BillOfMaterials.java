package io.brokkr.plugin.assemble;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * Tells in CycloneDX's form what is really in a distribution: each jar and native library with its hash, and the Java runtime. What the installation's own list, which its build has
 * made, knows of a jar with that hash is taken from there: licence, package URL, and what it depends on. Of others, their manifests tell.
 */
final class BillOfMaterials {

    /** Where it lies in a distribution. */
    static final String PLACE = "bom.json";

    private static final String SHA_256 = "SHA-256";

    private final ObjectMapper mapper = new ObjectMapper();
    private final JsonNode installed;
    private final Map<String, JsonNode> installedByHash = new HashMap<>();
    private final NavigableSet<String> references = new TreeSet<>();

    /**
     * With what the installation knows of itself.
     *
     * @param home of the installation
     */
    BillOfMaterials(Path home) throws AssemblyException {
        Path file = home.resolve(PLACE);
        try {
            installed = Files.exists(file) ? mapper.readTree(file.toFile()) : mapper.createObjectNode();
        } catch (IOException unreadable) {
            throw new AssemblyException(file + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
        for (JsonNode component : installed.path("components")) {
            for (JsonNode hash : component.path("hashes")) {
                if (hash.path("alg").asText().equals(SHA_256)) {
                    installedByHash.put(hash.path("content").asText(), component);
                }
            }
        }
    }

    /**
     * Lists what was gathered so far.
     *
     * @param runtime null if none goes with it
     */
    String of(Content content, Release release, @Nullable JavaRuntime runtime) throws IOException {
        ObjectNode bill = mapper.createObjectNode();
        bill.put("bomFormat", "CycloneDX");
        bill.put("specVersion", installed.path("specVersion").asText("1.6"));
        bill.put("version", 1);
        ObjectNode metadata = bill.putObject("metadata");
        metadata.put("timestamp", release.time().toString());
        describeBrokkr(metadata.putObject("component"), release);
        ArrayNode components = bill.putArray("components");
        for (Map.Entry<String, Piece> file : content.pieces().entrySet()) {
            String path = file.getKey();
            if (!path.startsWith("runtime/") && (path.endsWith(".jar") || path.endsWith(".so"))) {
                components.add(component(path, file.getValue().bytes()));
            }
        }
        if (runtime != null) {
            components.add(java(runtime));
        }
        bill.set("dependencies", dependencies());
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        return mapper.writer(new DefaultPrettyPrinter()
                                .withObjectIndenter(indenter)
                                .withArrayIndenter(indenter))
                        .writeValueAsString(bill)
                + "\n";
    }

    private static void describeBrokkr(ObjectNode component, Release release) {
        component.put("type", "application");
        component.put("bom-ref", "brokkr@" + release.version());
        component.put("name", "brokkr");
        component.put("version", release.version());
        component.put("description", "Kafka-compatible broker with " + release.description());
        component.putArray("licenses").addObject().putObject("license").put("id", "Apache-2.0");
    }

    private ObjectNode component(String path, byte[] bytes) throws IOException {
        String hash = Hashes.of(SHA_256, bytes);
        JsonNode known = installedByHash.get(hash);
        ObjectNode component;
        if (known != null) {
            component = known.deepCopy();
        } else {
            component = isLauncher(path) ? launcher() : describe(path, bytes);
            addHash(component, hash);
        }
        addProperty(component, "brokkr:path", path);
        references.add(component.path("bom-ref").asText());
        return component;
    }

    /** The one jar that was not there yet when the list was made: what the list is of. */
    private JsonNode listed() {
        return installed.path("metadata").path("component");
    }

    private boolean isLauncher(String path) {
        return path.equals("lib/" + listed().path("name").asText() + "-"
                + listed().path("version").asText() + ".jar");
    }

    private ObjectNode launcher() {
        ObjectNode component = listed().deepCopy();
        return component.put("type", "library");
    }

    private ObjectNode describe(String path, byte[] bytes) throws IOException {
        String fileName = path.substring(path.lastIndexOf('/') + 1);
        Manifest manifest = manifest(bytes);
        String name = first(manifest, "Plugin-Id", "Bundle-SymbolicName", "Implementation-Title")
                .orElse(fileName);
        Optional<String> version = first(manifest, "Plugin-Version", "Bundle-Version", "Implementation-Version");
        ObjectNode component = mapper.createObjectNode();
        component.put("type", fileName.endsWith(".jar") ? "library" : "file");
        component.put("bom-ref", path);
        component.put("name", name);
        version.ifPresent(text -> {
            component.put("version", text);
            component.put("purl", "pkg:generic/" + name + "@" + text);
        });
        first(manifest, "Plugin-License", "Bundle-License").ifPresent(licence -> component
                .putArray("licenses")
                .addObject()
                .putObject("license")
                .put("name", licence));
        return component;
    }

    private static Manifest manifest(byte[] bytes) throws IOException {
        try (JarInputStream jar = new JarInputStream(new ByteArrayInputStream(bytes))) {
            return Optional.ofNullable(jar.getManifest()).orElseGet(Manifest::new);
        }
    }

    private static Optional<String> first(Manifest manifest, String... names) {
        for (String name : names) {
            String value = manifest.getMainAttributes().getValue(new Attributes.Name(name));
            if (value != null && !value.isBlank()) {
                return Optional.of(value.strip());
            }
        }
        return Optional.empty();
    }

    private ObjectNode java(JavaRuntime runtime) throws IOException {
        String version = Runtime.version().toString();
        ObjectNode component = mapper.createObjectNode();
        component.put("type", "platform");
        component.put("bom-ref", "java@" + version);
        component.put("name", System.getProperty("java.runtime.name"));
        component.put("publisher", System.getProperty("java.vendor"));
        component.put("version", version);
        component.put("purl", "pkg:generic/java-runtime@" + version.replace("+", "%2B"));
        addHash(
                component,
                Hashes.of(SHA_256, Files.readAllBytes(runtime.folder().resolve("lib/modules"))));
        addProperty(component, "brokkr:path", "runtime");
        addProperty(component, "brokkr:java-modules", String.join(",", runtime.modules()));
        references.add(component.path("bom-ref").asText());
        return component;
    }

    private static void addHash(ObjectNode component, String content) {
        component.putArray("hashes").addObject().put("alg", SHA_256).put("content", content);
    }

    private static void addProperty(ObjectNode component, String name, String value) {
        component.withArrayProperty("properties").addObject().put("name", name).put("value", value);
    }

    /** Those that the installation knows, as far as both ends are there. */
    private ArrayNode dependencies() {
        ArrayNode kept = mapper.createArrayNode();
        for (JsonNode dependency : installed.path("dependencies")) {
            if (references.contains(dependency.path("ref").asText())) {
                ObjectNode copy = kept.addObject();
                copy.put("ref", dependency.path("ref").asText());
                ArrayNode on = copy.putArray("dependsOn");
                for (JsonNode reference : dependency.path("dependsOn")) {
                    if (references.contains(reference.asText())) {
                        on.add(reference.asText());
                    }
                }
            }
        }
        return kept;
    }
}
