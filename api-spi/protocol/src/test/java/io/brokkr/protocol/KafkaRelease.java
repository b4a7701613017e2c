package io.brokkr.protocol;

import io.brokkr.protocol.generator.Definition;
import io.brokkr.protocol.generator.Definitions;
import io.brokkr.protocol.generator.Field;
import io.brokkr.protocol.generator.ProtocolGenerator;
import io.brokkr.protocol.generator.Struct;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A release of Apache Kafka, in a class loader of its own: its definitions, and its own classes for reading and writing messages. */
final class KafkaRelease {

    private static final String PROTOCOL = "org.apache.kafka.common.protocol.";

    private final URLClassLoader loader;
    private final Map<String, Definition> definitions = new HashMap<>();
    private final KafkaValues values;

    private KafkaRelease(URLClassLoader loader, List<Definition> definitions) {
        this.loader = loader;
        this.values = new KafkaValues(this);
        for (Definition definition : definitions) {
            this.definitions.put(identity(definition), definition);
        }
    }

    /** Loads a release's jars. The class loader stays open, for classes load late. */
    static KafkaRelease load(String... jarNames) {
        try {
            List<Path> jars = Stream.of(jarNames).map(PublishedDefinitions::jar).toList();
            List<URL> urls = new ArrayList<>();
            for (Path jar : jars) {
                urls.add(jar.toUri().toURL());
            }
            urls.add(PublishedDefinitions.jar("slf4j-api.jar").toUri().toURL());
            urls.add(PublishedDefinitions.jar("slf4j-nop.jar").toUri().toURL());
            return new KafkaRelease(
                    new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader()),
                    Definitions.read(jars).stream()
                            .filter(ProtocolGenerator::isGenerated)
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Requests, responses and records are known by their number, for their names change between releases. */
    static String identity(Definition definition) {
        return definition.kind() + " " + (definition.key() < 0 ? definition.name() : definition.key());
    }

    Iterable<Definition> definitions() {
        return definitions.values();
    }

    boolean knows(DrawnMessage message) {
        Definition own = definitions.get(identity(message.definition()));
        return own != null && own.versions().contains(message.version());
    }

    /** Whether the message was open to change in this release at that version, so that a later one may have another idea of it. */
    boolean isUnstable(DrawnMessage message) {
        Definition request = definitions.get(
                Definition.Kind.REQUEST + " " + message.definition().key());
        return request != null
                && request.versions().contains(message.version())
                && !request.stableVersions().contains(message.version());
    }

    /** The field of this release that corresponds to one of the merged definitions: in the same place on the wire, whatever its name. */
    Field counterpart(Struct struct, Field field, Struct ownStruct, int version) {
        if (!field.versions().contains(version)) {
            return ownStruct.fields().stream()
                    .filter(own -> own.name().equals(field.name()))
                    .findFirst()
                    .orElse(null);
        }
        List<Field> fields = present(struct, version);
        List<Field> ownFields = present(ownStruct, version);
        if (fields.size() != ownFields.size()) {
            throw new AssertionError(struct.name() + " v" + version + " has other fields than " + ownStruct.name());
        }
        return ownFields.get(fields.indexOf(field));
    }

    /** Whether each field that has a drawn value is also one of this release, by name where the version does not have it. */
    boolean hasEveryField(DrawnMessage drawn) {
        return values.hasEveryField(drawn, definitions.get(identity(drawn.definition())));
    }

    private static List<Field> present(Struct struct, int version) {
        return struct.fields().stream()
                .filter(field -> field.versions().contains(version))
                .toList();
    }

    /** The drawn message as an object of this release's own class. */
    Object message(DrawnMessage drawn) {
        Definition own = definitions.get(identity(drawn.definition()));
        return values.message(drawn, own, className(own));
    }

    private static String className(Definition definition) {
        return switch (definition.kind()) {
            case REQUEST, RESPONSE, HEADER -> "org.apache.kafka.common.message." + definition.name() + "Data";
            case DATA -> "org.apache.kafka.common.message." + definition.name();
            case COORDINATOR_KEY, COORDINATOR_VALUE ->
                "org.apache.kafka.coordinator.group.generated." + definition.name();
            case METADATA -> "org.apache.kafka.common.metadata." + definition.name();
        };
    }

    /** What this release's own class writes; throws what that class throws. */
    byte[] write(Object message, int version) throws Exception {
        Object cache = create(PROTOCOL + "ObjectSerializationCache");
        Class<?> cacheType = cache.getClass();
        int size = (Integer)
                invoke(message.getClass().getMethod("size", cacheType, short.class), message, cache, (short) version);
        byte[] bytes = new byte[size];
        invoke(
                message.getClass().getMethod("write", type(PROTOCOL + "Writable"), cacheType, short.class),
                message,
                accessor(bytes),
                cache,
                (short) version);
        return bytes;
    }

    /** What this release's own class reads. */
    Object read(DrawnMessage drawn, byte[] bytes) throws Exception {
        Object message = create(className(definitions.get(identity(drawn.definition()))));
        invoke(
                message.getClass().getMethod("read", type(PROTOCOL + "Readable"), short.class),
                message,
                accessor(bytes),
                (short) drawn.version());
        return message;
    }

    private Object accessor(byte[] bytes) throws ReflectiveOperationException {
        return type(PROTOCOL + "ByteBufferAccessor")
                .getConstructor(ByteBuffer.class)
                .newInstance(ByteBuffer.wrap(bytes));
    }

    Class<?> type(String name) throws ClassNotFoundException {
        return loader.loadClass(name);
    }

    Object create(String name) throws ReflectiveOperationException {
        return type(name).getConstructor().newInstance();
    }

    private static Object invoke(Method method, Object target, Object... arguments) throws Exception {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
