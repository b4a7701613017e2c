package io.brokkr.pluginhost;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.pf4j.AbstractPluginManager;
import org.pf4j.DefaultExtensionFactory;
import org.pf4j.ExtensionFactory;
import org.pf4j.ExtensionFinder;
import org.pf4j.PluginDependency;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginDescriptorFinder;
import org.pf4j.PluginFactory;
import org.pf4j.PluginLoader;
import org.pf4j.PluginRepository;
import org.pf4j.PluginRuntimeException;
import org.pf4j.PluginStatusProvider;
import org.pf4j.PluginWrapper;
import org.pf4j.ServiceProviderExtensionFinder;
import org.pf4j.VersionManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** PF4J with our own way to read plugins, to load their classes and to find their extensions. Used by one thread at a time. */
final class LayeredPluginManager extends AbstractPluginManager {

    private static final Logger LOG = LoggerFactory.getLogger(LayeredPluginManager.class);

    private final PluginAdmission admission;
    private final Consumer<RejectedPlugin> rejections;
    private final Map<Path, PluginFile> files = new HashMap<>();

    LayeredPluginManager(
            PluginFolders folders, String spiVersion, PluginAdmission admission, Consumer<RejectedPlugin> rejections) {
        super(folders.paths());
        setSystemVersion(spiVersion);
        this.admission = admission;
        this.rejections = rejections;
    }

    /** Loads what fits together, each plugin behind those that it depends on. */
    @Override
    public void loadPlugins() {
        PluginSelection selection = select();
        pluginRepository.getPluginPaths().forEach(path -> selection.read(path).ifPresent(selection::add));
        for (PluginFile file : selection.resolve()) {
            attempt(file, () -> loadFile(file));
        }
        resolvePlugins();
    }

    /** Begins to decide which plugins fit the broker and each other. */
    PluginSelection select() {
        return new PluginSelection(getVersionManager(), getSystemVersion(), admission::admit, rejections);
    }

    private PluginWrapper loadFile(PluginFile file) {
        files.put(file.path(), file);
        try {
            return loadPluginFromPath(file.path());
        } finally {
            files.remove(file.path());
        }
    }

    /** Loads one more, which has all that it depends on. */
    PluginWrapper load(PluginFile file) {
        PluginWrapper loaded = loadFile(file);
        try {
            resolvePlugins();
            return loaded;
        } catch (RuntimeException unresolvable) {
            setAside(loaded);
            end(loaded);
            throw unresolvable;
        }
    }

    /**
     * Starts one that was loaded, and waits only so long for it.
     *
     * @throws RejectionException if it fails or hangs
     */
    HostedPlugin startBounded(PluginWrapper plugin, PluginThread thread) {
        ExtensionsPlugin extensions = (ExtensionsPlugin) plugin.getPlugin();
        String id = plugin.getPluginId();
        try {
            return thread.call(
                    id,
                    () -> {
                        startPlugin(id);
                        return extensions.hosted();
                    },
                    late -> extensions.abandon());
        } catch (HangingPluginException hanging) {
            extensions.abandon();
            throw hanging;
        }
    }

    /** Takes a plugin out of PF4J's books, so that another of its id can be loaded while it still works. */
    void setAside(PluginWrapper plugin) {
        String id = plugin.getPluginId();
        plugins.remove(id);
        unresolvedPlugins.remove(plugin);
        resolvedPlugins.remove(plugin);
        startedPlugins.remove(plugin);
        getPluginClassLoaders().remove(id);
        ((PluginSpaces) pluginLoader).remove(id);
    }

    /** Puts one that was set aside back into the books. */
    void takeBack(PluginWrapper plugin) {
        String id = plugin.getPluginId();
        plugins.put(id, plugin);
        resolvedPlugins.add(plugin);
        startedPlugins.add(plugin);
        getPluginClassLoaders().put(id, plugin.getPluginClassLoader());
        ((PluginSpaces) pluginLoader).put(((ExtensionsPlugin) plugin.getPlugin()).space());
    }

    /** Closes the jars of one that was set aside; nobody uses it any more. */
    void end(PluginWrapper plugin) {
        try {
            ((PluginClassLoader) plugin.getPluginClassLoader()).close();
        } catch (IOException failure) {
            LOG.warn("the jars of the plugin {} cannot be closed: {}", plugin.getPluginId(), failure.toString());
        }
    }

    @Override
    public void startPlugins() {
        for (PluginWrapper plugin : new ArrayList<>(getResolvedPlugins())) {
            if (!attempt((PluginFile) plugin.getDescriptor(), () -> startBounded(plugin, PluginThread.AT_START))) {
                // Its dependents come later in this loop, and are told why they cannot be started.
                unloadPlugin(plugin.getPluginId(), false, false);
            }
        }
    }

    /** The plugins that were started, in the order of their dependencies. */
    List<RunningPlugin> running(FolderState state) {
        return getStartedPlugins().stream()
                .map(plugin -> new RunningPlugin(
                        ((ExtensionsPlugin) plugin.getPlugin()).hosted(),
                        plugin,
                        state.plugins().getOrDefault(plugin.getPluginPath(), List.of())))
                .toList();
    }

    private boolean attempt(PluginFile file, Runnable step) {
        for (PluginDependency dependency : file.getDependencies()) {
            if (getPlugin(dependency.getPluginId()) == null) {
                reject(file, "it needs the plugin " + dependency.getPluginId() + ", which is left out");
                return false;
            }
        }
        try {
            step.run();
            return true;
        } catch (RuntimeException | LinkageError failure) {
            reject(file, PluginFailure.reason(failure));
            return false;
        }
    }

    private void reject(PluginFile file, String reason) {
        rejections.accept(new RejectedPlugin(file.getPluginId(), file.path(), reason));
    }

    @Override
    protected PluginRepository createPluginRepository() {
        return new PluginFolders(pluginsRoots);
    }

    @Override
    protected PluginDescriptorFinder createPluginDescriptorFinder() {
        return new PluginDescriptorFinder() {
            @Override
            public boolean isApplicable(Path path) {
                return true;
            }

            @Override
            public PluginDescriptor find(Path path) {
                return files.get(path);
            }
        };
    }

    @Override
    protected PluginLoader createPluginLoader() {
        return new PluginSpaces();
    }

    @Override
    protected PluginFactory createPluginFactory() {
        return plugin -> new ExtensionsPlugin(((PluginSpaces) pluginLoader).of(plugin.getPluginId()));
    }

    @Override
    protected VersionManager createVersionManager() {
        return new PluginVersions();
    }

    /** Not asked: {@link ExtensionsPlugin} finds the extensions. */
    @Override
    protected ExtensionFinder createExtensionFinder() {
        return new ServiceProviderExtensionFinder(this);
    }

    /** Not asked, as above. */
    @Override
    protected ExtensionFactory createExtensionFactory() {
        return new DefaultExtensionFactory();
    }

    /** A plugin is disabled by giving its jar another name. */
    @Override
    protected PluginStatusProvider createPluginStatusProvider() {
        return new PluginStatusProvider() {
            @Override
            public boolean isPluginDisabled(String pluginId) {
                return false;
            }

            @Override
            public void disablePlugin(String pluginId) {
                throw new PluginRuntimeException("plugins are not disabled one by one");
            }

            @Override
            public void enablePlugin(String pluginId) {
                throw new PluginRuntimeException("plugins are not disabled one by one");
            }
        };
    }
}
