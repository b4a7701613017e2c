package io.brokkr.protocol.generator;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.WildcardTypeName;
import io.brokkr.protocol.generator.FieldType.Array;
import io.brokkr.protocol.generator.FieldType.Primitive;
import java.util.List;
import java.util.function.Consumer;
import javax.lang.model.element.Modifier;

/** Writes how all record data of a structure is found, if it can hold any. */
final class RecordDataEmitter {

    private static final String METHOD = "forEachRecordData";

    private final StructScope scope;

    RecordDataEmitter(StructScope scope) {
        this.scope = scope;
    }

    /** The method, or none. */
    List<MethodSpec> methods() {
        if (!holdsRecords(scope.struct())) {
            return List.of();
        }
        MethodSpec.Builder method = MethodSpec.methodBuilder(METHOD)
                .addParameter(
                        ParameterizedTypeName.get(
                                ClassName.get(Consumer.class), WildcardTypeName.supertypeOf(JavaTypes.RECORD_DATA)),
                        "action");
        if (scope.isRoot()) {
            method.addAnnotation(Override.class).addModifiers(Modifier.PUBLIC);
        } else {
            method.addModifiers(Modifier.PRIVATE);
        }
        for (Field field : scope.fields()) {
            if (field.type() == Primitive.RECORDS) {
                method.addCode(visit(field));
            } else if (field.structName() != null
                    && holdsRecords(scope.definition().structOf(field))) {
                method.addCode(descend(field));
            }
        }
        return List.of(method.build());
    }

    private boolean holdsRecords(Struct struct) {
        return struct.fields().stream()
                .anyMatch(field -> field.type() == Primitive.RECORDS
                        || (field.structName() != null
                                && holdsRecords(scope.definition().structOf(field))));
    }

    private CodeBlock visit(Field field) {
        requireEveryVersion(field);
        CodeBlock.Builder code = CodeBlock.builder();
        if (!field.isNullable()) {
            return code.addStatement("action.accept(this.$L)", field.javaName()).build();
        }
        return code.beginControlFlow("if (this.$L != null)", field.javaName())
                .addStatement("action.accept(this.$L)", field.javaName())
                .endControlFlow()
                .build();
    }

    private CodeBlock descend(Field field) {
        requireEveryVersion(field);
        if (field.isNullable() || !(field.type() instanceof Array array)) {
            throw new IllegalArgumentException(
                    field.name() + ": record data in a structure that is not in a plain list");
        }
        return CodeBlock.builder()
                .beginControlFlow("for ($T element : this.$L)", scope.types().type(array.element()), field.javaName())
                .addStatement("element.$L(action)", METHOD)
                .endControlFlow()
                .build();
    }

    /** The method knows no version, so what it visits must be written in all of them. */
    private void requireEveryVersion(Field field) {
        if (!scope.untagged(field).isAlways()) {
            throw new IllegalArgumentException(field.name() + ": record data that some versions do not have");
        }
    }
}
