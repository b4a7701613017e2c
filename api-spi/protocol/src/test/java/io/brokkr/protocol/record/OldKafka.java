package io.brokkr.protocol.record;

import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The down-conversion of Apache Kafka 3.9, the last that has one, in a class loader of its own that shares all but Kafka's classes with this one. */
final class OldKafka {

    private static final String PACKAGE = "org.apache.kafka.common.";
    private static final ClassLoader CLASSES = load();

    private OldKafka() {}

    private static ClassLoader load() {
        ClassLoader others = new ClassLoader(ClassLoader.getPlatformClassLoader()) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                if (name.startsWith("org.apache.kafka.")) {
                    throw new ClassNotFoundException(name);
                }
                return OldKafka.class.getClassLoader().loadClass(name);
            }
        };
        try {
            URL jar = Path.of("target", "definitions", "kafka-clients-legacy.jar")
                    .toUri()
                    .toURL();
            return new URLClassLoader(new URL[] {jar}, others);
        } catch (java.net.MalformedURLException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** The message set that Kafka makes of batches. */
    static ByteBuffer downConvert(ByteBuffer batches, byte magic, long firstOffset) {
        try {
            Class<?> memoryRecords = CLASSES.loadClass(PACKAGE + "record.MemoryRecords");
            Class<?> time = CLASSES.loadClass(PACKAGE + "utils.Time");
            Object records =
                    memoryRecords.getMethod("readableRecords", ByteBuffer.class).invoke(null, batches.duplicate());
            Object converted = memoryRecords
                    .getMethod("downConvert", byte.class, long.class, time)
                    .invoke(records, magic, firstOffset, time.getField("SYSTEM").get(null));
            Object set = converted.getClass().getMethod("records").invoke(converted);
            return (ByteBuffer) memoryRecords.getMethod("buffer").invoke(set);
        } catch (InvocationTargetException failure) {
            throw new IllegalStateException(failure.getCause());
        } catch (ReflectiveOperationException absent) {
            throw new LinkageError("Kafka's classes are not what they should be", absent);
        }
    }
}
