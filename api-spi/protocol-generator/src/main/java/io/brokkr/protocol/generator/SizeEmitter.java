package io.brokkr.protocol.generator;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import io.brokkr.protocol.generator.FieldType.Array;
import io.brokkr.protocol.generator.FieldType.Primitive;
import io.brokkr.protocol.generator.FieldType.StructType;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;

/** Writes how a structure's exact size is found, which is also where values that a version cannot carry are refused. */
final class SizeEmitter {

    private final StructScope scope;

    SizeEmitter(StructScope scope) {
        this.scope = scope;
    }

    /** The part of {@code encodedSize} that counts the fields. */
    CodeBlock body() {
        CodeBlock.Builder code = CodeBlock.builder();
        code.addStatement("int size = $L", fixedSize());
        for (Field field : scope.fields()) {
            addUntagged(code, field);
        }
        addTaggedFields(code);
        return code.addStatement("return size").build();
    }

    /** The bytes of the fields that every version has and that are always of the same size. */
    private int fixedSize() {
        int size = 0;
        for (Field field : scope.fields()) {
            if (scope.untagged(field).isAlways() && sizeInBytes(field.type()) != FieldType.VARIABLE) {
                size += sizeInBytes(field.type());
            }
        }
        return size;
    }

    static int sizeInBytes(FieldType type) {
        return type instanceof Primitive primitive ? primitive.sizeInBytes() : FieldType.VARIABLE;
    }

    private void addUntagged(CodeBlock.Builder code, Field field) {
        VersionTest untagged = scope.untagged(field);
        boolean fixed = sizeInBytes(field.type()) != FieldType.VARIABLE;
        if (untagged.isAlways()) {
            if (!fixed) {
                addNullCheck(code, field);
                code.addStatement("size += $L", value(field));
            }
            return;
        }
        if (!untagged.isNever()) {
            code.beginControlFlow("if ($L)", untagged.expression());
            addNullCheck(code, field);
            code.addStatement("size += $L", value(field));
            code.endControlFlow();
        }
        if (!field.ignorable() && !scope.present(field).isAlways()) {
            addRefusal(code, field);
        }
    }

    private void addRefusal(CodeBlock.Builder code, Field field) {
        VersionTest present = scope.present(field);
        code.beginControlFlow(
                present.expression().contains("&&") ? "if (!($L) && $L)" : "if ($L && $L)",
                present.expression().contains("&&") ? present.expression() : negated(present),
                scope.types().isSet(field));
        code.addStatement(
                "throw $T.notCarried($S, version)", JavaTypes.UNSUPPORTED_VERSION, qualifiedName(field));
        code.endControlFlow();
    }

    private static String negated(VersionTest test) {
        String expression = test.expression();
        if (expression.contains("==")) {
            return expression.replace("==", "!=");
        }
        return expression.contains(">=") ? expression.replace(">=", "<") : expression.replace("<=", ">");
    }

    private void addNullCheck(CodeBlock.Builder code, Field field) {
        VersionTest nullable = scope.nullable(field);
        if (!field.isNullable() || nullable.isAlways()) {
            return;
        }
        if (nullable.isNever()) {
            code.beginControlFlow("if (this.$L == null)", field.javaName());
        } else {
            code.beginControlFlow("if (this.$L == null && !($L))", field.javaName(), nullable.expression());
        }
        code.addStatement(
                "throw $T.notNullable($S, version)", JavaTypes.UNSUPPORTED_VERSION, qualifiedName(field));
        code.endControlFlow();
    }

    private String qualifiedName(Field field) {
        return String.join(".", scope.type().simpleNames()) + "." + field.javaName();
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
                addNullCheck(code, field);
                code.addStatement("taggedFields++");
                code.addStatement("size += $T.sizeOfTaggedField($L, $L)", JavaTypes.WRITER, field.tag(), value(field));
                code.endControlFlow();
            }
            code.addStatement(
                    "size += $T.sizeOfTaggedFields(taggedFields, this.unknownTaggedFields)", JavaTypes.WRITER);
        }
        if (!always) {
            code.nextControlFlow("else if (!this.unknownTaggedFields.isEmpty())");
            code.addStatement(
                    "throw $T.notCarried($S, version)",
                    JavaTypes.UNSUPPORTED_VERSION,
                    String.join(".", scope.type().simpleNames()) + ".unknownTaggedFields");
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
                    field.isNullable() ? "this.$1L == null ? 1 : 1 + this.$1L.encodedSize(version)" : "this.$1L.encodedSize(version)",
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
