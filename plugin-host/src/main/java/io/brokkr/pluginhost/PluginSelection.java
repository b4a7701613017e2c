package io.brokkr.pluginhost;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pf4j.DependencyResolver;
import org.pf4j.PluginDependency;
import org.pf4j.PluginDescriptor;
import org.pf4j.VersionManager;

/**
 * Decides which plugins fit the broker and each other.
 *
 * <p>PF4J's resolver judges, and this class draws the consequence for each plugin that fails: PF4J by itself either gives up all of them, or drops
 * the one that is depended on.
 */
final class PluginSelection {

    private final VersionManager versions;
    private final String spiVersion;
    private final Function<Path, List<Path>> admission;
    private final Consumer<RejectedPlugin> rejections;
    private final Map<String, PluginFile> selected = new LinkedHashMap<>();

    /** With what gives the jars of a plugin to load it from, or refuses. */
    PluginSelection(
            VersionManager versions,
            String spiVersion,
            Function<Path, List<Path>> admission,
            Consumer<RejectedPlugin> rejections) {
        this.versions = versions;
        this.spiVersion = spiVersion;
        this.admission = admission;
        this.rejections = rejections;
    }

    /** What lies there, if it is a plugin, and one that is trusted. */
    Optional<PluginFile> read(Path path) {
        try {
            return Optional.of(PluginFile.read(path, admission.apply(path)));
        } catch (RuntimeException unreadable) {
            rejections.accept(new RejectedPlugin(null, path, PluginFailure.reason(unreadable)));
            return Optional.empty();
        }
    }

    /** Takes in what fits this broker's SPI; of two with the same id, the one with the higher version, and the first of equal ones. */
    void add(PluginFile file) {
        String fault = faultOf(file);
        if (fault != null) {
            reject(file, fault);
            return;
        }
        PluginFile twin = selected.get(file.getPluginId());
        if (twin == null) {
            selected.put(file.getPluginId(), file);
        } else if (versions.compareVersions(file.getVersion(), twin.getVersion()) > 0) {
            selected.put(file.getPluginId(), file);
            rejectTwin(twin, file);
        } else {
            rejectTwin(file, twin);
        }
    }

    private @Nullable String faultOf(PluginFile file) {
        if (file.getVersion() == null) {
            return "its manifest has no Plugin-Version";
        }
        try {
            versions.compareVersions(file.getVersion(), file.getVersion());
        } catch (RuntimeException malformed) {
            return "its Plugin-Version " + file.getVersion() + " is no semantic version such as 1.2.3";
        }
        try {
            if (!versions.checkVersionConstraint(spiVersion, file.getRequires())) {
                return "it requires version " + file.getRequires() + " of Brokkr's SPI, and this is " + spiVersion;
            }
        } catch (RuntimeException malformed) {
            return "its Plugin-Requires " + file.getRequires() + " is no range of versions such as >=0.1.0";
        }
        for (PluginDependency dependency : file.getDependencies()) {
            if (dependency.isOptional()) {
                return "its dependency on " + dependency.getPluginId() + " is optional, which is not supported";
            }
            try {
                versions.checkVersionConstraint("1.0.0", dependency.getPluginVersionSupport());
            } catch (RuntimeException malformed) {
                return "it needs " + dependency.getPluginId() + " in the version "
                        + dependency.getPluginVersionSupport() + ", which is no range of versions such as >=0.1.0";
            }
        }
        return null;
    }

    private void rejectTwin(PluginFile loser, PluginFile winner) {
        reject(
                loser,
                "its version is " + loser.getVersion() + ", and " + winner.path() + " has the same id and version "
                        + winner.getVersion());
    }

    /** The plugins that fit together, each behind those that it depends on. */
    List<PluginFile> resolve() {
        DependencyResolver resolver = new DependencyResolver(versions);
        while (true) {
            DependencyResolver.Result result = resolver.resolve(new ArrayList<>(selected.values()));
            if (result.isOK()) {
                return result.getSortedPlugins().stream().map(selected::get).toList();
            }
            if (result.hasCyclicDependency()) {
                rejectCycles();
            }
            result.getNotFoundDependencies().forEach(missing -> resolver.getDependents(missing)
                    .forEach(
                            dependent -> reject(dependent, "it needs the plugin " + missing + ", which is not there")));
            result.getWrongVersionDependencies()
                    .forEach(wrong -> reject(
                            wrong.getDependentId(),
                            "it needs the plugin " + wrong.getDependencyId() + " in the version "
                                    + wrong.getRequiredVersion() + ", and " + wrong.getExistingVersion()
                                    + " is there"));
        }
    }

    /** What is left when everything that has its dependencies is taken away, goes round in circles. */
    private void rejectCycles() {
        Map<String, PluginFile> inCircles = new LinkedHashMap<>(selected);
        while (inCircles.values().removeIf(file -> !dependsOnAny(file, inCircles.keySet()))) {
            // Those that depended on what was just taken away may go in the next round.
        }
        String all = inCircles.keySet().stream().sorted().collect(Collectors.joining(", "));
        inCircles.keySet().forEach(id -> reject(id, "the dependencies among " + all + " go round in a circle"));
    }

    private static boolean dependsOnAny(PluginDescriptor file, Collection<String> ids) {
        return file.getDependencies().stream().anyMatch(dependency -> ids.contains(dependency.getPluginId()));
    }

    private void reject(String id, String reason) {
        PluginFile file = selected.remove(id);
        if (file != null) {
            reject(file, reason);
        }
    }

    private void reject(PluginFile file, String reason) {
        rejections.accept(new RejectedPlugin(file.getPluginId(), file.path(), reason));
    }
}
