package io.brokkr.protocol.generator;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import io.brokkr.protocol.generator.FieldType.Array;
import io.brokkr.protocol.generator.FieldType.Primitive;
import io.brokkr.protocol.generator.FieldType.StructType;
import java.util.List;
import java.util.UUID;

/** How the protocol's types and defaults look in Java. */
final class JavaTypes {

    static final String PACKAGE = "io.brokkr.protocol";
    static final ClassName API = ClassName.get(PACKAGE, "Api");
    static final ClassName BYTES = ClassName.get(PACKAGE, "Bytes");
    static final ClassName ERROR_CODE = ClassName.get(PACKAGE, "ErrorCode");
    static final ClassName INVALID_MESSAGE = ClassName.get(PACKAGE, "InvalidMessageException");
    static final ClassName MESSAGE = ClassName.get(PACKAGE, "Message");
    static final ClassName READER = ClassName.get(PACKAGE, "MessageReader");
    static final ClassName WRITER = ClassName.get(PACKAGE, "MessageWriter");
    static final ClassName RECORD_DATA = ClassName.get(PACKAGE, "RecordData");
    static final ClassName UNKNOWN_TAGGED_FIELD = ClassName.get(PACKAGE, "UnknownTaggedField");
    static final ClassName UNSUPPORTED_VERSION = ClassName.get(PACKAGE, "UnsupportedVersionException");
    static final ClassName NULLABLE = ClassName.get("org.jspecify.annotations", "Nullable");
    static final ClassName LIST = ClassName.get(List.class);
    static final TypeName UNKNOWN_TAGGED_FIELDS = ParameterizedTypeName.get(LIST, UNKNOWN_TAGGED_FIELD);

    private final ClassName message;

    /** For a message's class, whose structures are classes nested in it. */
    JavaTypes(ClassName message) {
        this.message = message;
    }

    TypeName type(FieldType type) {
        if (type instanceof Array array) {
            return ParameterizedTypeName.get(LIST, type(array.element()).box());
        }
        if (type instanceof StructType struct) {
            return message.nestedClass(struct.name());
        }
        return switch ((Primitive) type) {
            case BOOL -> TypeName.BOOLEAN;
            case INT8 -> TypeName.BYTE;
            case INT16 -> TypeName.SHORT;
            case UINT16, INT32 -> TypeName.INT;
            case UINT32, INT64 -> TypeName.LONG;
            case FLOAT64 -> TypeName.DOUBLE;
            case UUID -> ClassName.get(UUID.class);
            case STRING -> ClassName.get(String.class);
            case BYTES -> BYTES;
            case RECORDS -> RECORD_DATA;
        };
    }

    /** The type of a field, marked if it may be null. */
    TypeName typeOf(Field field) {
        TypeName type = type(field.type());
        return field.isNullable()
                ? type.annotated(AnnotationSpec.builder(NULLABLE).build())
                : type;
    }

    CodeBlock defaultOf(Field field) {
        if (field.isNullByDefault()) {
            return CodeBlock.of("null");
        }
        if (field.type() instanceof Array) {
            return CodeBlock.of("$T.of()", LIST);
        }
        if (field.type() instanceof StructType) {
            return CodeBlock.of("$T.DEFAULT", type(field.type()));
        }
        String text = field.defaultText();
        return switch ((Primitive) field.type()) {
            case BOOL -> CodeBlock.of("$L", Boolean.parseBoolean(text));
            case INT8 -> narrow("byte", integer(text));
            case INT16 -> narrow("short", integer(text));
            case UINT16, INT32 -> CodeBlock.of("$L", integer(text));
            case UINT32, INT64 -> CodeBlock.of("$LL", integer(text));
            case FLOAT64 -> CodeBlock.of("$L", text.isEmpty() ? 0.0 : Double.parseDouble(text));
            case UUID -> CodeBlock.of("$T.ZERO_UUID", MESSAGE);
            case STRING -> CodeBlock.of("$S", text);
            case BYTES -> CodeBlock.of("$T.EMPTY", BYTES);
            case RECORDS -> CodeBlock.of("$T.empty()", RECORD_DATA);
        };
    }

    /** A condition that is true if the field of {@code this} holds anything but its default. */
    CodeBlock isSet(Field field) {
        String value = "this." + field.javaName();
        if (field.isNullByDefault()) {
            return CodeBlock.of("$L != null", value);
        }
        if (field.type() instanceof Primitive primitive && primitive.sizeInBytes() > 0 && primitive != Primitive.UUID) {
            if (primitive == Primitive.BOOL) {
                return CodeBlock.of(Boolean.parseBoolean(field.defaultText()) ? "!$L" : "$L", value);
            }
            return CodeBlock.of("$L != $L", value, defaultOf(field));
        }
        CodeBlock differs = differsFromDefault(field, value);
        return field.isNullable() ? CodeBlock.of("($L == null || $L)", value, differs) : differs;
    }

    private CodeBlock differsFromDefault(Field field, String value) {
        if (field.type() instanceof Array
                || (field.type() == Primitive.STRING && field.defaultText().isEmpty())) {
            return CodeBlock.of("!$L.isEmpty()", value);
        }
        if (field.type() == Primitive.RECORDS) {
            return CodeBlock.of("$L.sizeInBytes() != 0", value);
        }
        return CodeBlock.of("!$L.equals($L)", value, defaultOf(field));
    }

    private static CodeBlock narrow(String type, long value) {
        return value == 0 ? CodeBlock.of("0") : CodeBlock.of("($L) $L", type, value);
    }

    private static long integer(String text) {
        return text.isEmpty() ? 0 : Long.decode(text);
    }
}
