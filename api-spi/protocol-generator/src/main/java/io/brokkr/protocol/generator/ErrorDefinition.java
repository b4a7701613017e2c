package io.brokkr.protocol.generator;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * An error of the protocol. There is no definition to read these from, so the published class that lists them is asked.
 *
 * @param code the number on the wire
 * @param name the name of the constant
 * @param retriable whether clients may try again
 */
record ErrorDefinition(int code, String name, boolean retriable) {

    static final int UNKNOWN = -1;

    /**
     * Asks {@code org.apache.kafka.common.protocol.Errors}.
     *
     * @param jars the client library and what it needs to load that class
     */
    static List<ErrorDefinition> read(List<Path> jars) throws IOException {
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            urls.add(jar.toUri().toURL());
        }
        try (URLClassLoader loader =
                new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
            return read(loader);
        } catch (ReflectiveOperationException e) {
            throw new IOException("these jars have no list of errors: " + jars, e);
        }
    }

    private static List<ErrorDefinition> read(ClassLoader loader) throws ReflectiveOperationException {
        Class<?> errors = loader.loadClass("org.apache.kafka.common.protocol.Errors");
        Class<?> retriable = loader.loadClass("org.apache.kafka.common.errors.RetriableException");
        List<ErrorDefinition> definitions = new ArrayList<>();
        for (Object error : errors.getEnumConstants()) {
            definitions.add(new ErrorDefinition(
                    (Short) errors.getMethod("code").invoke(error),
                    ((Enum<?>) error).name(),
                    retriable.isInstance(errors.getMethod("exception").invoke(error))));
        }
        definitions.sort(Comparator.comparingInt(ErrorDefinition::code));
        return definitions;
    }
}
