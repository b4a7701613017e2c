package io.brokkr.protocol.generator;

import io.brokkr.protocol.generator.FieldType.Array;
import io.brokkr.protocol.generator.FieldType.Primitive;
import io.brokkr.protocol.generator.FieldType.StructType;
import java.util.ArrayList;
import java.util.List;

/** Says in words what the definition says about a field. */
final class FieldDoc {

    private FieldDoc() {}

    /** Type, versions, null and default, for example {@code int32, versions 4 and above, default -1}. */
    static String of(StructScope scope, Field field) {
        VersionRange all = scope.versions();
        List<String> parts = new ArrayList<>();
        parts.add(field.type().toString());
        parts.add(versions(field.versions(), all));
        if (!field.taggedVersions().intersect(all).isEmpty()) {
            String tagged = "tag " + field.tag();
            parts.add(
                    field.taggedVersions().contains(field.versions())
                            ? tagged
                            : tagged + " in " + versions(field.taggedVersions(), all));
        }
        if (!field.nullableVersions().isEmpty()) {
            parts.add(
                    field.nullableVersions().contains(field.versions())
                            ? "may be null"
                            : "may be null in " + versions(field.nullableVersions(), all));
        }
        parts.add("default " + defaultValue(field));
        if (field.ignorable() && !scope.present(field).isAlways()) {
            parts.add("dropped where a version lacks it");
        }
        return String.join(", ", parts);
    }

    static String versions(VersionRange range, VersionRange within) {
        VersionRange versions = range.intersect(within);
        if (versions.equals(within)) {
            return "all versions";
        }
        if (versions.lowest() == versions.highest()) {
            return "version " + versions.lowest();
        }
        if (versions.highest() == within.highest()) {
            return "versions " + versions.lowest() + " and above";
        }
        return "versions " + versions.lowest() + " to " + versions.highest();
    }

    private static String defaultValue(Field field) {
        if (field.isNullByDefault()) {
            return "null";
        }
        if (!field.defaultText().isEmpty()) {
            return field.defaultText();
        }
        if (field.type() instanceof Array || field.type() instanceof StructType) {
            return field.type() instanceof Array ? "an empty list" : "all its fields' defaults";
        }
        return switch ((Primitive) field.type()) {
            case BOOL -> "false";
            case STRING, BYTES, RECORDS -> "empty";
            case UUID -> "all zero";
            default -> "0";
        };
    }
}
