package io.brokkr.protocol.generator;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.List;
import javax.lang.model.element.Modifier;

/** Writes the class of a structure: what a message's own class and the classes nested in it have in common. */
final class StructEmitter {

    private static final String UNKNOWN = "unknownTaggedFields";

    private final StructScope scope;

    StructEmitter(StructScope scope) {
        this.scope = scope;
    }

    /** Adds fields, constructors and methods. */
    void addTo(TypeSpec.Builder type) {
        ReadEmitter read = new ReadEmitter(scope);
        for (Field field : scope.fields()) {
            type.addField(scope.types().typeOf(field), field.javaName(), Modifier.PRIVATE, Modifier.FINAL);
        }
        if (!scope.flexible().isNever()) {
            type.addField(JavaTypes.UNKNOWN_TAGGED_FIELDS, UNKNOWN, Modifier.PRIVATE, Modifier.FINAL);
        }
        type.addMethod(fromBuilder());
        type.addMethod(read.constructor());
        addBuilderMethods(type);
        for (Field field : scope.fields()) {
            type.addMethod(accessor(field));
        }
        addUnknownTaggedFields(type);
        type.addMethods(read.listMethods());
        addSizeAndWrite(type);
        type.addMethods(new RecordDataEmitter(scope).methods());
        type.addMethods(new ObjectMethodsEmitter(scope).methods());
        type.addType(new BuilderEmitter(scope).type());
    }

    private MethodSpec fromBuilder() {
        MethodSpec.Builder constructor = MethodSpec.constructorBuilder()
                .addModifiers(Modifier.PRIVATE)
                .addParameter(scope.type().nestedClass("Builder"), "builder");
        for (Field field : scope.fields()) {
            constructor.addStatement("this.$1L = builder.$1L", field.javaName());
        }
        if (!scope.flexible().isNever()) {
            constructor.addStatement("this.$1L = builder.$1L", UNKNOWN);
        }
        return constructor.build();
    }

    private void addBuilderMethods(TypeSpec.Builder type) {
        ClassName builder = scope.type().nestedClass("Builder");
        type.addMethod(MethodSpec.methodBuilder("builder")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .returns(builder)
                .addJavadoc("A builder in which every field has its default.\n")
                .addStatement("return new $T()", builder)
                .build());
        type.addMethod(MethodSpec.methodBuilder("toBuilder")
                .addModifiers(Modifier.PUBLIC)
                .returns(builder)
                .addJavadoc("A builder that starts from these fields.\n")
                .addStatement("return new $T(this)", builder)
                .build());
    }

    private MethodSpec accessor(Field field) {
        return MethodSpec.methodBuilder(field.javaName())
                .addModifiers(Modifier.PUBLIC)
                .returns(scope.types().typeOf(field))
                .addJavadoc("{@code $L}: $L.\n", field.name(), FieldDoc.of(scope, field))
                .addStatement("return this.$L", field.javaName())
                .build();
    }

    private void addUnknownTaggedFields(TypeSpec.Builder type) {
        boolean never = scope.flexible().isNever();
        if (never && !scope.isRoot()) {
            return;
        }
        MethodSpec.Builder method = MethodSpec.methodBuilder(UNKNOWN)
                .addModifiers(Modifier.PUBLIC)
                .returns(JavaTypes.UNKNOWN_TAGGED_FIELDS);
        if (scope.isRoot()) {
            method.addAnnotation(Override.class);
        } else {
            method.addJavadoc(
                    "The tagged fields that were read and are not in the definition, in ascending order of tag.\n");
        }
        method.addCode(
                never ? CodeBlock.of("return $T.of();\n", JavaTypes.LIST) : CodeBlock.of("return this.$L;\n", UNKNOWN));
        type.addMethod(method.build());
    }

    private void addSizeAndWrite(TypeSpec.Builder type) {
        SizeEmitter size = new SizeEmitter(scope);
        WriteEmitter write = new WriteEmitter(scope);
        MethodSpec.Builder encodedSize =
                MethodSpec.methodBuilder("encodedSize").returns(TypeName.INT).addParameter(TypeName.INT, "version");
        MethodSpec.Builder writeTo = MethodSpec.methodBuilder("write")
                .addParameter(JavaTypes.WRITER, "writer")
                .addParameter(TypeName.INT, "version");
        if (scope.isRoot()) {
            encodedSize.addAnnotation(Override.class).addModifiers(Modifier.PUBLIC);
            encodedSize.addStatement("requireVersion(version)");
            writeTo.addAnnotation(Override.class).addModifiers(Modifier.PUBLIC);
        } else {
            encodedSize.addModifiers(Modifier.PRIVATE);
            writeTo.addModifiers(Modifier.PRIVATE);
        }
        List<MethodSpec> refusal = new RefusalEmitter(scope).methods();
        if (!refusal.isEmpty()) {
            encodedSize.addStatement("$L(version)", RefusalEmitter.METHOD);
        }
        type.addMethods(refusal);
        type.addMethod(encodedSize.addCode(size.body()).build());
        type.addMethods(size.listMethods());
        type.addMethod(writeTo.addCode(write.body()).build());
        type.addMethods(write.listMethods());
    }

    /** Adds the constant that a field of this type holds unless it is set. */
    static void addDefault(StructScope scope, TypeSpec.Builder type) {
        type.addField(FieldSpec.builder(scope.type(), "DEFAULT", Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                .initializer("new $T(new Builder())", scope.type())
                .build());
    }
}
