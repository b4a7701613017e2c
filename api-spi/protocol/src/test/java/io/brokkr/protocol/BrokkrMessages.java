package io.brokkr.protocol;

import io.brokkr.protocol.generator.Definition;
import io.brokkr.protocol.generator.Field;
import io.brokkr.protocol.generator.FieldType;
import io.brokkr.protocol.generator.FieldType.Array;
import io.brokkr.protocol.generator.FieldType.Primitive;
import io.brokkr.protocol.generator.FieldType.StructType;
import io.brokkr.protocol.generator.ProtocolGenerator;
import io.brokkr.protocol.generator.Struct;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns drawn values into objects of the generated classes and back, through their builders and accessors. */
final class BrokkrMessages {

    private static final Map<String, Method> METHODS = new HashMap<>();
    private static final Map<Definition, MethodHandle> READERS = new HashMap<>();

    private BrokkrMessages() {}

    private static String packageOf(Definition definition) {
        return switch (definition.kind()) {
            case REQUEST, RESPONSE, HEADER, DATA -> ProtocolGenerator.MESSAGE_PACKAGE;
            case COORDINATOR_KEY, COORDINATOR_VALUE -> ProtocolGenerator.COORDINATOR_PACKAGE;
            case METADATA -> ProtocolGenerator.METADATA_PACKAGE;
        };
    }

    private static Class<?> type(Definition definition, Struct struct) throws ClassNotFoundException {
        String outer = packageOf(definition) + "." + definition.name();
        return Class.forName(struct.equals(definition.root()) ? outer : outer + "$" + struct.name());
    }

    static Message build(DrawnMessage drawn) {
        try {
            return (Message) build(drawn.definition(), drawn.definition().root(), drawn.value());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("cannot build " + drawn.pair(), e);
        }
    }

    private static Object build(Definition definition, Struct struct, StructValue value)
            throws ReflectiveOperationException {
        Object builder = type(definition, struct).getMethod("builder").invoke(null);
        for (Field field : struct.fields()) {
            if (value.fields().containsKey(field.name())) {
                Object given =
                        toJava(definition, field, field.type(), value.fields().get(field.name()));
                setter(builder.getClass(), field).invoke(builder, given);
            }
        }
        if (!value.unknownTaggedFields().isEmpty()) {
            builder.getClass()
                    .getMethod("unknownTaggedFields", List.class)
                    .invoke(builder, value.unknownTaggedFields());
        }
        return builder.getClass().getMethod("build").invoke(builder);
    }

    /** The setter that takes the field's own type, not the one for error codes. */
    private static Method setter(Class<?> builder, Field field) {
        return METHODS.computeIfAbsent(builder.getName() + "." + field.name(), key -> {
            for (Method method : builder.getMethods()) {
                if (method.getName().equals(field.javaName()) && method.getParameterTypes()[0] != ErrorCode.class) {
                    return method;
                }
            }
            throw new AssertionError("no setter for " + key);
        });
    }

    private static @Nullable Object toJava(Definition definition, Field field, FieldType type, @Nullable Object value)
            throws ReflectiveOperationException {
        if (value instanceof List<?> elements) {
            List<Object> list = new ArrayList<>();
            for (Object element : elements) {
                list.add(toJava(definition, field, ((Array) type).element(), element));
            }
            return list;
        }
        if (value instanceof StructValue struct) {
            return build(definition, definition.structOf(field), struct);
        }
        return type == Primitive.RECORDS && value != null ? RecordData.of(((Bytes) value).toBuffer()) : value;
    }

    /** Two messages with record data are equal only if it is the same object. */
    static boolean hasRecordData(Message message) {
        boolean[] any = {false};
        message.forEachRecordData(records -> any[0] = true);
        return any[0];
    }

    /** What comes out of the builder that starts from a message. */
    static Object copy(Message message) throws ReflectiveOperationException {
        Object builder = message.getClass().getMethod("toBuilder").invoke(message);
        return builder.getClass().getMethod("build").invoke(builder);
    }

    /** Everything in a message, so that two can be compared, record data included. */
    static StructValue content(Definition definition, Message message) {
        try {
            return content(definition, definition.root(), message);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("cannot take apart " + definition.name(), e);
        }
    }

    @SuppressWarnings("unchecked")
    private static StructValue content(Definition definition, Struct struct, Object message)
            throws ReflectiveOperationException {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (Field field : struct.fields()) {
            Object value = message.getClass().getMethod(field.javaName()).invoke(message);
            fields.put(field.name(), fromJava(definition, field, field.type(), value));
        }
        List<UnknownTaggedField> unknown = List.of();
        for (Method method : message.getClass().getMethods()) {
            // A structure of versions that are not flexible has no such thing.
            if (method.getName().equals("unknownTaggedFields")) {
                unknown = (List<UnknownTaggedField>) method.invoke(message);
            }
        }
        return new StructValue(fields, unknown);
    }

    private static @Nullable Object fromJava(Definition definition, Field field, FieldType type, @Nullable Object value)
            throws ReflectiveOperationException {
        if (value instanceof List<?> elements) {
            List<Object> list = new ArrayList<>();
            for (Object element : elements) {
                list.add(fromJava(definition, field, ((Array) type).element(), element));
            }
            return list;
        }
        if (value != null && type instanceof StructType) {
            return content(definition, definition.structOf(field), value);
        }
        return value instanceof RecordData records ? bytes(records) : value;
    }

    private static Bytes bytes(RecordData records) {
        try {
            return Bytes.copyOf(records.toBuffer());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The class's own {@code read}, which allocates nothing on its way. */
    static MethodHandle reader(Definition definition) {
        return READERS.computeIfAbsent(definition, key -> {
            try {
                Class<?> type = type(definition, definition.root());
                return MethodHandles.publicLookup()
                        .findStatic(type, "read", MethodType.methodType(type, MessageReader.class, int.class))
                        .asType(MethodType.methodType(Message.class, MessageReader.class, int.class));
            } catch (ReflectiveOperationException e) {
                throw new LinkageError("no reader of " + definition.name(), e);
            }
        });
    }

    /** Reads a message that must fill the bytes to the last; throws what the class throws. */
    static Message read(Definition definition, int version, byte[] bytes) throws Exception {
        MessageReader reader = new MessageReader(ByteBuffer.wrap(bytes));
        Message message;
        try {
            message = (Message) reader(definition).invokeExact(reader, version);
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new InvocationTargetException(e);
        }
        if (reader.remaining() > 0) {
            throw new AssertionError(reader.remaining() + " bytes were not read");
        }
        return message;
    }
}
