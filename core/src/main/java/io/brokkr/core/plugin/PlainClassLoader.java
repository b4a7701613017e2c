package io.brokkr.core.plugin;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The class loader of a plugin without a module descriptor: sees the JDK, the API, its own jars, and the plugins that it depends on, in this
 * order, and nothing of the broker.
 */
final class PlainClassLoader extends URLClassLoader {

    private static final List<String> API = List.of("io.brokkr.spi.", "io.brokkr.protocol.", "org.slf4j.");

    static {
        registerAsParallelCapable();
    }

    private final List<ClassLoader> dependencies;

    PlainClassLoader(String plugin, List<Path> jars, List<ClassLoader> dependencies) {
        super("plugin-" + plugin, urls(jars), ClassLoader.getPlatformClassLoader());
        this.dependencies = List.copyOf(dependencies);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            Class<?> fromBelow = findBelow(name);
            return fromBelow != null ? fromBelow : findClass(name);
        }
    }

    private @Nullable Class<?> findBelow(String name) throws ClassNotFoundException {
        for (String prefix : API) {
            if (name.startsWith(prefix)) {
                return PlainClassLoader.class.getClassLoader().loadClass(name);
            }
        }
        try {
            Class<?> found = getParent().loadClass(name);
            return isJdk(found.getModule()) ? found : null;
        } catch (ClassNotFoundException notInJdk) {
            return null;
        }
    }

    /** The platform's class loader finds the classes of all modules of the boot layer, also those of the broker's. */
    private static boolean isJdk(Module module) {
        return module.isNamed()
                && (module.getName().startsWith("java.") || module.getName().startsWith("jdk."));
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        try {
            return super.findClass(name);
        } catch (ClassNotFoundException notMine) {
            for (ClassLoader dependency : dependencies) {
                try {
                    return dependency.loadClass(name);
                } catch (ClassNotFoundException notHere) {
                    notMine.addSuppressed(notHere);
                }
            }
            throw notMine;
        }
    }

    private static URL[] urls(List<Path> jars) {
        return jars.stream().map(PlainClassLoader::url).toArray(URL[]::new);
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
