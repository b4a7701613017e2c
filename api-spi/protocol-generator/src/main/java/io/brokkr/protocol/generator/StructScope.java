package io.brokkr.protocol.generator;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import java.util.List;

/**
 * All that an emitter must know about the structure that it writes.
 *
 * @param definition the message that the structure belongs to
 * @param struct the structure: the message's own fields, or one that is nested
 * @param versions the versions in which it is used
 * @param message the message's class
 * @param type the structure's class
 * @param types how fields look in Java
 */
record StructScope(
        Definition definition,
        Struct struct,
        VersionRange versions,
        ClassName message,
        ClassName type,
        JavaTypes types) {

    static StructScope root(Definition definition, ClassName message) {
        return new StructScope(
                definition, definition.root(), definition.versions(), message, message, new JavaTypes(message));
    }

    StructScope nested(Struct other, VersionRange otherVersions) {
        return new StructScope(definition, other, otherVersions, message, message.nestedClass(other.name()), types);
    }

    boolean isRoot() {
        return type.equals(message);
    }

    /** The fields that any of the versions has. */
    List<Field> fields() {
        return struct.fields().stream()
                .filter(field -> !field.versions().intersect(versions).isEmpty())
                .toList();
    }

    /** The fields that are tagged in any of the versions, in ascending order of tag. */
    List<Field> taggedFields() {
        return fields().stream()
                .filter(field -> !tagged(field).isNever())
                .sorted((one, other) -> Integer.compare(one.tag(), other.tag()))
                .toList();
    }

    VersionTest present(Field field) {
        return VersionTest.of(field.versions(), versions);
    }

    VersionTest untagged(Field field) {
        return VersionTest.of(field.untaggedVersions(), versions);
    }

    VersionTest tagged(Field field) {
        return VersionTest.of(field.taggedVersions(), versions);
    }

    /** Whether the field may be null, asked in a version that has it. */
    VersionTest nullable(Field field) {
        return VersionTest.of(field.nullableVersions(), field.versions().intersect(versions));
    }

    /** Whether the structure has tagged fields. */
    VersionTest flexible() {
        return VersionTest.of(definition.flexibleVersions(), versions);
    }

    /** An expression: whether the structure has tagged fields in {@code version}. */
    String flexibleExpression() {
        return expression(flexible());
    }

    /** An expression: whether the field is written in compact form in {@code version}, asked in a version that has it. */
    String compact(Field field) {
        VersionRange own = field.flexibleVersions();
        VersionRange compact = own == null
                ? definition.flexibleVersions()
                : definition.flexibleVersions().intersect(own);
        return expression(VersionTest.of(compact, field.versions().intersect(versions)));
    }

    private static String expression(VersionTest test) {
        return test.isAlways() || test.isNever() ? test.expression() : "flexible(version)";
    }

    CodeBlock defaultOf(Field field) {
        return types.defaultOf(field);
    }
}
