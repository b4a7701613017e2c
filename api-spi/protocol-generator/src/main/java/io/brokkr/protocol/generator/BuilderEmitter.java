package io.brokkr.protocol.generator;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import io.brokkr.protocol.generator.FieldType.Array;
import io.brokkr.protocol.generator.FieldType.Primitive;
import java.util.Objects;
import javax.lang.model.element.Modifier;

/** Writes a structure's builder. */
final class BuilderEmitter {

    private static final String UNKNOWN = "unknownTaggedFields";

    private final StructScope scope;
    private final ClassName builder;

    BuilderEmitter(StructScope scope) {
        this.scope = scope;
        this.builder = scope.type().nestedClass("Builder");
    }

    TypeSpec type() {
        TypeSpec.Builder type = TypeSpec.classBuilder(builder)
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
                .addJavadoc(
                        "Collects the fields of a {@link $T}; not safe for use by several threads.\n", scope.type());
        MethodSpec.Builder copy =
                MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).addParameter(scope.type(), "from");
        for (Field field : scope.fields()) {
            type.addField(FieldSpec.builder(scope.types().typeOf(field), field.javaName(), Modifier.PRIVATE)
                    .initializer(scope.defaultOf(field))
                    .build());
            copy.addStatement("this.$1L = from.$1L", field.javaName());
        }
        if (!scope.flexible().isNever()) {
            type.addField(FieldSpec.builder(JavaTypes.UNKNOWN_TAGGED_FIELDS, UNKNOWN, Modifier.PRIVATE)
                    .initializer("$T.of()", JavaTypes.LIST)
                    .build());
            copy.addStatement("this.$1L = from.$1L", UNKNOWN);
        }
        type.addMethod(
                MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build());
        type.addMethod(copy.build());
        for (Field field : scope.fields()) {
            type.addMethod(setter(field));
            if (isErrorCode(field)) {
                type.addMethod(errorCodeSetter(field));
            }
        }
        if (!scope.flexible().isNever()) {
            type.addMethod(unknownTaggedFieldsSetter());
        }
        return type.addMethod(build()).build();
    }

    private static boolean isErrorCode(Field field) {
        return field.type() == Primitive.INT16 && field.name().endsWith("ErrorCode");
    }

    private MethodSpec setter(Field field) {
        String name = field.javaName();
        MethodSpec.Builder setter = setter(field, scope.types().typeOf(field))
                .addJavadoc("Sets {@link $T#$L}: $L.\n", scope.type(), name, FieldDoc.of(scope, field));
        if (field.type() instanceof Array) {
            setter.addStatement(
                    field.isNullable()
                            ? "this.$1L = $1L == null ? null : $2T.copyOf($1L)"
                            : "this.$1L = $2T.copyOf($1L)",
                    name,
                    JavaTypes.LIST);
        } else if (field.isNullable() || scope.types().type(field.type()).isPrimitive()) {
            setter.addStatement("this.$1L = $1L", name);
        } else {
            setter.addStatement("this.$1L = $2T.requireNonNull($1L, $1S)", name, Objects.class);
        }
        return setter.addStatement("return this").build();
    }

    private MethodSpec errorCodeSetter(Field field) {
        return setter(field, JavaTypes.ERROR_CODE)
                .addJavadoc("Sets {@link $T#$L} to an error's number.\n", scope.type(), field.javaName())
                .addStatement("return $1L($1L.code())", field.javaName())
                .build();
    }

    private MethodSpec.Builder setter(Field field, TypeName type) {
        return MethodSpec.methodBuilder(field.javaName())
                .addModifiers(Modifier.PUBLIC)
                .returns(builder)
                .addParameter(type, field.javaName());
    }

    private MethodSpec unknownTaggedFieldsSetter() {
        return MethodSpec.methodBuilder(UNKNOWN)
                .addModifiers(Modifier.PUBLIC)
                .returns(builder)
                .addParameter(JavaTypes.UNKNOWN_TAGGED_FIELDS, UNKNOWN)
                .addJavadoc("Sets tagged fields that the definition does not know, in ascending order of tag.\n")
                .addStatement("this.$1L = $2T.copyOf($1L)", UNKNOWN, JavaTypes.LIST)
                .addStatement("return this")
                .build();
    }

    private MethodSpec build() {
        return MethodSpec.methodBuilder("build")
                .addModifiers(Modifier.PUBLIC)
                .returns(scope.type())
                .addJavadoc("A {@link $T} with the fields as they are now.\n", scope.type())
                .addStatement("return new $T(this)", scope.type())
                .build();
    }
}
