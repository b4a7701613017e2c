package io.brokkr.pluginhost;

import io.brokkr.spi.DeclaresSettings;
import io.brokkr.spi.Setting;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A plugin that was loaded.
 *
 * @param id unique in this broker
 * @param version as its manifest says, empty of an extension that was given as an object
 * @param requirements what it needs, as its manifest says: {@code SPI >=0.1.0}, {@code groups >=1.0.0}
 * @param path the jar or the folder; null of an extension that was given as an object
 * @param loader where its classes come from
 * @param extensions what it provides, each as every kind that it implements
 */
public record HostedPlugin(
        String id,
        String version,
        List<String> requirements,
        @Nullable Path path,
        ClassLoader loader,
        Collection<?> extensions) {

    /**
     * An extension that was made by whoever embeds the broker.
     *
     * @throws IllegalArgumentException if the object is none
     */
    public static HostedPlugin of(Object extension) {
        if (ExtensionKind.ALL.stream().noneMatch(kind -> kind.type().isInstance(extension))) {
            throw new IllegalArgumentException(extension.getClass().getName() + " is no extension");
        }
        return new HostedPlugin(
                extension.getClass().getName(),
                "",
                List.of(),
                null,
                extension.getClass().getClassLoader(),
                List.of(extension));
    }

    /** How it is named as who declares settings. */
    public String owner() {
        return ownerOf(id);
    }

    /** How a plugin with this id is named as who declares settings. */
    public static String ownerOf(String id) {
        return "the plugin " + id;
    }

    /** All settings that the plugin declares. */
    public List<Setting<?>> settings() {
        return call(() -> extensions(DeclaresSettings.class).stream()
                .<Setting<?>>flatMap(
                        declares -> Stream.concat(declares.settings().stream(), declares.topicSettings().stream()))
                .toList());
    }

    /** Its extensions in words. */
    public List<String> descriptions() {
        return call(() -> ExtensionKind.ALL.stream()
                .flatMap(kind -> kind.describe(this))
                .distinct()
                .toList());
    }

    /** Its extensions of one kind. */
    public <E> List<E> extensions(Class<E> type) {
        return extensions.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Calls into the plugin, with its class loader as the thread's. */
    public <T> T call(Supplier<T> code) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return code.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** As {@link #call}, without a result. */
    public void run(Runnable code) {
        call(() -> {
            code.run();
            return Boolean.TRUE;
        });
    }

    @Override
    public String toString() {
        return version.isEmpty() ? id : id + " " + version;
    }
}
