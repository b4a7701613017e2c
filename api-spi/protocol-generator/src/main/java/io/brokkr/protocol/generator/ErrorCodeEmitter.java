package io.brokkr.protocol.generator;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.List;
import javax.lang.model.element.Modifier;

/** Writes the enumeration of the protocol's error codes. */
final class ErrorCodeEmitter {

    private final List<ErrorDefinition> errors;

    ErrorCodeEmitter(List<ErrorDefinition> errors) {
        this.errors = errors;
    }

    JavaFile file() {
        TypeSpec.Builder type = TypeSpec.enumBuilder(JavaTypes.ERROR_CODE)
                .addModifiers(Modifier.PUBLIC)
                .addJavadoc("The errors of the protocol, as the error codes in responses number them.\n");
        for (ErrorDefinition error : errors) {
            type.addEnumConstant(
                    error.name(),
                    TypeSpec.anonymousClassBuilder("$L, $L", error.code(), error.retriable())
                            .addJavadoc(
                                    "Error code $L$L.\n",
                                    error.code(),
                                    error.retriable() ? "; a client tries again" : "")
                            .build());
        }
        type.addField(FieldSpec.builder(TypeName.SHORT, "code", Modifier.PRIVATE, Modifier.FINAL)
                .build());
        type.addField(FieldSpec.builder(TypeName.BOOLEAN, "retriable", Modifier.PRIVATE, Modifier.FINAL)
                .build());
        type.addMethod(MethodSpec.constructorBuilder()
                .addParameter(TypeName.INT, "code")
                .addParameter(TypeName.BOOLEAN, "retriable")
                .addStatement("this.code = (short) code")
                .addStatement("this.retriable = retriable")
                .build());
        type.addMethod(accessor("code", TypeName.SHORT, "The number on the wire; 0 is no error."));
        type.addMethod(accessor(
                "retriable", TypeName.BOOLEAN, "Whether Kafka's clients take the error for one that may pass."));
        return SourceFolder.file(JavaTypes.PACKAGE, type.addMethod(forCode()).build());
    }

    private static MethodSpec accessor(String name, TypeName type, String doc) {
        return MethodSpec.methodBuilder(name)
                .addModifiers(Modifier.PUBLIC)
                .returns(type)
                .addJavadoc(doc + "\n")
                .addStatement("return this.$L", name)
                .build();
    }

    private MethodSpec forCode() {
        CodeBlock.Builder cases =
                CodeBlock.builder().add("return switch (code) {\n").indent();
        for (ErrorDefinition error : errors) {
            if (error.code() != ErrorDefinition.UNKNOWN) {
                cases.add("case $L -> $L;\n", error.code(), error.name());
            }
        }
        cases.add("default -> UNKNOWN_SERVER_ERROR;\n").unindent().add("};\n");
        return MethodSpec.methodBuilder("forCode")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .returns(JavaTypes.ERROR_CODE)
                .addParameter(TypeName.INT, "code")
                .addJavadoc("The error of a number; {@link #UNKNOWN_SERVER_ERROR} if nobody has given it a meaning.\n")
                .addCode(cases.build())
                .build();
    }
}
