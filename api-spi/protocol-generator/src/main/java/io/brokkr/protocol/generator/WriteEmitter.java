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

/** Writes how a structure is written. */
final class WriteEmitter {

    private final StructScope scope;

    WriteEmitter(StructScope scope) {
        this.scope = scope;
    }

    /** The body of {@code write}. */
    CodeBlock body() {
        CodeBlock.Builder code = CodeBlock.builder();
        VersionTest open = VersionTest.ALWAYS;
        for (Field field : scope.fields()) {
            VersionTest test = scope.untagged(field);
            if (test.isNever()) {
                continue;
            }
            if (!test.equals(open)) {
                change(code, open, test);
                open = test;
            }
            addValue(code, field, "writePresence");
        }
        change(code, open, VersionTest.ALWAYS);
        if (!scope.flexible().isNever()) {
            if (!scope.flexible().isAlways()) {
                code.beginControlFlow("if ($L)", scope.flexibleExpression());
            }
            addTaggedFields(code);
            if (!scope.flexible().isAlways()) {
                code.endControlFlow();
            }
        }
        return code.build();
    }

    /** Fields that stand behind each other and are written in the same versions share their condition. */
    private static void change(CodeBlock.Builder code, VersionTest from, VersionTest to) {
        if (!from.isAlways()) {
            code.endControlFlow();
        }
        if (!to.isAlways()) {
            code.beginControlFlow("if ($L)", to.expression());
        }
    }

    private void addTaggedFields(CodeBlock.Builder code) {
        List<Field> tagged = scope.taggedFields();
        if (tagged.isEmpty()) {
            code.addStatement("writer.writeTaggedFields(this.unknownTaggedFields)");
            return;
        }
        code.addStatement("int taggedFields = this.unknownTaggedFields.size()");
        for (Field field : tagged) {
            code.beginControlFlow("if ($L)", SizeEmitter.isWritten(scope, field));
            code.addStatement("taggedFields++");
            code.endControlFlow();
        }
        code.addStatement("writer.writeUnsignedVarint(taggedFields)");
        code.addStatement("int unknown = 0");
        for (Field field : tagged) {
            code.beginControlFlow("if ($L)", SizeEmitter.isWritten(scope, field));
            code.addStatement(
                    "unknown = writer.writeUnknownTaggedFields(this.unknownTaggedFields, unknown, $L)", field.tag());
            code.addStatement(
                    "writer.writeTaggedFieldHeader($L, $L)", field.tag(), new SizeEmitter(scope).value(field));
            addValue(code, field, "writeTaggedPresence");
            code.endControlFlow();
        }
        code.addStatement(
                "writer.writeUnknownTaggedFields(this.unknownTaggedFields, unknown, $T.MAX_VALUE)", Integer.class);
    }

    private void addValue(CodeBlock.Builder code, Field field, String writePresence) {
        String name = "this." + field.javaName();
        if (field.type() instanceof Array) {
            code.addStatement("$L(writer, version)", MethodNames.write(field));
        } else if (field.type() instanceof StructType && field.isNullable()) {
            code.addStatement("writer.$L($L != null)", writePresence, name);
            code.beginControlFlow("if ($L != null)", name)
                    .addStatement("$L.write(writer, version)", name)
                    .endControlFlow();
        } else if (field.type() instanceof StructType) {
            code.addStatement("$L.write(writer, version)", name);
        } else {
            code.addStatement(primitive((Primitive) field.type(), field.isNullable(), name, scope.compact(field)));
        }
    }

    private static CodeBlock primitive(Primitive primitive, boolean nullable, String value, String compact) {
        String suffix = MethodNames.suffix(primitive);
        return primitive.sizeInBytes() == FieldType.VARIABLE
                ? CodeBlock.of("writer.write$L$L($L, $L)", nullable ? "Nullable" : "", suffix, value, compact)
                : CodeBlock.of("writer.write$L($L)", suffix, value);
    }

    /** The methods that write the lists. */
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
        MethodSpec.Builder method = MethodSpec.methodBuilder(MethodNames.write(field))
                .addModifiers(Modifier.PRIVATE)
                .addParameter(JavaTypes.WRITER, "writer")
                .addParameter(TypeName.INT, "version");
        if (field.isNullable()) {
            method.beginControlFlow("if ($L == null)", name)
                    .addStatement("writer.writeNullArray($L)", compact)
                    .addStatement("return")
                    .endControlFlow();
        }
        method.addStatement("writer.writeArrayLength($L.size(), $L)", name, compact);
        method.beginControlFlow("for ($T element : $L)", scope.types().type(element), name);
        method.addStatement(
                element instanceof Primitive primitive
                        ? primitive(primitive, false, "element", compact)
                        : CodeBlock.of("element.write(writer, version)"));
        return method.endControlFlow().build();
    }
}
