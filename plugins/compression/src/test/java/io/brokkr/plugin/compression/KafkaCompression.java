package io.brokkr.plugin.compression;

import io.brokkr.protocol.record.Compression;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;

/** Kafka's own compression, of one of its releases. Called by reflection, for the releases keep its classes in different packages. */
enum KafkaCompression {
    /** On the class path. */
    NEWEST(KafkaCompression.class.getClassLoader()),
    /** With the libraries that it was released with. */
    LEGACY(loaderOf(new File(System.getProperty("kafka.legacy.folder", "target/kafka-legacy"))));

    @SuppressWarnings("ImmutableEnumChecker") // Loads classes once.
    private final ClassLoader loader;

    KafkaCompression(ClassLoader loader) {
        this.loader = loader;
    }

    private static ClassLoader loaderOf(File folder) {
        try {
            File[] jars = folder.listFiles((parent, name) -> name.endsWith(".jar"));
            URL[] urls = new URL[jars.length];
            for (int i = 0; i < jars.length; i++) {
                urls[i] = jars[i].toURI().toURL();
            }
            return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What Kafka makes of data. */
    byte[] compress(Compression format, byte magic, byte[] data) {
        try {
            Method wrap = method(format, "wrapForOutput");
            Object target =
                    wrap.getParameterTypes()[0].getConstructor(int.class).newInstance(512);
            try (OutputStream stream = (OutputStream) wrap.invoke(compression(format), target, magic)) {
                stream.write(data);
            }
            ByteBuffer written =
                    (ByteBuffer) target.getClass().getMethod("buffer").invoke(target);
            written.flip();
            byte[] compressed = new byte[written.remaining()];
            written.get(compressed);
            return compressed;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (ReflectiveOperationException failure) {
            throw new LinkageError("Kafka's classes are not as expected", failure);
        }
    }

    /** What Kafka reads. */
    byte[] decompress(Compression format, byte magic, byte[] compressed) throws IOException {
        try {
            Method wrap = method(format, "wrapForInput");
            Class<?> supplier = wrap.getParameterTypes()[2];
            Object suppliers = supplier.getMethod("create").invoke(null);
            try (InputStream stream =
                    (InputStream) wrap.invoke(compression(format), ByteBuffer.wrap(compressed), magic, suppliers)) {
                return stream.readAllBytes();
            }
        } catch (InvocationTargetException failure) {
            throw new IOException(failure.getCause());
        } catch (ReflectiveOperationException failure) {
            throw new LinkageError("Kafka's classes are not as expected", failure);
        }
    }

    private Object compression(Compression format) throws ReflectiveOperationException {
        Object builder =
                kafkaClass().getMethod(format.name().toLowerCase(Locale.ROOT)).invoke(null);
        return builder.getClass().getMethod("build").invoke(builder);
    }

    private Method method(Compression format, String name) throws ReflectiveOperationException {
        return Arrays.stream(compression(format).getClass().getMethods())
                .filter(method -> method.getName().equals(name) && !method.isBridge())
                .findFirst()
                .orElseThrow();
    }

    private Class<?> kafkaClass() throws ClassNotFoundException {
        return Class.forName("org.apache.kafka.common.compress.Compression", true, loader);
    }
}
