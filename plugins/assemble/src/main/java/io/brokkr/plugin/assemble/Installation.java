package io.brokkr.plugin.assemble;

import io.brokkr.spi.InstalledPlugin;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** The unpacked distribution that the command runs in. */
record Installation(Path home) {

    private static final String CORE = "brokkr-core-*.jar";

    /** The jars of the broker itself, in the order of their names. */
    List<Path> jars() throws AssemblyException {
        return list(home.resolve("lib"), "*.jar");
    }

    /** The jars of a plugin. */
    static List<Path> jars(InstalledPlugin plugin) throws AssemblyException {
        return Files.isDirectory(plugin.path()) ? list(plugin.path().resolve("lib"), "*.jar") : List.of(plugin.path());
    }

    /** Libraries in native code, for one of Java's words for architectures; for all of them if that is empty. */
    List<Path> nativeLibraries(String architecture) throws AssemblyException {
        String ending =
                switch (architecture) {
                    case "" -> "*.so";
                    case "amd64" -> "*_x86_64.so";
                    case "aarch64" -> "*_aarch_64.so";
                    default -> "*_" + architecture + ".so";
                };
        Path folder = home.resolve("lib/native");
        return Files.isDirectory(folder) ? list(folder, ending) : List.of();
    }

    /** What every distribution has. */
    void addTo(Content content, String architecture) throws AssemblyException {
        content.add("LICENSE", Piece.file(home.resolve("LICENSE"), false));
        content.add("bin/brokkr", Piece.file(home.resolve("bin/brokkr"), true));
        content.add("conf/tinylog.properties", Piece.file(home.resolve("conf/tinylog.properties"), false));
        for (Path jar : jars()) {
            content.add("lib/" + jar.getFileName(), Piece.file(jar, false));
        }
        for (Path library : nativeLibraries(architecture)) {
            content.add("lib/native/" + library.getFileName(), Piece.file(library, false));
        }
    }

    /** Of Brokkr. */
    String version() throws AssemblyException {
        try (JarFile jar = new JarFile(core().toFile())) {
            Manifest manifest = jar.getManifest();
            String version = manifest == null
                    ? null
                    : manifest.getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION);
            if (version == null) {
                throw new AssemblyException(core() + " does not say its version: unpack the distribution anew");
            }
            return version;
        } catch (IOException unreadable) {
            throw new AssemblyException(core() + " cannot be read: " + unreadable, unreadable);
        }
    }

    /** When it was built, as its jars have it inside of them: times of files change when they are copied. */
    Instant buildTime() throws AssemblyException {
        try (JarFile jar = new JarFile(core().toFile())) {
            ZipEntry first = jar.getEntry(JarFile.MANIFEST_NAME);
            // Maven writes the time of UTC into it.
            return first.getTimeLocal().toInstant(ZoneOffset.UTC);
        } catch (IOException unreadable) {
            throw new AssemblyException(core() + " cannot be read: " + unreadable, unreadable);
        }
    }

    private Path core() throws AssemblyException {
        List<Path> found = list(home.resolve("lib"), CORE);
        if (found.size() != 1) {
            throw new AssemblyException("there must be one " + CORE + " in " + home.resolve("lib") + ", and there are "
                    + found.size() + ": unpack the distribution anew");
        }
        return found.get(0);
    }

    private static List<Path> list(Path folder, String names) throws AssemblyException {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, names)) {
            entries.forEach(paths::add);
        } catch (IOException unreadable) {
            throw new AssemblyException(folder + " cannot be read: " + unreadable, unreadable);
        }
        Collections.sort(paths);
        return paths;
    }
}
