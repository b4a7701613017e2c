package io.brokkr.protocol;

import io.brokkr.protocol.generator.Definition;
import io.brokkr.protocol.generator.Field;
import io.brokkr.protocol.generator.FieldType;
import io.brokkr.protocol.generator.FieldType.Array;
import io.brokkr.protocol.generator.FieldType.Primitive;
import io.brokkr.protocol.generator.FieldType.StructType;
import io.brokkr.protocol.generator.Struct;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Tuple;

/** Draws messages from the definitions. */
final class MessageArbitraries {

    /** A field keeps its default. */
    private static final Object UNSET = new Object();

    /** A tag above all that the definitions use. */
    private static final int FIRST_UNKNOWN_TAG = 100;

    private final boolean withAbsentFields;

    private MessageArbitraries(boolean withAbsentFields) {
        this.withAbsentFields = withAbsentFields;
    }

    /** Any values in the fields that the version has; every message and every version in turn. */
    static Arbitrary<DrawnMessage> carried() {
        return new MessageArbitraries(false).inTurn();
    }

    /** As {@link #carried}, and now and then a value in a field that the version does not have. */
    static Arbitrary<DrawnMessage> carriedOrNot() {
        return new MessageArbitraries(true).inTurn();
    }

    private Arbitrary<DrawnMessage> inTurn() {
        List<Arbitrary<DrawnMessage>> pairs = new ArrayList<>();
        for (Definition definition : PublishedDefinitions.ALL) {
            for (int version = definition.versions().lowest();
                    version <= definition.versions().highest();
                    version++) {
                pairs.add(message(definition, version));
            }
        }
        Map<Integer, RandomGenerator<DrawnMessage>> generators = new HashMap<>();
        int[] turn = {0};
        return Arbitraries.fromGenerator(random -> generators
                .computeIfAbsent(
                        turn[0]++ % pairs.size(), pair -> pairs.get(pair).generator(1000))
                .next(random));
    }

    private Arbitrary<DrawnMessage> message(Definition definition, int version) {
        return struct(definition, definition.root(), version)
                .map(value -> new DrawnMessage(definition, version, (StructValue) value));
    }

    private Arbitrary<Object> struct(Definition definition, Struct struct, int version) {
        List<String> names = new ArrayList<>();
        List<Arbitrary<Object>> values = new ArrayList<>();
        for (Field field : struct.fields()) {
            if (field.versions().contains(version)) {
                names.add(field.name());
                values.add(field(definition, field, version));
            } else if (withAbsentFields) {
                names.add(field.name());
                values.add(Arbitraries.frequencyOf(
                        Tuple.of(12, Arbitraries.just(UNSET)), Tuple.of(1, field(definition, field, version))));
            }
        }
        Arbitrary<List<UnknownTaggedField>> unknown =
                definition.flexibleVersions().contains(version)
                        ? Arbitraries.frequencyOf(
                                Tuple.of(4, Arbitraries.just(List.of())), Tuple.of(1, unknownTaggedFields()))
                        : Arbitraries.just(List.of());
        return Combinators.combine(Combinators.combine(values).as(all -> fields(names, all)), unknown)
                .as(StructValue::new);
    }

    private static Map<String, Object> fields(List<String> names, List<Object> values) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int index = 0; index < names.size(); index++) {
            if (values.get(index) != UNSET) {
                fields.put(names.get(index), values.get(index));
            }
        }
        return fields;
    }

    private Arbitrary<Object> field(Definition definition, Field field, int version) {
        Arbitrary<Object> value = value(definition, field.type(), version);
        boolean nullable =
                field.versions().contains(version) ? field.nullableVersions().contains(version) : field.isNullable();
        if (nullable) {
            value = value.injectNull(0.15);
        }
        // Where null is the default but not allowed, the default cannot be written; in Kafka that is so for all
        // records.
        boolean mayBeUnset = nullable || !(field.isNullByDefault() || field.type() == Primitive.RECORDS);
        return mayBeUnset ? Arbitraries.frequencyOf(Tuple.of(4, value), Tuple.of(1, Arbitraries.just(UNSET))) : value;
    }

    private Arbitrary<Object> value(Definition definition, FieldType type, int version) {
        if (type instanceof Array array) {
            return value(definition, array.element(), version)
                    .list()
                    .ofMaxSize(3)
                    .map(list -> list);
        }
        if (type instanceof StructType struct) {
            return struct(definition, definition.structs().get(struct.name()), version);
        }
        return primitive((Primitive) type);
    }

    private static Arbitrary<Object> primitive(Primitive type) {
        return switch (type) {
            case BOOL -> Arbitraries.of(true, false);
            case INT8 -> integers(Byte.MIN_VALUE, Byte.MAX_VALUE).map(Long::byteValue);
            case INT16 -> integers(Short.MIN_VALUE, Short.MAX_VALUE).map(Long::shortValue);
            case UINT16 -> integers(0, 65_535).map(Long::intValue);
            case INT32 -> integers(Integer.MIN_VALUE, Integer.MAX_VALUE).map(Long::intValue);
            case UINT32 -> integers(0, 4_294_967_295L).map(value -> value);
            case INT64 -> integers(Long.MIN_VALUE, Long.MAX_VALUE).map(value -> value);
            case FLOAT64 ->
                Arbitraries.of(0.0, 1.5, -2.25, Double.MAX_VALUE, Double.MIN_VALUE, Double.NEGATIVE_INFINITY);
            case UUID ->
                integers(Long.MIN_VALUE, Long.MAX_VALUE)
                        .map(bits -> bits == 0 ? Message.ZERO_UUID : new UUID(bits, ~bits));
            case STRING -> strings().map(value -> value);
            case BYTES, RECORDS -> bytes().map(value -> value);
        };
    }

    private static Arbitrary<Long> integers(long lowest, long highest) {
        return Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.longs().between(Math.max(lowest, -2), 20)),
                Tuple.of(1, Arbitraries.of(lowest, highest)),
                Tuple.of(1, Arbitraries.longs().between(lowest, highest)));
    }

    private static Arbitrary<String> strings() {
        Arbitrary<String> ascii = Arbitraries.strings().ascii().ofMaxLength(8);
        Arbitrary<String> any = Arbitraries.strings()
                .withCharRange('a', 'c')
                .withCharRange('\u0080', '\u0900')
                .withCharRange('\ue000', '\uffff')
                .ofMaxLength(6);
        Arbitrary<String> pairs = Arbitraries.of("\ud83d\ude80", "caf\u00e9 \ud83e\udd80!");
        Arbitrary<String> around127 = Arbitraries.integers().between(120, 135).map("x"::repeat);
        return Arbitraries.frequencyOf(
                Tuple.of(6, ascii), Tuple.of(2, any), Tuple.of(1, pairs), Tuple.of(1, around127));
    }

    private static Arbitrary<Bytes> bytes() {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(10).map(Bytes::copyOf);
    }

    private static Arbitrary<List<UnknownTaggedField>> unknownTaggedFields() {
        Arbitrary<Integer> tags = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.integers().between(FIRST_UNKNOWN_TAG, FIRST_UNKNOWN_TAG + 100)),
                // Kafka cannot write the highest tag of all.
                Tuple.of(1, Arbitraries.of(16_383, 16_384, Integer.MAX_VALUE - 1)));
        return Combinators.combine(
                        tags.set().ofMinSize(1).ofMaxSize(3), bytes().list().ofSize(3))
                .as((set, contents) -> {
                    List<UnknownTaggedField> fields = new ArrayList<>();
                    for (int tag : set.stream().sorted().toList()) {
                        fields.add(new UnknownTaggedField(tag, contents.get(fields.size())));
                    }
                    return fields;
                });
    }
}
