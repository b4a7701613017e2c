package io.brokkr.protocol.generator;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import java.util.List;
import javax.lang.model.element.Modifier;

/** Writes the method that refuses values which a version cannot carry, if there can be any. */
final class RefusalEmitter {

    static final String METHOD = "requireCarried";

    private final StructScope scope;

    RefusalEmitter(StructScope scope) {
        this.scope = scope;
    }

    /** The method, or none. */
    List<MethodSpec> methods() {
        CodeBlock.Builder code = CodeBlock.builder();
        for (Field field : scope.fields()) {
            addAbsent(code, field);
            addNull(code, field);
        }
        VersionTest flexible = scope.flexible();
        if (!flexible.isNever() && !flexible.isAlways()) {
            code.beginControlFlow("if (!flexible(version) && !this.unknownTaggedFields.isEmpty())");
            addThrow(code, "notCarried", "unknownTaggedFields");
        }
        if (code.isEmpty()) {
            return List.of();
        }
        return List.of(MethodSpec.methodBuilder(METHOD)
                .addModifiers(Modifier.PRIVATE)
                .addParameter(TypeName.INT, "version")
                .addCode(code.build())
                .build());
    }

    private void addAbsent(CodeBlock.Builder code, Field field) {
        VersionTest present = scope.present(field);
        if (!field.ignorable() && !present.isAlways()) {
            code.beginControlFlow(
                    "if ($L && $L)", present.negated(), scope.types().isSet(field));
            addThrow(code, "notCarried", field.javaName());
        }
    }

    private void addNull(CodeBlock.Builder code, Field field) {
        if (!field.isNullable() || scope.nullable(field).isAlways()) {
            return;
        }
        VersionTest mayNot = VersionTest.of(
                field.versions().intersect(scope.versions()).minus(field.nullableVersions()), scope.versions());
        code.beginControlFlow(
                mayNot.isAlways() ? "if (this.$2L == null)" : "if ($1L && this.$2L == null)",
                mayNot.expression(),
                field.javaName());
        addThrow(code, "notNullable", field.javaName());
    }

    private void addThrow(CodeBlock.Builder code, String kind, String name) {
        code.addStatement(
                "throw $T.$L($S, version)",
                JavaTypes.UNSUPPORTED_VERSION,
                kind,
                String.join(".", scope.type().simpleNames()) + "." + name);
        code.endControlFlow();
    }
}
