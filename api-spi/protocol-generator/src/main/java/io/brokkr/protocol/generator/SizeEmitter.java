package io.brokkr.protocol.generator;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import io.brokkr.protocol.generator.FieldType.Array;
import io.brokkr.protocol.generator.FieldType.Primitive;
import io.brokkr.protocol.generator.FieldType.StructType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.Modifier;

/** Writes how a structure's exact size is found. */
final class SizeEmitter {

    private final StructScope scope;

    SizeEmitter(StructScope scope) {
        this.scope = scope;
    }

    /** The part of {@code encodedSize} that counts the fields. */
    CodeBlock body() {
        Map<VersionTest, List<Field>> untagged = new LinkedHashMap<>();
        for (Field field : scope.fields()) {
            untagged.computeIfAbsent(scope.untagged(field), test -> new ArrayList<>())
                    .add(field);
        }
        CodeBlock.Builder code = CodeBlock.builder();
        List<Field> always = untagged.getOrDefault(VersionTest.ALWAYS, List.of());
        code.addStatement("int size = $L", fixedSize(always));
        addVariable(code, always);
        untagged.forEach((test, fields) -> {
            if (!test.isAlways() && !test.isNever()) {
                code.beginControlFlow("if ($L)", test.expression());
                if (fixedSize(fields) > 0) {
                    code.addStatement("size += $L", fixedSize(fields));
                }
                addVariable(code, fields);
                code.endControlFlow();
            }
        });
        addTaggedFields(code);
        return code.addStatement("return size").build();
    }

    private static int fixedSize(List<Field> fields) {
        return fields.stream()
                .mapToInt(field -> Math.max(0, sizeInBytes(field.type())))
                .sum();
    }

    private static int sizeInBytes(FieldType type) {
        return type instanceof Primitive primitive ? primitive.sizeInBytes() : FieldType.VARIABLE;
    }

    private void addVariable(CodeBlock.Builder code, List<Field> fields) {
        for (Field field : fields) {
            if (sizeInBytes(field.type()) == FieldType.VARIABLE) {
                code.addStatement("size += $L", value(field));
            }
        }
    }

    private void addTaggedFields(CodeBlock.Builder code) {
        if (scope.flexible().isNever()) {
            return;
        }
        boolean always = scope.flexible().isAlways();
        if (!always) {
            code.beginControlFlow("if ($L)", scope.flexibleExpression());
        }
        List<Field> tagged = scope.taggedFields();
        if (tagged.isEmpty()) {
            code.addStatement("size += $T.sizeOfTaggedFields(this.unknownTaggedFields)", JavaTypes.WRITER);
        } else {
            code.addStatement("int taggedFields = this.unknownTaggedFields.size()");
            for (Field field : tagged) {
                code.beginControlFlow("if ($L)", isWritten(scope, field));
                code.addStatement("taggedFields++");
                code.addStatement("size += $T.sizeOfTaggedField($L, $L)", JavaTypes.WRITER, field.tag(), value(field));
                code.endControlFlow();
            }
            code.addStatement(
                    "size += $T.sizeOfTaggedFields(taggedFields, this.unknownTaggedFields)", JavaTypes.WRITER);
        }
        if (!always) {
            code.endControlFlow();
        }
    }

    /** A condition, asked in a flexible version: whether the tagged field is written. */
    static CodeBlock isWritten(StructScope scope, Field field) {
        VersionTest test = VersionTest.of(
                field.taggedVersions(),
                scope.versions().intersect(scope.definition().flexibleVersions()));
        CodeBlock isSet = scope.types().isSet(field);
        return test.isAlways() ? isSet : CodeBlock.of("$L && $L", test.expression(), isSet);
    }

    /** An expression: the size of a field's value, its length included. */
    CodeBlock value(Field field) {
        String name = field.javaName();
        if (field.type() instanceof Array) {
            return CodeBlock.of("$L(version)", MethodNames.sizeOf(field));
        }
        if (field.type() instanceof StructType) {
            return CodeBlock.of(
                    field.isNullable()
                            ? "this.$1L == null ? 1 : 1 + this.$1L.encodedSize(version)"
                            : "this.$1L.encodedSize(version)",
                    name);
        }
        Primitive primitive = (Primitive) field.type();
        return primitive.sizeInBytes() != FieldType.VARIABLE
                ? CodeBlock.of("$L", primitive.sizeInBytes())
                : variable(primitive, field.isNullable(), "this." + name, scope.compact(field));
    }

    private static CodeBlock variable(Primitive primitive, boolean nullable, String value, String compact) {
        return CodeBlock.of(
                "$T.sizeOf$L$L($L, $L)",
                JavaTypes.WRITER,
                nullable ? "Nullable" : "",
                MethodNames.suffix(primitive),
                value,
                compact);
    }

    /** The methods that count the lists. */
    List<MethodSpec> listMethods() {
        List<MethodSpec> methods = new ArrayList<>();
        for (Field field : scope.fields()) {
            if (field.type() instanceof Array array) {
                methods.add(listMethod(field, array.element()));
            }
        }
        return methods;
    }

    private MethodSpec listMethod(Field field, FieldType element) {
        String name = "this." + field.javaName();
        String compact = scope.compact(field);
        MethodSpec.Builder method = MethodSpec.methodBuilder(MethodNames.sizeOf(field))
                .addModifiers(Modifier.PRIVATE)
                .returns(TypeName.INT)
                .addParameter(TypeName.INT, "version");
        if (field.isNullable()) {
            method.beginControlFlow("if ($L == null)", name)
                    .addStatement("return $T.sizeOfNullArray($L)", JavaTypes.WRITER, compact)
                    .endControlFlow();
        }
        CodeBlock length = CodeBlock.of("$T.sizeOfArrayLength($L.size(), $L)", JavaTypes.WRITER, name, compact);
        if (sizeInBytes(element) != FieldType.VARIABLE) {
            return method.addStatement("return $L + $L.size() * $L", length, name, sizeInBytes(element))
                    .build();
        }
        method.addStatement("int size = $L", length);
        method.beginControlFlow("for ($T element : $L)", scope.types().type(element), name);
        method.addStatement(
                "size += $L",
                element instanceof Primitive primitive
                        ? variable(primitive, false, "element", compact)
                        : CodeBlock.of("element.encodedSize(version)"));
        method.endControlFlow();
        return method.addStatement("return size").build();
    }
}
