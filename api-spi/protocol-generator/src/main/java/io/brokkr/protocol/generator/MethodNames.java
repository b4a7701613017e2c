package io.brokkr.protocol.generator;

import io.brokkr.protocol.generator.FieldType.Primitive;

/** The names of methods that generated code calls: its own, one a list, and the codec's, one a type. */
final class MethodNames {

    private MethodNames() {}

    static String read(Field field) {
        return "read" + capitalized(field);
    }

    static String sizeOf(Field field) {
        return "sizeOf" + capitalized(field);
    }

    static String write(Field field) {
        return "write" + capitalized(field);
    }

    private static String capitalized(Field field) {
        return Character.toUpperCase(field.name().charAt(0)) + field.name().substring(1);
    }

    /** The part of the codec's method names that stands for a type. */
    static String suffix(Primitive primitive) {
        return switch (primitive) {
            case BOOL -> "Boolean";
            case INT8 -> "Int8";
            case INT16 -> "Int16";
            case UINT16 -> "Uint16";
            case INT32 -> "Int32";
            case UINT32 -> "Uint32";
            case INT64 -> "Int64";
            case FLOAT64 -> "Float64";
            case UUID -> "Uuid";
            case STRING -> "String";
            case BYTES -> "Bytes";
            case RECORDS -> "Records";
        };
    }
}
