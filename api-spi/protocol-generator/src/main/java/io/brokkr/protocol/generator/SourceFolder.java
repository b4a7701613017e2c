package io.brokkr.protocol.generator;

import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.TypeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A folder of generated sources. Files that are as they should be stay untouched, so that a build has nothing to compile anew. */
final class SourceFolder {

    private final Path root;
    private final Set<Path> written = new HashSet<>();

    SourceFolder(Path root) {
        this.root = root;
    }

    static JavaFile file(String javaPackage, TypeSpec type) {
        return JavaFile.builder(javaPackage, type)
                .addFileComment("Generated from the message definitions of Apache Kafka. Do not edit.")
                .indent("    ")
                .skipJavaLangImports(true)
                .build();
    }

    void write(JavaFile file) throws IOException {
        Path path = root.resolve(file.packageName().replace('.', '/'))
                .resolve(file.typeSpec().name() + ".java");
        String source = file.toString();
        written.add(path);
        if (!Files.exists(path) || !Files.readString(path).equals(source)) {
            Files.createDirectories(path.getParent());
            Files.writeString(path, source);
        }
    }

    /** Deletes the files of earlier runs that this one has not written. */
    void deleteOthers() throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(root)) {
            files = found.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            if (!written.contains(file)) {
                Files.delete(file);
            }
        }
    }
}
