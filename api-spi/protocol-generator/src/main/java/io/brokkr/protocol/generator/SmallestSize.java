package io.brokkr.protocol.generator;

import io.brokkr.protocol.generator.FieldType.Primitive;
import io.brokkr.protocol.generator.FieldType.StructType;

/** The fewest bytes that a value can take, so that a reader may doubt an array that claims more elements than there is room for. */
final class SmallestSize {

    private final Definition definition;

    SmallestSize(Definition definition) {
        this.definition = definition;
    }

    /** The fewest bytes of an element in any of the versions; at least 1, for no array of empty structures is believed. */
    int ofElement(FieldType type, VersionRange versions) {
        int smallest = Integer.MAX_VALUE;
        for (int version = versions.lowest(); version <= versions.highest(); version++) {
            smallest = Math.min(smallest, of(type, version));
        }
        return Math.max(1, smallest);
    }

    private int of(FieldType type, int version) {
        boolean flexible = definition.flexibleVersions().contains(version);
        if (type instanceof Primitive primitive && primitive.sizeInBytes() != FieldType.VARIABLE) {
            return primitive.sizeInBytes();
        }
        if (type instanceof StructType struct) {
            return ofStruct(definition.structs().get(struct.name()), version) + (flexible ? 1 : 0);
        }
        if (flexible) {
            return 1;
        }
        return type == Primitive.STRING ? 2 : 4;
    }

    private int ofStruct(Struct struct, int version) {
        int size = 0;
        for (Field field : struct.fields()) {
            if (field.untaggedVersions().contains(version)) {
                boolean mayBeOneByte = field.type() instanceof StructType
                        && field.nullableVersions().contains(version);
                size += mayBeOneByte ? 1 : of(field.type(), version);
            }
        }
        return size;
    }
}
