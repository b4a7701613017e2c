package io.brokkr.protocol.generator;

/** What a field holds. */
public sealed interface FieldType {

    /** The types of the protocol that are not made of others. */
    enum Primitive implements FieldType {
        /** One byte, 0 or else. */
        BOOL("bool", 1),
        /** A signed integer of 8 bits. */
        INT8("int8", 1),
        /** A signed integer of 16 bits. */
        INT16("int16", 2),
        /** An unsigned integer of 16 bits. */
        UINT16("uint16", 2),
        /** A signed integer of 32 bits. */
        INT32("int32", 4),
        /** An unsigned integer of 32 bits. */
        UINT32("uint32", 4),
        /** A signed integer of 64 bits. */
        INT64("int64", 8),
        /** A floating point number of 64 bits (IEEE 754). */
        FLOAT64("float64", 8),
        /** 128 bits; all zero means none. */
        UUID("uuid", 16),
        /** Text in UTF-8, its length in bytes before it. */
        STRING("string", VARIABLE),
        /** Any bytes, their number before them. */
        BYTES("bytes", VARIABLE),
        /** Record batches or a message set, their size in bytes before them. */
        RECORDS("records", VARIABLE);

        private final String text;
        private final int sizeInBytes;

        Primitive(String text, int sizeInBytes) {
            this.text = text;
            this.sizeInBytes = sizeInBytes;
        }

        /** The number of bytes on the wire, or {@link FieldType#VARIABLE}. */
        public int sizeInBytes() {
            return sizeInBytes;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** A size that depends on the value. */
    int VARIABLE = -1;

    /** A list of elements of one type, their number before them. */
    record Array(FieldType element) implements FieldType {
        @Override
        public String toString() {
            return "[]" + element;
        }
    }

    /** A structure of the same definition, by its name. */
    record StructType(String name) implements FieldType {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Reads what the definitions write: {@code int32}, {@code []string}, {@code []TopicData}. */
    static FieldType parse(String text) {
        if (text.startsWith("[]")) {
            return new Array(parse(text.substring(2)));
        }
        for (Primitive primitive : Primitive.values()) {
            if (primitive.text.equals(text)) {
                return primitive;
            }
        }
        if (!Character.isUpperCase(text.charAt(0))) {
            throw new IllegalArgumentException("unknown type " + text);
        }
        return new StructType(text);
    }
}
