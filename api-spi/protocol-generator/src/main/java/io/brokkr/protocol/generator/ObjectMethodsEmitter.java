package io.brokkr.protocol.generator;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import io.brokkr.protocol.generator.FieldType.Primitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.lang.model.element.Modifier;

/** Writes {@code equals}, {@code hashCode} and {@code toString}. */
final class ObjectMethodsEmitter {

    private final StructScope scope;

    ObjectMethodsEmitter(StructScope scope) {
        this.scope = scope;
    }

    List<MethodSpec> methods() {
        return List.of(equalsMethod(), hashCodeMethod(), toStringMethod());
    }

    private MethodSpec equalsMethod() {
        List<CodeBlock> same = new ArrayList<>();
        same.add(CodeBlock.of("other instanceof $T that", scope.type()));
        for (Field field : scope.fields()) {
            same.add(equal(field));
        }
        if (!scope.flexible().isNever()) {
            same.add(CodeBlock.of("this.unknownTaggedFields.equals(that.unknownTaggedFields)"));
        }
        if (same.size() == 1) {
            same.set(0, CodeBlock.of("other instanceof $T", scope.type()));
        }
        return override("equals", TypeName.BOOLEAN)
                .addParameter(
                        ClassName.OBJECT.annotated(
                                AnnotationSpec.builder(JavaTypes.NULLABLE).build()),
                        "other")
                .beginControlFlow("if (this == other)")
                .addStatement("return true")
                .endControlFlow()
                .addStatement("return $L", CodeBlock.join(same, "\n&& "))
                .build();
    }

    private CodeBlock equal(Field field) {
        String name = field.javaName();
        if (field.type() == Primitive.FLOAT64) {
            return CodeBlock.of("Double.compare(this.$1L, that.$1L) == 0", name);
        }
        if (scope.types().type(field.type()).isPrimitive()) {
            return CodeBlock.of("this.$1L == that.$1L", name);
        }
        return field.isNullable()
                ? CodeBlock.of("$2T.equals(this.$1L, that.$1L)", name, Objects.class)
                : CodeBlock.of("this.$1L.equals(that.$1L)", name);
    }

    private MethodSpec hashCodeMethod() {
        MethodSpec.Builder method = override("hashCode", TypeName.INT);
        method.addStatement("int hash = $L", 1);
        for (Field field : scope.fields()) {
            TypeName type = scope.types().type(field.type());
            CodeBlock hash;
            if (type.isPrimitive()) {
                hash = CodeBlock.of("$T.hashCode(this.$L)", type.box(), field.javaName());
            } else if (field.isNullable()) {
                hash = CodeBlock.of("$T.hashCode(this.$L)", Objects.class, field.javaName());
            } else {
                hash = CodeBlock.of("this.$L.hashCode()", field.javaName());
            }
            method.addStatement("hash = 31 * hash + $L", hash);
        }
        return method.addStatement("return hash").build();
    }

    private MethodSpec toStringMethod() {
        CodeBlock.Builder text = CodeBlock.builder()
                .add("return $S", String.join(".", scope.type().simpleNames()) + "[");
        String separator = "";
        for (Field field : scope.fields()) {
            text.add("\n+ $S + this.$L", separator + field.javaName() + "=", field.javaName());
            separator = ", ";
        }
        return override("toString", TypeName.get(String.class))
                .addStatement(text.add("\n+ $S", "]").build())
                .build();
    }

    private static MethodSpec.Builder override(String name, TypeName type) {
        return MethodSpec.methodBuilder(name)
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .returns(type);
    }
}
