package io.brokkr.pluginhost;

import java.io.IOException;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.pf4j.DefaultPluginDescriptor;
import org.pf4j.ManifestPluginDescriptorFinder;
import org.pf4j.PluginRuntimeException;

/** One plugin as it lies on disk: what its manifest says, and which module it is. */
final class PluginFile extends DefaultPluginDescriptor {

    private static final String MODULE_DESCRIPTOR = "module-info.class";

    private final Path path;
    private final List<Path> jars;
    private final ModuleFinder modules;
    private final @Nullable ModuleDescriptor module;

    private PluginFile(Path path, List<Path> jars, ModuleFinder modules, @Nullable ModuleDescriptor module) {
        this.path = path;
        this.jars = jars;
        this.modules = modules;
        this.module = module;
    }

    /**
     * Reads the manifest and the module descriptor.
     *
     * @param path a jar, or a folder with jars in {@code lib}, one of which has the manifest
     * @param jars these jars, or what was let in for them
     * @throws PluginRuntimeException with the reason why this is no plugin
     */
    static PluginFile read(Path path, List<Path> jars) {
        PluginFile found = null;
        for (Path jar : jars) {
            PluginFile candidate = readJar(path, jars, jar);
            if (candidate != null && found != null) {
                throw new PluginRuntimeException("two of its jars have a Plugin-Id in their manifests: "
                        + found.getPluginId() + " and " + candidate.getPluginId());
            }
            found = candidate != null ? candidate : found;
        }
        if (found == null) {
            throw new PluginRuntimeException(
                    Files.isDirectory(path)
                            ? "no jar in its lib folder has a Plugin-Id in its manifest"
                            : "its manifest has no Plugin-Id");
        }
        return found;
    }

    private static @Nullable PluginFile readJar(Path path, List<Path> jars, Path jarPath) {
        try (JarFile jar = new JarFile(jarPath.toFile(), false, ZipFile.OPEN_READ, JarFile.runtimeVersion())) {
            Manifest manifest = jar.getManifest();
            if (manifest == null || isBlank(manifest, ManifestPluginDescriptorFinder.PLUGIN_ID)) {
                return null;
            }
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                checkName(jarPath, entries.nextElement().getName());
            }
            boolean modular = jar.getJarEntry(MODULE_DESCRIPTOR) != null;
            ModuleFinder modules = ModuleFinder.of(jars.toArray(Path[]::new));
            PluginFile file = new PluginFile(path, jars, modules, modular ? moduleOf(jarPath, modules) : null);
            new Reader(file).fill(manifest);
            return file;
        } catch (IOException unreadable) {
            throw new PluginRuntimeException(
                    unreadable, jarPath.getFileName() + " cannot be read: " + unreadable.getMessage());
        } catch (FindException malformed) {
            throw new PluginRuntimeException(
                    malformed, jarPath.getFileName() + " is no proper module: " + PluginFailure.reason(malformed));
        }
    }

    /** Nobody unpacks it here; but a jar with such a name was made to do harm, or by a tool that is broken. */
    private static void checkName(Path jar, String name) {
        boolean leadsUp =
                name.contains("..") && List.of(name.split("[/\\\\]", -1)).contains("..");
        if (name.startsWith("/") || leadsUp) {
            throw new PluginRuntimeException(jar.getFileName() + " has an entry that would lie outside of it: " + name);
        }
    }

    private static @Nullable ModuleDescriptor moduleOf(Path jar, ModuleFinder modules) {
        Optional<URI> location = Optional.of(jar.toUri());
        return modules.findAll().stream()
                .filter(reference -> reference.location().equals(location))
                .map(ModuleReference::descriptor)
                .findFirst()
                .orElse(null);
    }

    private static boolean isBlank(Manifest manifest, String attribute) {
        String value = manifest.getMainAttributes().getValue(new Attributes.Name(attribute));
        return value == null || value.isBlank();
    }

    /** The versions of the SPI and of other plugins that it needs, as its manifest has them. */
    List<String> requirements() {
        Stream<String> plugins = getDependencies().stream()
                .map(dependency -> dependency.getPluginId() + " " + dependency.getPluginVersionSupport());
        return Stream.concat(Stream.of("SPI " + getRequires()), plugins).toList();
    }

    /** The jar or the folder. */
    Path path() {
        return path;
    }

    /** The jars that classes come from. */
    List<Path> jars() {
        return jars;
    }

    /** The modules of all jars; each jar is read once, when the first of them is asked for. */
    ModuleFinder modules() {
        return modules;
    }

    /** The plugin's own module; null if its jar has no descriptor. */
    @Nullable
    ModuleDescriptor module() {
        return module;
    }

    /** PF4J's own way to read the attributes, so that they mean what its documentation says. */
    private static final class Reader extends ManifestPluginDescriptorFinder {

        private final PluginFile file;

        Reader(PluginFile file) {
            this.file = file;
        }

        void fill(Manifest manifest) {
            createPluginDescriptor(manifest);
        }

        @Override
        protected DefaultPluginDescriptor createPluginDescriptorInstance() {
            return file;
        }
    }
}
