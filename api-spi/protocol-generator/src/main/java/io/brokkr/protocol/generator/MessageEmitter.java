package io.brokkr.protocol.generator;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import io.brokkr.protocol.generator.FieldType.StructType;
import java.util.Map;
import javax.lang.model.element.Modifier;

/** Writes the class of a message, with the classes of its structures nested in it. */
final class MessageEmitter {

    private static final String DECODER = "RequestDecoder";

    private final Definition definition;
    private final StructScope scope;

    MessageEmitter(Definition definition, String javaPackage) {
        this.definition = definition;
        this.scope = StructScope.root(definition, ClassName.get(javaPackage, definition.name()));
    }

    JavaFile file() {
        TypeSpec.Builder type = TypeSpec.classBuilder(scope.type())
                .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
                .addSuperinterface(JavaTypes.MESSAGE)
                .addJavadoc(MessageDoc.of(definition));
        addConstants(type);
        addVersionMethods(type);
        new StructEmitter(scope).addTo(type);
        for (Map.Entry<Struct, VersionRange> used : definition.usedVersions().entrySet()) {
            if (!used.getKey().equals(definition.root())) {
                type.addType(nested(scope.nested(used.getKey(), used.getValue())));
            }
        }
        return SourceFolder.file(scope.type().packageName(), type.build());
    }

    private TypeSpec nested(StructScope nested) {
        TypeSpec.Builder type = TypeSpec.classBuilder(nested.type())
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
                .addJavadoc("A part of {@link $T}.\n", scope.type());
        if (isSomeDefault(nested.struct())) {
            StructEmitter.addDefault(nested, type);
        }
        new StructEmitter(nested).addTo(type);
        return type.build();
    }

    private boolean isSomeDefault(Struct struct) {
        return definition.usedVersions().keySet().stream()
                .flatMap(user -> user.fields().stream())
                .anyMatch(field -> field.type() instanceof StructType held
                        && held.name().equals(struct.name())
                        && !field.isNullByDefault());
    }

    private void addConstants(TypeSpec.Builder type) {
        if (definition.isRecord()) {
            type.addField(constant(TypeName.INT, "RECORD_TYPE", "The number of the record's type.")
                    .initializer("$L", definition.key())
                    .build());
        }
        type.addField(constant(TypeName.INT, "LOWEST_VERSION", "The lowest version of this message.")
                .initializer("$L", definition.versions().lowest())
                .build());
        type.addField(constant(TypeName.INT, "HIGHEST_VERSION", "The highest version of this message, stable or not.")
                .initializer("$L", definition.versions().highest())
                .build());
        if (definition.kind() == Definition.Kind.REQUEST) {
            type.addField(api());
            type.addType(decoder());
        }
    }

    /** A class of its own: a method reference takes several times as long to link, for each API that a broker serves, at each start. */
    private TypeSpec decoder() {
        return TypeSpec.classBuilder(DECODER)
                .addModifiers(Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                .addSuperinterface(ParameterizedTypeName.get(JavaTypes.API.nestedClass("Decoder"), scope.type()))
                .addMethod(MethodSpec.methodBuilder("read")
                        .addAnnotation(Override.class)
                        .addModifiers(Modifier.PUBLIC)
                        .returns(scope.type())
                        .addParameter(JavaTypes.READER, "reader")
                        .addParameter(TypeName.INT, "version")
                        .addStatement("return $T.read(reader, version)", scope.type())
                        .build())
                .build();
    }

    private FieldSpec api() {
        TypeName api = ParameterizedTypeName.get(JavaTypes.API, scope.type());
        VersionRange flexible = definition.flexibleVersions();
        return constant(api, "API", "The API that this message asks, with all its stable versions.")
                .initializer(
                        "new $T<>($L, $S, $L, $L, $L, $T.Headers.$L, new $L())",
                        JavaTypes.API,
                        definition.key(),
                        definition.apiName(),
                        definition.stableVersions().lowest(),
                        definition.stableVersions().highest(),
                        flexible.isEmpty()
                                ? CodeBlock.of("$T.MAX_VALUE", Integer.class)
                                : CodeBlock.of("$L", flexible.lowest()),
                        JavaTypes.API,
                        headers(),
                        DECODER)
                .build();
    }

    /** Two APIs break the rule of the headers, and the definitions do not tell. */
    private String headers() {
        return switch (definition.name()) {
            case "ApiVersionsRequest" -> "RESPONSE_ALWAYS_0";
            case "ControlledShutdownRequest" -> "REQUEST_0_AT_VERSION_0";
            default -> "REGULAR";
        };
    }

    private static FieldSpec.Builder constant(TypeName type, String name, String doc) {
        return FieldSpec.builder(type, name, Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
                .addJavadoc(doc + "\n");
    }

    private void addVersionMethods(TypeSpec.Builder type) {
        type.addMethod(MethodSpec.methodBuilder("read")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .returns(scope.type())
                .addParameter(JavaTypes.READER, "reader")
                .addParameter(TypeName.INT, "version")
                .addJavadoc("Reads such a message and leaves the reader behind its last byte.\n\n")
                .addJavadoc("@throws $T if the bytes are not such a message\n", JavaTypes.INVALID_MESSAGE)
                .addJavadoc("@throws $T if there is no such version\n", JavaTypes.UNSUPPORTED_VERSION)
                .addStatement("requireVersion(version)")
                .addStatement("return new $T(reader, version)", scope.type())
                .build());
        type.addMethod(limit("lowestVersion", "LOWEST_VERSION"));
        type.addMethod(limit("highestVersion", "HIGHEST_VERSION"));
        type.addMethod(MethodSpec.methodBuilder("requireVersion")
                .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
                .addParameter(TypeName.INT, "version")
                .beginControlFlow("if (version < LOWEST_VERSION || version > HIGHEST_VERSION)")
                .addStatement(
                        "throw $T.outOfRange($S, version, LOWEST_VERSION, HIGHEST_VERSION)",
                        JavaTypes.UNSUPPORTED_VERSION,
                        definition.name())
                .endControlFlow()
                .build());
        VersionTest flexible = scope.flexible();
        if (!flexible.isAlways() && !flexible.isNever()) {
            type.addMethod(MethodSpec.methodBuilder("flexible")
                    .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
                    .returns(TypeName.BOOLEAN)
                    .addParameter(TypeName.INT, "version")
                    .addStatement("return $L", flexible.expression())
                    .build());
        }
    }

    private static MethodSpec limit(String name, String constant) {
        return MethodSpec.methodBuilder(name)
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .returns(TypeName.INT)
                .addStatement("return $L", constant)
                .build();
    }
}
