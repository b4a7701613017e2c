package io.brokkr.pluginhost;

import io.brokkr.spi.ApiException;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.spi.Configuration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plugins of a broker: those that were loaded and those that were left out. Used by one thread at a time. */
public final class PluginHost implements AutoCloseable {

    /** The version of {@link ApiHandlerFactory} and what belongs to it, by the rules of semantic versions; what {@code Plugin-Requires} is checked against. */
    public static final String SPI_VERSION = "0.1.0";

    private static final Logger LOG = LoggerFactory.getLogger(PluginHost.class);

    private final PluginFolders folders;
    private final List<Path> trustFiles;
    private final PluginAdmission admission;
    private final Rejections rejections = new Rejections();
    private final List<HostedPlugin> plugins = new ArrayList<>();
    private final Optional<LayeredPluginManager> manager;
    private List<RunningPlugin> running = List.of();
    private FolderState state;

    /**
     * Loads the plugins of some folders, and adds extensions that were made already. Folders that do not exist are told in the log and passed over.
     *
     * @param settings has values of {@link PluginSettings}
     * @param extensions objects that implement one of the extension points
     * @throws ApiException {@code INVALID_CONFIG}, if the settings ask for trust and name files that cannot be read
     */
    public PluginHost(Configuration settings, List<Object> extensions) {
        List<Path> paths =
                settings.get(PluginSettings.FOLDERS).stream().map(Path::of).toList();
        for (Path folder : paths) {
            if (!Files.isDirectory(folder)) {
                LOG.warn("there is no plugin folder {}", folder.toAbsolutePath());
            }
        }
        folders = new PluginFolders(paths);
        trustFiles = PluginTrust.files(settings);
        state = look();
        admission = new PluginAdmission(settings, state.trust());
        // PF4J takes no folders for a wish for its own default folder.
        manager = paths.isEmpty()
                ? Optional.empty()
                : Optional.of(new LayeredPluginManager(folders, SPI_VERSION, admission, rejections::add));
        manager.ifPresent(present -> {
            present.loadPlugins();
            present.startPlugins();
            running = present.running(state);
            running.forEach(plugin -> plugins.add(plugin.hosted()));
            forgetOthers();
        });
        extensions.forEach(extension -> plugins.add(HostedPlugin.of(extension)));
    }

    /**
     * Makes the extensions of all kinds that lie where the application's own classes do, and not in a plugin folder.
     *
     * @param wanted by their classes; others are not made
     */
    public static List<Object> onClassPath(Predicate<Class<?>> wanted) {
        // One object for a class that is found as several kinds, as it is in a plugin.
        Set<Class<?>> found = new HashSet<>();
        return ExtensionKind.ALL.stream()
                .<ServiceLoader.Provider<?>>flatMap(ExtensionKind::found)
                .filter(provider -> wanted.test(provider.type()) && found.add(provider.type()))
                .<Object>map(ServiceLoader.Provider::get)
                .toList();
    }

    /** Those that work, each behind the ones that it depends on. */
    public List<HostedPlugin> plugins() {
        return List.copyOf(plugins);
    }

    /** Those that do not, in the order in which that was found. */
    public List<RejectedPlugin> rejected() {
        return rejections.all();
    }

    /** Whether there was nothing to load, good or bad. */
    public boolean isEmpty() {
        return plugins.isEmpty() && rejected().isEmpty();
    }

    /** Leaves out a plugin that turned out not to work, and those that depend on it stay: they have its classes, if not its services. */
    public void leaveOut(HostedPlugin plugin, Throwable failure) {
        plugins.remove(plugin);
        LOG.debug("plugin {} failed", plugin, failure);
        rejections.add(new RejectedPlugin(plugin.id(), plugin.path(), PluginFailure.reason(failure)));
    }

    /** Who was left out and why, in one line; empty if nobody was. */
    public String rejections() {
        return rejected().stream().map(RejectedPlugin::toString).collect(Collectors.joining("; "));
    }

    /** What lies in the folders now. */
    FolderState look() {
        return FolderState.of(folders, trustFiles);
    }

    /** When something was last put into each of the folders or taken away, or who is trusted was written, in epoch milliseconds. */
    List<Long> folderTimes() {
        return Stream.concat(folders.paths().stream(), trustFiles.stream())
                .map(path -> path.toFile().lastModified())
                .toList();
    }

    /** What lay in the folders when the plugins last followed it. */
    FolderState state() {
        return state;
    }

    /** Has the plugins follow what lies in the folders now. */
    void follow(FolderState now, PluginUser user) {
        state = now;
        rejections.nextRound();
        admission.follow(now.trust());
        manager.ifPresent(present -> {
            List<RunningPlugin> before = running;
            running = new PluginChange(present, admission, rejections, before, now).carryOut(user);
            before.stream().filter(plugin -> !running.contains(plugin)).forEach(gone -> plugins.remove(gone.hosted()));
            running.stream().filter(plugin -> !before.contains(plugin)).forEach(come -> plugins.add(come.hosted()));
            forgetOthers();
        });
    }

    private void forgetOthers() {
        admission.keepOnly(running.stream().map(RunningPlugin::file).toList());
    }

    /** Lets go of the classes. The extensions have been closed before, by whoever used them. */
    @Override
    public void close() {
        manager.ifPresent(present -> {
            present.stopPlugins();
            present.unloadPlugins();
        });
        admission.close();
    }
}
