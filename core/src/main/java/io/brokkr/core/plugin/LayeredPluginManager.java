package io.brokkr.core.plugin;

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

/** PF4J with our own way to read plugins, to load their classes and to find their extensions. Used by one thread at a time. */
final class LayeredPluginManager extends AbstractPluginManager {

    private final Consumer<RejectedPlugin> rejections;
    private final Map<Path, PluginFile> files = new HashMap<>();

    LayeredPluginManager(List<Path> folders, String spiVersion, Consumer<RejectedPlugin> rejections) {
        super(folders);
        setSystemVersion(spiVersion);
        this.rejections = rejections;
    }

    /** Loads what fits together, each plugin behind those that it depends on. */
    @Override
    public void loadPlugins() {
        PluginSelection selection = new PluginSelection(getVersionManager(), getSystemVersion(), rejections);
        pluginRepository.getPluginPaths().forEach(selection::add);
        for (PluginFile file : selection.resolve()) {
            files.put(file.path(), file);
            attempt(file, () -> loadPluginFromPath(file.path()));
        }
        resolvePlugins();
    }

    @Override
    public void startPlugins() {
        for (PluginWrapper plugin : new ArrayList<>(getResolvedPlugins())) {
            if (!attempt((PluginFile) plugin.getDescriptor(), () -> startPlugin(plugin.getPluginId()))) {
                // Its dependents come later in this loop, and are told why they cannot be started.
                unloadPlugin(plugin.getPluginId(), false, false);
            }
        }
    }

    /** The extensions of the plugins that were started, in the order of their dependencies. */
    List<HostedPlugin> hosted() {
        return getStartedPlugins().stream()
                .map(plugin -> ((ExtensionsPlugin) plugin.getPlugin()).hosted())
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

    /** A plugin is disabled by taking its jar away. */
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
