package io.brokkr.pluginhost;

import io.brokkr.pluginhost.FolderState.FileState;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets jars in, those that are trusted if the settings ask for trust. Used by one thread at a time.
 *
 * <p>What is checked then is a copy, in a folder that only the user who runs the broker can reach, and classes come from that copy: whatever becomes of the jar between the check and the
 * last class, they are the bytes that were checked. Where nothing is asked for, nothing is copied.
 */
final class PluginAdmission implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PluginHost.class);

    private final Configuration settings;
    private PluginTrust trust;
    private List<FileState> read;
    private boolean changed;
    private @Nullable Path copies;
    private int folders;

    /**
     * Reads who is trusted.
     *
     * @param now the {@link PluginTrust#files}, as they were seen before
     * @throws ApiException {@code INVALID_CONFIG}, if that cannot be read
     */
    PluginAdmission(Configuration settings, List<FileState> now) {
        this.settings = settings;
        this.trust = PluginTrust.read(settings);
        this.read = now;
    }

    /** Reads again who is trusted, if that has changed; if it cannot be read, nothing changes. */
    void follow(List<FileState> now) {
        changed = false;
        if (!now.equals(read)) {
            read = now;
            try {
                trust = PluginTrust.read(settings);
                changed = true;
            } catch (ApiException unreadable) {
                LOG.error("{}; until that is mended, what was trusted before is trusted", unreadable.getMessage());
            }
        }
    }

    /**
     * The jars to load a plugin from: its own, or copies of them that are trusted.
     *
     * @throws RejectionException that names the jar that is not, why, and what to do
     */
    List<Path> admit(Path plugin) {
        List<Path> jars = PluginFolders.jars(plugin);
        if (trust.isUnconditional()) {
            return jars;
        }
        List<Path> admitted = new ArrayList<>();
        try {
            Path folder = Files.createDirectory(copies().resolve(Integer.toString(folders++)));
            for (Path jar : jars) {
                Path copy = Files.copy(jar, folder.resolve(jar.getFileName()));
                trust.require(copy, nameOf(plugin, jar));
                admitted.add(copy);
            }
            return admitted;
        } catch (IOException failure) {
            throw new RejectionException("it cannot be copied, so that it could be checked: " + failure);
        }
    }

    /** Made with the first copy, for nobody but this user where the file system knows users. */
    private Path copies() throws IOException {
        Path made = copies;
        if (made == null) {
            made = Files.createTempDirectory("brokkr-plugins-");
            copies = made;
        }
        return made;
    }

    /** Within its plugin folder: {@code groups.jar}, {@code compression/lib/zstd-jni.jar}. */
    private static String nameOf(Path plugin, Path jar) {
        Path name = plugin.getFileName();
        return name.equals(jar.getFileName()) ? name.toString() : name + "/lib/" + jar.getFileName();
    }

    /** Why a plugin that was let in before would not be now; null if it would, or if who is trusted is as it was. */
    @Nullable
    String faultOf(PluginFile plugin) {
        if (!changed) {
            return null;
        }
        try {
            plugin.jars().forEach(jar -> trust.require(jar, nameOf(plugin.path(), jar)));
            return null;
        } catch (RejectionException distrusted) {
            return distrusted.getMessage();
        }
    }

    /** Deletes the copies of plugins that are not among these. */
    void keepOnly(Collection<PluginFile> plugins) {
        if (copies != null) {
            Set<Path> kept = plugins.stream()
                    .flatMap(plugin -> plugin.jars().stream())
                    .map(Path::getParent)
                    .collect(Collectors.toSet());
            PluginFolders.list(copies).stream()
                    .filter(folder -> !kept.contains(folder))
                    .forEach(PluginAdmission::delete);
        }
    }

    /** Deletes all copies. */
    @Override
    public void close() {
        if (copies != null) {
            delete(copies);
        }
    }

    private static void delete(Path path) {
        try {
            if (Files.isDirectory(path)) {
                PluginFolders.list(path).forEach(PluginAdmission::delete);
            }
            Files.delete(path);
        } catch (IOException | RuntimeException stays) {
            LOG.debug("the copy {} of a plugin cannot be deleted", path, stays);
        }
    }
}
