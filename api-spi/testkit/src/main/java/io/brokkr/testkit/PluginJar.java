package io.brokkr.testkit;

import io.brokkr.protocol.Api;
import io.brokkr.spi.ApiHandlerFactory;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;

/** Makes the jar of a plugin out of source text, good or broken as a test needs it. Needs a JDK, not just a Java runtime. */
public final class PluginJar {

    private final Map<String, String> sources = new TreeMap<>();
    private final Map<String, String> manifest = new LinkedHashMap<>();
    private final Map<String, String> resources = new TreeMap<>();
    private final List<String> left = new ArrayList<>();
    private final List<Path> compiledAgainst = new ArrayList<>();

    /** A jar without anything in it. */
    public PluginJar() {}

    /** Adds an entry to the manifest, such as {@code Plugin-Id}. */
    public PluginJar manifest(String name, String value) {
        manifest.put(name, value);
        return this;
    }

    /** Adds {@code Plugin-Id} and {@code Plugin-Version}. */
    public PluginJar plugin(String id, String version) {
        return manifest("Plugin-Id", id).manifest("Plugin-Version", version);
    }

    /**
     * Adds a class, or a module descriptor.
     *
     * @param name with its package; {@code module-info} for the descriptor
     */
    public PluginJar source(String name, String text) {
        sources.put(name, text);
        return this;
    }

    /** Adds a provider of a service, as jars without a module descriptor have it. */
    public PluginJar provider(Class<?> service, String className) {
        resources.put("META-INF/services/" + service.getName(), className + "\n");
        return this;
    }

    /** Leaves a class out of the jar, after the others were compiled against it. */
    public PluginJar leaveOut(String className) {
        left.add(className);
        return this;
    }

    /** Compiles against another plugin too. */
    public PluginJar against(Path jar) {
        compiledAgainst.add(jar);
        return this;
    }

    /**
     * Compiles the sources and writes the jar.
     *
     * @throws IllegalArgumentException with what the compiler says, if it refuses the sources
     */
    public Path writeTo(Path jar) {
        Map<String, byte[]> classes = sources.isEmpty() ? Map.of() : compile();
        Manifest entries = new Manifest();
        entries.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.forEach(entries.getMainAttributes()::putValue);
        try {
            Files.createDirectories(jar.getParent());
            try (JarOutputStream output = new JarOutputStream(Files.newOutputStream(jar), entries)) {
                for (Map.Entry<String, byte[]> compiled : classes.entrySet()) {
                    if (!left.contains(compiled.getKey())) {
                        write(output, compiled.getKey().replace('.', '/') + ".class", compiled.getValue());
                    }
                }
                for (Map.Entry<String, String> resource : resources.entrySet()) {
                    write(output, resource.getKey(), resource.getValue().getBytes(StandardCharsets.UTF_8));
                }
            }
            return jar;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void write(JarOutputStream output, String name, byte[] content) throws IOException {
        output.putNextEntry(new JarEntry(name));
        output.write(content);
        output.closeEntry();
    }

    private Map<String, byte[]> compile() {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> path = new ArrayList<>();
        // What the SPI requires transitively is needed to compile against it.
        for (Class<?> type : List.of(ApiHandlerFactory.class, Api.class, NullMarked.class)) {
            path.add(whereFrom(type).toString());
        }
        compiledAgainst.forEach(jar -> path.add(jar.toString()));
        String pathOption = sources.containsKey("module-info") ? "--module-path" : "--class-path";
        List<String> options = List.of(
                "--release", "17", "-proc:none", "-Xlint:none", pathOption, String.join(File.pathSeparator, path));
        List<JavaFileObject> units = new ArrayList<>();
        sources.forEach((name, text) -> units.add(new Source(name, text)));
        StringWriter complaints = new StringWriter();
        try (StandardJavaFileManager standard = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
                Compiled compiled = new Compiled(standard)) {
            if (!compiler.getTask(complaints, compiled, null, options, null, units)
                    .call()) {
                throw new IllegalArgumentException(complaints.toString());
            }
            return compiled.classes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Path whereFrom(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String name, String text) {
            super(URI.create("memory:///" + name.replace('.', '/') + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** Keeps what the compiler writes in memory. */
    private static final class Compiled extends ForwardingJavaFileManager<JavaFileManager> {

        private final Map<String, ByteArrayOutputStream> outputs = new TreeMap<>();

        Compiled(JavaFileManager standard) {
            super(standard);
        }

        Map<String, byte[]> classes() {
            Map<String, byte[]> classes = new TreeMap<>();
            outputs.forEach((name, output) -> classes.put(name, output.toByteArray()));
            return classes;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            outputs.put(className, output);
            URI uri = URI.create("memory:///" + className.replace('.', '/') + kind.extension);
            return new SimpleJavaFileObject(uri, kind) {
                @Override
                public OutputStream openOutputStream() {
                    return output;
                }
            };
        }
    }
}
