package io.brokkr.pluginhost;

import java.lang.module.ModuleDescriptor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pf4j.Plugin;
import org.pf4j.PluginRuntimeException;

/** A plugin in PF4J's sense: started, it has found and made its extensions. */
final class ExtensionsPlugin extends Plugin {

    private final PluginSpace space;
    private @Nullable HostedPlugin hosted;
    private volatile boolean abandoned;

    ExtensionsPlugin(PluginSpace space) {
        this.space = space;
    }

    /** What the start has made. */
    HostedPlugin hosted() {
        if (hosted == null) {
            throw new IllegalStateException("not started: " + space.file().getPluginId());
        }
        return hosted;
    }

    PluginSpace space() {
        return space;
    }

    /** Nobody waits for its start any more, which fails therefore when it comes to its end. */
    void abandon() {
        abandoned = true;
    }

    @Override
    public void start() {
        PluginFile file = space.file();
        Map<Class<?>, Object> found = new LinkedHashMap<>();
        HostedPlugin plugin = new HostedPlugin(
                file.getPluginId(),
                file.getVersion(),
                file.requirements(),
                file.path(),
                space.loader(),
                found.values());
        try {
            plugin.run(() -> ExtensionKind.ALL.forEach(kind -> find(kind.type(), found)));
        } catch (ServiceConfigurationError | LinkageError broken) {
            throw new PluginRuntimeException(broken, PluginFailure.reason(broken));
        }
        if (found.isEmpty()) {
            throw new PluginRuntimeException("it provides nothing: no "
                    + ExtensionKind.ALL.stream()
                            .map(kind -> kind.type().getSimpleName())
                            .collect(Collectors.joining(", no ")));
        }
        if (abandoned) {
            throw new PluginRuntimeException("it came too late");
        }
        hosted = plugin;
    }

    /** A class that is provided as several kinds is made once. */
    private <S> void find(Class<S> service, Map<Class<?>, Object> found) {
        ModuleDescriptor module = space.file().module();
        if (space.layer() == null && module != null) {
            findProvided(service, module, found);
            return;
        }
        ServiceLoader<S> loader = space.layer() == null
                ? ServiceLoader.load(service, space.loader())
                : ServiceLoader.load(space.layer(), service);
        // Those of the layers and loaders below belong to other plugins.
        loader.stream()
                .filter(provider -> provider.type().getClassLoader() == space.loader())
                .forEach(provider -> found.computeIfAbsent(provider.type(), absent -> provider.get()));
    }

    /** A module that is loaded as a plain jar: ServiceLoader does not look into its descriptor then. */
    private void findProvided(Class<?> service, ModuleDescriptor module, Map<Class<?>, Object> found) {
        module.provides().stream()
                .filter(provides -> provides.service().equals(service.getName()))
                .flatMap(provides -> provides.providers().stream())
                .forEach(name -> make(service, name, found));
    }

    private void make(Class<?> service, String name, Map<Class<?>, Object> found) {
        try {
            Class<?> type = Class.forName(name, true, space.loader());
            if (!found.containsKey(type)) {
                found.put(type, service.cast(type.getDeclaredConstructor().newInstance()));
            }
        } catch (ReflectiveOperationException broken) {
            throw new ServiceConfigurationError(name + " could not be made", broken);
        }
    }
}
