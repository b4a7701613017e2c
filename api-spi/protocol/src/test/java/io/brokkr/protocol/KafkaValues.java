package io.brokkr.protocol;

import io.brokkr.protocol.generator.Definition;
import io.brokkr.protocol.generator.Field;
import io.brokkr.protocol.generator.FieldType;
import io.brokkr.protocol.generator.FieldType.Array;
import io.brokkr.protocol.generator.FieldType.Primitive;
import io.brokkr.protocol.generator.FieldType.StructType;
import io.brokkr.protocol.generator.Struct;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Fills objects of a release's own classes with drawn values. */
final class KafkaValues {

    private final KafkaRelease release;
    private final Map<String, Method> setters = new HashMap<>();

    KafkaValues(KafkaRelease release) {
        this.release = release;
    }

    Object message(DrawnMessage drawn, Definition own, String className) {
        try {
            return new Filling(drawn.definition(), own, className, drawn.version())
                    .struct(drawn.definition().root(), own.root(), className, drawn.value());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("cannot fill " + className, e);
        }
    }

    /** Whether {@link #message} has a place for each value. */
    boolean hasEveryField(DrawnMessage drawn, Definition own) {
        return hasEveryField(drawn, own, drawn.definition().root(), own.root(), drawn.value());
    }

    private boolean hasEveryField(
            DrawnMessage drawn, Definition own, Struct struct, Struct ownStruct, StructValue value) {
        for (Field field : struct.fields()) {
            if (!value.fields().containsKey(field.name())) {
                continue;
            }
            Field ownField = release.counterpart(struct, field, ownStruct, drawn.version());
            if (ownField == null) {
                return false;
            }
            Object held = value.fields().get(field.name());
            for (Object element : held instanceof List<?> list ? list : Collections.singletonList(held)) {
                if (element instanceof StructValue nested
                        && !hasEveryField(
                                drawn, own, drawn.definition().structOf(field), own.structOf(ownField), nested)) {
                    return false;
                }
            }
        }
        return true;
    }

    private final class Filling {

        private final Definition merged;
        private final Definition own;
        private final String outer;
        private final int version;

        private Filling(Definition merged, Definition own, String outer, int version) {
            this.merged = merged;
            this.own = own;
            this.outer = outer;
            this.version = version;
        }

        private Object struct(Struct struct, Struct ownStruct, String className, StructValue value)
                throws ReflectiveOperationException {
            Object filled = release.create(className);
            for (Field field : struct.fields()) {
                if (value.fields().containsKey(field.name())) {
                    Field ownField = release.counterpart(struct, field, ownStruct, version);
                    Method setter = setter(filled.getClass(), ownField);
                    setter.invoke(
                            filled,
                            value(
                                    field,
                                    ownField,
                                    setter.getParameterTypes()[0],
                                    value.fields().get(field.name())));
                }
            }
            fillUnknown(filled, value.unknownTaggedFields());
            return filled;
        }

        private @Nullable Object value(Field field, Field ownField, Class<?> target, @Nullable Object value)
                throws ReflectiveOperationException {
            if (value == null) {
                return null;
            }
            if (field.type() instanceof Array array) {
                Collection<Object> list = collection(target);
                for (Object element : (List<?>) value) {
                    list.add(single(field, ownField, array.element(), target, element));
                }
                return list;
            }
            return single(field, ownField, field.type(), target, value);
        }

        private Object single(Field field, Field ownField, FieldType type, Class<?> target, Object value)
                throws ReflectiveOperationException {
            if (type instanceof StructType) {
                Struct ownStruct = own.structOf(ownField);
                return struct(merged.structOf(field), ownStruct, outer + "$" + ownStruct.name(), (StructValue) value);
            }
            return switch ((Primitive) type) {
                case UUID -> uuid((UUID) value);
                case BYTES ->
                    target == ByteBuffer.class ? ByteBuffer.wrap(((Bytes) value).toArray()) : ((Bytes) value).toArray();
                case RECORDS -> records(target, (Bytes) value);
                default -> value;
            };
        }
    }

    private Method setter(Class<?> type, Field field) {
        return setters.computeIfAbsent(type.getName() + "." + field.name(), key -> {
            String name = "set" + Character.toUpperCase(field.name().charAt(0))
                    + field.name().substring(1);
            for (Method method : type.getMethods()) {
                if (method.getName().equals(name)) {
                    return method;
                }
            }
            throw new AssertionError("no " + name + " in " + type);
        });
    }

    @SuppressWarnings("unchecked")
    private static Collection<Object> collection(Class<?> type) throws ReflectiveOperationException {
        return type == List.class
                ? new ArrayList<>()
                : (Collection<Object>) type.getConstructor().newInstance();
    }

    private Object uuid(UUID value) throws ReflectiveOperationException {
        return release.type("org.apache.kafka.common.Uuid")
                .getConstructor(long.class, long.class)
                .newInstance(value.getMostSignificantBits(), value.getLeastSignificantBits());
    }

    /** The interface of records and the class that holds them in memory share a package, which one is a matter of the release. */
    private Object records(Class<?> records, Bytes value) throws ReflectiveOperationException {
        return release.type(records.getPackageName() + ".MemoryRecords")
                .getMethod("readableRecords", ByteBuffer.class)
                .invoke(null, ByteBuffer.wrap(value.toArray()));
    }

    @SuppressWarnings("unchecked")
    private void fillUnknown(Object filled, List<UnknownTaggedField> fields) throws ReflectiveOperationException {
        if (fields.isEmpty()) {
            return;
        }
        List<Object> list = (List<Object>)
                filled.getClass().getMethod("unknownTaggedFields").invoke(filled);
        for (UnknownTaggedField field : fields) {
            list.add(release.type("org.apache.kafka.common.protocol.types.RawTaggedField")
                    .getConstructor(int.class, byte[].class)
                    .newInstance(field.tag(), field.content().toArray()));
        }
    }
}
