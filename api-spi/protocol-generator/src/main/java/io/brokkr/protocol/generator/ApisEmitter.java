package io.brokkr.protocol.generator;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import com.palantir.javapoet.WildcardTypeName;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import javax.lang.model.element.Modifier;

/** Writes the list of all APIs. */
final class ApisEmitter {

    private static final TypeName ANY_API =
            ParameterizedTypeName.get(JavaTypes.API, WildcardTypeName.subtypeOf(Object.class));

    private final List<Definition> requests;
    private final String messagePackage;

    ApisEmitter(List<Definition> definitions, String messagePackage) {
        this.requests = definitions.stream()
                .filter(definition -> definition.kind() == Definition.Kind.REQUEST)
                .sorted(Comparator.comparingInt(Definition::key))
                .toList();
        this.messagePackage = messagePackage;
    }

    JavaFile file() {
        return SourceFolder.file(
                JavaTypes.PACKAGE,
                TypeSpec.classBuilder("Apis")
                        .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
                        .addJavadoc(
                                "The APIs of the definitions, by key. Classes of messages are loaded one by one as they are asked for.\n")
                        .addMethod(MethodSpec.constructorBuilder()
                                .addModifiers(Modifier.PRIVATE)
                                .build())
                        .addMethod(forKey())
                        .addMethod(keys())
                        .build());
    }

    private MethodSpec forKey() {
        CodeBlock.Builder cases =
                CodeBlock.builder().add("return switch (key) {\n").indent();
        for (Definition request : requests) {
            cases.add("case $L -> $T.API;\n", request.key(), ClassName.get(messagePackage, request.name()));
        }
        cases.add("default -> null;\n").unindent().add("};\n");
        return MethodSpec.methodBuilder("forKey")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .returns(ANY_API.annotated(
                        AnnotationSpec.builder(JavaTypes.NULLABLE).build()))
                .addParameter(TypeName.INT, "key")
                .addJavadoc(
                        "The API of a key with all its stable versions, or null if the definitions have no such key.\n")
                .addCode(cases.build())
                .build();
    }

    private MethodSpec keys() {
        int last = requests.get(requests.size() - 1).key();
        boolean gapless =
                IntStream.rangeClosed(0, last).allMatch(key -> requests.get(key).key() == key);
        if (!gapless) {
            throw new IllegalArgumentException("the keys of the APIs have gaps");
        }
        return MethodSpec.methodBuilder("highestKey")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .returns(TypeName.INT)
                .addJavadoc("The highest key; every key from 0 to this one has an API.\n")
                .addStatement("return $L", last)
                .build();
    }
}
