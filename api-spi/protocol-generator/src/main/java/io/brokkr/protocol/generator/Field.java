package io.brokkr.protocol.generator;

import org.jspecify.annotations.Nullable;

/**
 * A field of a message or of a structure.
 *
 * @param name the name as the definition has it, for example {@code TopicData}
 * @param type what it holds
 * @param versions the versions that have the field
 * @param nullableVersions the versions in which it may be null
 * @param taggedVersions the versions in which it is a tagged field
 * @param tag its tag, if there are such versions
 * @param ignorable whether a value other than the default is dropped, not refused, at a version without the field
 * @param defaultText the default as the definition has it: empty for the type's own default, {@code null} for null
 * @param flexibleVersions where the definition overrides it, the versions in which the field is written in compact form
 */
public record Field(
        String name,
        FieldType type,
        VersionRange versions,
        VersionRange nullableVersions,
        VersionRange taggedVersions,
        int tag,
        boolean ignorable,
        String defaultText,
        @Nullable VersionRange flexibleVersions) {

    /** The name in Java: {@code topicData}. */
    public String javaName() {
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    /** The versions that have the field in its place, not tagged. */
    public VersionRange untaggedVersions() {
        return versions.minus(taggedVersions);
    }

    /** Whether there is any version in which the field may be null, or null is what it is by default. */
    public boolean isNullable() {
        return !nullableVersions.isEmpty() || isNullByDefault();
    }

    /** Whether the field is null unless it is set. */
    public boolean isNullByDefault() {
        return defaultText.equals("null") || (type == FieldType.Primitive.RECORDS && !nullableVersions.isEmpty());
    }

    /** The name of the structure that the field holds, one or many of, or null. */
    public @Nullable String structName() {
        FieldType held = type instanceof FieldType.Array array ? array.element() : type;
        return held instanceof FieldType.StructType struct ? struct.name() : null;
    }

    /** The same field in other versions. */
    Field withVersions(VersionRange other) {
        return new Field(
                name,
                type,
                other,
                nullableVersions,
                taggedVersions.intersect(other),
                tag,
                ignorable,
                defaultText,
                flexibleVersions);
    }

    /** The same field, ignorable if it is here or there. */
    Field orIgnorable(boolean there) {
        return new Field(
                name,
                type,
                versions,
                nullableVersions,
                taggedVersions,
                tag,
                ignorable || there,
                defaultText,
                flexibleVersions);
    }
}
