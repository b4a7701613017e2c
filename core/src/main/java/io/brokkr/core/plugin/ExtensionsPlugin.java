package io.brokkr.core.plugin;

import io.brokkr.protocol.record.CompressionCodec;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.spi.storage.MetadataStoreFactory;
import io.brokkr.spi.storage.StorageEngineFactory;
import java.lang.module.ModuleDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.pf4j.Plugin;
import org.pf4j.PluginRuntimeException;

/** A plugin in PF4J's sense: started, it has found and made its extensions. */
final class ExtensionsPlugin extends Plugin {

    private final PluginSpace space;
    private @Nullable HostedPlugin hosted;

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

    @Override
    public void start() {
        PluginFile file = space.file();
        HostedPlugin empty =
                new HostedPlugin(file.getPluginId(), file.getVersion(), file.path(), space.loader(), Extensions.NONE);
        Extensions found;
        try {
            found = empty.call(() -> new Extensions(
                    find(ApiHandlerFactory.class),
                    find(StorageEngineFactory.class),
                    find(MetadataStoreFactory.class),
                    find(CompressionCodec.class)));
        } catch (ServiceConfigurationError | LinkageError broken) {
            throw new PluginRuntimeException(broken, PluginFailure.reason(broken));
        }
        if (found.isEmpty()) {
            throw new PluginRuntimeException("it provides no " + ApiHandlerFactory.class.getSimpleName() + ", no "
                    + StorageEngineFactory.class.getSimpleName() + ", no "
                    + MetadataStoreFactory.class.getSimpleName() + " and no " + CompressionCodec.class.getSimpleName());
        }
        hosted = new HostedPlugin(empty.id(), empty.version(), empty.path(), empty.loader(), found);
    }

    private <S> List<S> find(Class<S> service) {
        ModuleDescriptor module = space.file().module();
        if (space.layer() == null && module != null) {
            return provided(service, module);
        }
        ServiceLoader<S> loader = space.layer() == null
                ? ServiceLoader.load(service, space.loader())
                : ServiceLoader.load(space.layer(), service);
        // Those of the layers and loaders below belong to other plugins.
        return loader.stream()
                .filter(provider -> provider.type().getClassLoader() == space.loader())
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /** A module that is loaded as a plain jar: ServiceLoader does not look into its descriptor then. */
    private <S> List<S> provided(Class<S> service, ModuleDescriptor module) {
        List<S> extensions = new ArrayList<>();
        for (ModuleDescriptor.Provides provides : module.provides()) {
            if (provides.service().equals(service.getName())) {
                provides.providers().forEach(name -> extensions.add(make(service, name)));
            }
        }
        return extensions;
    }

    private <S> S make(Class<S> service, String name) {
        try {
            return service.cast(Class.forName(name, true, space.loader())
                    .getDeclaredConstructor()
                    .newInstance());
        } catch (ReflectiveOperationException broken) {
            throw new ServiceConfigurationError(name + " could not be made", broken);
        }
    }
}
