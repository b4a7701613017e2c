package io.brokkr.pluginhost;

import io.brokkr.spi.ApiHandlerFactory;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolutionException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pf4j.PluginDependency;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginLoader;
import org.pf4j.PluginRuntimeException;

/**
 * Gives each plugin a place for its classes: its own module layer over the broker's and its dependencies' layers, or a class loader.
 *
 * <p>When the broker itself is not a module (in unit tests), there is no layer that a plugin's could stand on, and every plugin gets a class loader.
 */
final class PluginSpaces implements PluginLoader {

    private static final Set<String> API = Set.of("io.brokkr.spi", "io.brokkr.protocol", "org.slf4j", "org.jspecify");

    private final @Nullable ModuleLayer brokerLayer =
            ApiHandlerFactory.class.getModule().getLayer();
    private final Map<String, PluginSpace> spaces = new HashMap<>();

    @Override
    public boolean isApplicable(Path path) {
        return true;
    }

    /** Of a plugin that is loaded. */
    PluginSpace of(String id) {
        PluginSpace space = spaces.get(id);
        if (space == null) {
            throw new IllegalArgumentException("not loaded: " + id);
        }
        return space;
    }

    void remove(String id) {
        spaces.remove(id);
    }

    void put(PluginSpace space) {
        spaces.put(space.file().getPluginId(), space);
    }

    /** Its dependencies have a space already, since plugins come in that order. */
    @Override
    public ClassLoader loadPlugin(Path path, PluginDescriptor descriptor) {
        PluginFile file = (PluginFile) descriptor;
        List<PluginSpace> dependencies = file.getDependencies().stream()
                .map(PluginDependency::getPluginId)
                .map(this::of)
                .toList();
        ModuleDescriptor module = file.module();
        PluginSpace space = module != null && brokerLayer != null
                ? layered(file, module, brokerLayer, dependencies)
                : plain(file, dependencies);
        put(space);
        return space.loader();
    }

    private static PluginSpace plain(PluginFile file, List<PluginSpace> dependencies) {
        return new PluginSpace(file, loader(file, Set.of(), dependencies), null);
    }

    private static PluginClassLoader loader(PluginFile file, Set<String> packages, List<PluginSpace> dependencies) {
        List<ClassLoader> loaders =
                dependencies.stream().<ClassLoader>map(PluginSpace::loader).toList();
        return new PluginClassLoader(file.getPluginId(), file.jars(), packages, loaders);
    }

    private static PluginSpace layered(
            PluginFile file, ModuleDescriptor module, ModuleLayer brokerLayer, List<PluginSpace> dependencies) {
        List<ModuleLayer> parents = new ArrayList<>();
        for (PluginSpace dependency : dependencies) {
            if (dependency.layer() == null) {
                throw new PluginRuntimeException("it is a module, and the plugin "
                        + dependency.file().getPluginId() + ", which it depends on, is none");
            }
            parents.add(dependency.layer());
        }
        parents.add(brokerLayer);
        try {
            ModuleFinder finder = file.modules();
            checkUses(finder, brokerLayer);
            Configuration configuration = Configuration.resolveAndBind(
                    finder,
                    parents.stream().map(ModuleLayer::configuration).toList(),
                    ModuleFinder.of(),
                    Set.of(module.name()));
            PluginClassLoader loader = loader(file, packages(configuration), dependencies);
            ModuleLayer layer = ModuleLayer.defineModules(configuration, parents, name -> loader)
                    .layer();
            return new PluginSpace(file, loader, layer);
        } catch (FindException | ResolutionException | LayerInstantiationException unresolvable) {
            throw new PluginRuntimeException(
                    unresolvable, "its modules do not fit together: " + PluginFailure.reason(unresolvable));
        }
    }

    private static Set<String> packages(Configuration configuration) {
        return configuration.modules().stream()
                .flatMap(resolved -> resolved.reference().descriptor().packages().stream())
                .collect(Collectors.toSet());
    }

    /** A plugin brings its own libraries and reads the broker's API, of which it has no copy; that the broker happens to use Netty is not its business. */
    private static void checkUses(ModuleFinder finder, ModuleLayer brokerLayer) {
        for (ModuleReference reference : finder.findAll()) {
            String name = reference.descriptor().name();
            if (API.contains(name)) {
                throw new PluginRuntimeException("it carries a copy of the module " + name
                        + ", which the broker supplies; leave it out of the plugin");
            }
            for (ModuleDescriptor.Requires requires : reference.descriptor().requires()) {
                String required = requires.name();
                boolean inherited = finder.find(required).isEmpty()
                        && !API.contains(required)
                        && brokerLayer.configuration().findModule(required).isPresent()
                        && !isJdk(brokerLayer, required);
                if (inherited && !requires.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC)) {
                    throw new PluginRuntimeException("its module " + name + " requires " + required
                            + ", which is not part of Brokkr's API; put it into the plugin's lib folder");
                }
            }
        }
    }

    private static boolean isJdk(ModuleLayer layer, String module) {
        return layer.configuration()
                .findModule(module)
                .flatMap(resolved -> resolved.reference().location())
                .map(location -> "jrt".equals(location.getScheme()))
                .orElse(false);
    }
}
