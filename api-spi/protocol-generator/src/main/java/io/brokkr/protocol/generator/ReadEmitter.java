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

/** Writes how a structure is read: a constructor, and a method for each list. */
final class ReadEmitter {

    private final StructScope scope;

    ReadEmitter(StructScope scope) {
        this.scope = scope;
    }

    MethodSpec constructor() {
        MethodSpec.Builder constructor = MethodSpec.constructorBuilder()
                .addModifiers(Modifier.PRIVATE)
                .addParameter(JavaTypes.READER, "reader")
                .addParameter(TypeName.INT, "version");
        for (Field field : scope.fields()) {
            if (scope.tagged(field).isNever()) {
                constructor.addStatement("this.$L = $L", field.javaName(), orDefault(field));
            } else {
                constructor.addStatement("$T $L = $L", scope.types().typeOf(field), field.javaName(), orDefault(field));
            }
        }
        constructor.addCode(taggedFields());
        return constructor.build();
    }

    private CodeBlock orDefault(Field field) {
        VersionTest test = scope.untagged(field);
        if (test.isNever()) {
            return scope.defaultOf(field);
        }
        return test.isAlways()
                ? value(field, "readPresence")
                : CodeBlock.of("$L ? $L : $L", test.expression(), value(field, "readPresence"), scope.defaultOf(field));
    }

    private CodeBlock taggedFields() {
        CodeBlock.Builder code = CodeBlock.builder();
        List<Field> tagged = scope.taggedFields();
        if (scope.flexible().isNever()) {
            return code.build();
        }
        if (tagged.isEmpty()) {
            CodeBlock read = CodeBlock.of("reader.readUnknownTaggedFields()");
            if (!scope.flexible().isAlways()) {
                read = CodeBlock.of("$L ? $L : $T.of()", scope.flexibleExpression(), read, JavaTypes.LIST);
            }
            return code.addStatement("this.unknownTaggedFields = $L", read).build();
        }
        code.addStatement("$T unknownTaggedFields = $T.of()", JavaTypes.UNKNOWN_TAGGED_FIELDS, JavaTypes.LIST);
        if (!scope.flexible().isAlways()) {
            code.beginControlFlow("if ($L)", scope.flexibleExpression());
        }
        code.addStatement("int taggedFields = reader.readTaggedFieldCount()");
        code.beginControlFlow("for (int index = 0; index < taggedFields; index++)");
        code.addStatement("int tag = reader.readTag()");
        code.addStatement("int end = reader.readTaggedFieldEnd()");
        code.beginControlFlow("if ($L)", isTag(tagged.get(0)));
        for (Field field : tagged) {
            if (!field.equals(tagged.get(0))) {
                code.nextControlFlow("else if ($L)", isTag(field));
            }
            code.addStatement("$L = $L", field.javaName(), value(field, "readTaggedPresence"));
        }
        code.nextControlFlow("else");
        code.addStatement("unknownTaggedFields = reader.readUnknownTaggedField(unknownTaggedFields, tag, end)");
        code.endControlFlow();
        code.addStatement("reader.expectPosition(end)");
        code.endControlFlow();
        if (!scope.flexible().isAlways()) {
            code.endControlFlow();
        }
        for (Field field : tagged) {
            code.addStatement("this.$1L = $1L", field.javaName());
        }
        return code.addStatement("this.unknownTaggedFields = unknownTaggedFields")
                .build();
    }

    private String isTag(Field field) {
        VersionTest everyFlexible = VersionTest.of(
                field.taggedVersions(),
                scope.versions().intersect(scope.definition().flexibleVersions()));
        return "tag == " + field.tag() + (everyFlexible.isAlways() ? "" : " && " + everyFlexible.expression());
    }

    private CodeBlock value(Field field, String readPresence) {
        String name = field.javaName();
        if (field.type() instanceof Array) {
            return CodeBlock.of("$L(reader, version)", MethodNames.read(field));
        }
        if (field.type() instanceof StructType) {
            CodeBlock read =
                    CodeBlock.of("new $T(reader, version)", scope.types().type(field.type()));
            VersionTest nullable = scope.nullable(field);
            if (nullable.isNever()) {
                return read;
            }
            if (!nullable.isAlways()) {
                throw new IllegalArgumentException(name + ": a structure that is nullable in some versions only");
            }
            return CodeBlock.of("reader.$L() ? $L : null", readPresence, read);
        }
        Primitive primitive = (Primitive) field.type();
        VersionTest nullable = scope.nullable(field);
        if (nullable.isAlways() || nullable.isNever()) {
            return primitive(primitive, nullable.isAlways(), scope.compact(field));
        }
        return CodeBlock.of(
                "($L ? $L : $L)",
                nullable.expression(),
                primitive(primitive, true, scope.compact(field)),
                primitive(primitive, false, scope.compact(field)));
    }

    private static CodeBlock primitive(Primitive primitive, boolean nullable, String compact) {
        String name = MethodNames.suffix(primitive);
        return primitive.sizeInBytes() == FieldType.VARIABLE
                ? CodeBlock.of("reader.read$L$L($L)", nullable ? "Nullable" : "", name, compact)
                : CodeBlock.of("reader.read$L()", name);
    }

    /** The methods that read the lists. */
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
        VersionTest nullable = scope.nullable(field);
        MethodSpec.Builder method = MethodSpec.methodBuilder(MethodNames.read(field))
                .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
                .returns(
                        nullable.isNever()
                                ? scope.types().type(field.type())
                                : scope.types().typeOf(field))
                .addParameter(JavaTypes.READER, "reader")
                .addParameter(TypeName.INT, "version");
        CodeBlock size = CodeBlock.of(
                "($L, $L)",
                scope.compact(field),
                new SmallestSize(scope.definition())
                        .ofElement(element, field.versions().intersect(scope.versions())));
        if (nullable.isAlways()) {
            method.addStatement("int length = reader.readNullableArrayLength$L", size);
        } else if (nullable.isNever()) {
            method.addStatement("int length = reader.readArrayLength$L", size);
        } else {
            method.addStatement(
                    "int length = $1L ? reader.readNullableArrayLength$2L : reader.readArrayLength$2L",
                    nullable.expression(),
                    size);
        }
        if (!nullable.isNever()) {
            method.beginControlFlow("if (length < 0)")
                    .addStatement("return null")
                    .endControlFlow();
        }
        TypeName type = scope.types().type(element).box();
        method.addStatement("$1T[] elements = new $1T[length]", type);
        method.beginControlFlow("for (int index = 0; index < length; index++)");
        method.addStatement("elements[index] = $L", element(field, element));
        method.endControlFlow();
        return method.addStatement("return $T.of(elements)", JavaTypes.LIST).build();
    }

    private CodeBlock element(Field field, FieldType element) {
        return element instanceof Primitive primitive
                ? primitive(primitive, false, scope.compact(field))
                : CodeBlock.of("new $T(reader, version)", scope.types().type(element));
    }
}
