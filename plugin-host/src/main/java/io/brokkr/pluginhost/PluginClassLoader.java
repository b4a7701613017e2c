package io.brokkr.pluginhost;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The class loader of a plugin: sees the JDK, the API, the plugin's own jars, and the plugins that it depends on, in this order, and nothing of the
 * broker. What a module may use of that is said by its descriptor, and seen to by the JVM.
 *
 * <p>The loader that Java has for module layers holds the jars open until it is garbage; this one closes them with {@link #close}.
 */
final class PluginClassLoader extends URLClassLoader {

    private static final List<String> API = List.of("io.brokkr.spi.", "io.brokkr.protocol.", "org.slf4j.");

    /** Opens resources without the cache of jars that the whole JVM has in common, in which this one would stay open. */
    private static final URLStreamHandler UNCACHED = new URLStreamHandler() {
        @Override
        protected URLConnection openConnection(URL url) throws IOException {
            URLConnection connection = new URL(url.toExternalForm()).openConnection();
            connection.setUseCaches(false);
            return connection;
        }
    };

    static {
        registerAsParallelCapable();
    }

    private final String plugin;
    private final Set<String> packages;
    private final List<ClassLoader> dependencies;

    /** With the packages of the plugin's modules; none if it is no module. */
    PluginClassLoader(String plugin, List<Path> jars, Set<String> packages, List<ClassLoader> dependencies) {
        super("plugin-" + plugin, urls(jars), ClassLoader.getPlatformClassLoader());
        this.plugin = plugin;
        this.packages = Set.copyOf(packages);
        this.dependencies = List.copyOf(dependencies);
    }

    /** The plugin's id. */
    String plugin() {
        return plugin;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            Class<?> fromBelow = isInOwnModule(name) ? null : findBelow(name);
            return fromBelow != null ? fromBelow : findClass(name);
        }
    }

    private boolean isInOwnModule(String name) {
        int end = name.lastIndexOf('.');
        return end > 0 && packages.contains(name.substring(0, end));
    }

    private @Nullable Class<?> findBelow(String name) throws ClassNotFoundException {
        for (String prefix : API) {
            if (name.startsWith(prefix)) {
                return PluginClassLoader.class.getClassLoader().loadClass(name);
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

    /** How the JVM asks for a class of one of the modules that this loader was given for. */
    @Override
    protected @Nullable Class<?> findClass(String moduleName, String name) {
        try {
            return super.findClass(name);
        } catch (ClassNotFoundException absent) {
            return null;
        }
    }

    @Override
    public @Nullable URL findResource(String name) {
        URL found = super.findResource(name);
        return found == null ? null : uncached(found);
    }

    @Override
    protected @Nullable URL findResource(String moduleName, String name) {
        return findResource(name);
    }

    @Override
    public Enumeration<URL> findResources(String name) throws IOException {
        return Collections.enumeration(Collections.list(super.findResources(name)).stream()
                .map(PluginClassLoader::uncached)
                .toList());
    }

    private static URL uncached(URL found) {
        try {
            return new URL(null, found.toExternalForm(), UNCACHED);
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static URL[] urls(List<Path> jars) {
        return jars.stream().map(PluginClassLoader::url).toArray(URL[]::new);
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
