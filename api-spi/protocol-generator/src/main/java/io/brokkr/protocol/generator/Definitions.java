package io.brokkr.protocol.generator;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** All the definitions of one or several releases. */
public final class Definitions {

    private static final List<String> FOLDERS = List.of("common/message/", "common/metadata/");

    private Definitions() {}

    /**
     * Reads the definitions that jars carry, and joins those of the same message.
     *
     * @param jars the newest release first
     * @return the definitions that have a version, in the order of their files in the first jar that has them
     * @throws IOException if a jar cannot be read
     */
    public static List<Definition> read(List<Path> jars) throws IOException {
        Map<String, Definition> merged = new LinkedHashMap<>();
        for (Path jar : jars) {
            for (Definition definition : readJar(jar)) {
                merged.merge(identity(definition), definition, DefinitionMerge::merge);
            }
        }
        return merged.values().stream()
                .filter(definition -> !definition.versions().isEmpty())
                .toList();
    }

    /** A request, a response and a record are known by their number, for names change between releases; the rest by name. */
    private static String identity(Definition definition) {
        return definition.kind() + " " + (definition.key() < 0 ? definition.name() : definition.key());
    }

    private static List<Definition> readJar(Path jar) throws IOException {
        List<Definition> definitions = new ArrayList<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                if (FOLDERS.stream().anyMatch(entry.getName()::startsWith)
                        && entry.getName().endsWith(".json")) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        definitions.add(DefinitionReader.read(in));
                    } catch (IllegalArgumentException e) {
                        throw new IOException(jar + ": " + entry.getName() + ": " + e.getMessage(), e);
                    }
                }
            }
        }
        return definitions;
    }
}
