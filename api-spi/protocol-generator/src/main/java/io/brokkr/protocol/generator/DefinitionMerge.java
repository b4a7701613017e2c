package io.brokkr.protocol.generator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Joins what two releases say about the same message.
 *
 * <p>Where both know a version, the newer speaks. A field that only the older has counts for the versions that only the older has, and
 * stands behind the field that it follows there.
 */
final class DefinitionMerge {

    private final Definition newer;
    private final Definition older;
    private final VersionRange olderOnly;

    private DefinitionMerge(Definition newer, Definition older) {
        this.newer = newer;
        this.older = older;
        this.olderOnly = older.versions().minus(newer.versions());
    }

    static Definition merge(Definition newer, Definition older) {
        if (newer.versions().isEmpty()) {
            return older;
        }
        if (older.versions().isEmpty()) {
            return newer;
        }
        return new DefinitionMerge(newer, older).merge();
    }

    private Definition merge() {
        Map<String, Struct> structs = new LinkedHashMap<>(older.structs());
        newer.structs()
                .forEach((name, struct) ->
                        structs.put(name, merge(struct, older.structs().get(name))));
        return new Definition(
                        newer.kind(),
                        newer.key(),
                        newer.name(),
                        newer.versions().union(older.versions()),
                        newer.stableVersions().union(older.stableVersions()),
                        newer.flexibleVersions(),
                        merge(newer.root(), older.root()),
                        structs)
                .withUsedStructs();
    }

    private Struct merge(Struct struct, @Nullable Struct olderStruct) {
        if (olderStruct == null) {
            return struct;
        }
        List<Field> fields = new ArrayList<>(struct.fields());
        int place = 0;
        for (Field field : olderStruct.fields()) {
            int same = indexOf(fields, field.name());
            if (same >= 0) {
                fields.set(same, fields.get(same).orIgnorable(field.ignorable()));
                place = same + 1;
            } else if (!field.versions().intersect(olderOnly).isEmpty()) {
                fields.add(place++, field.withVersions(field.versions().intersect(olderOnly)));
            }
        }
        return new Struct(struct.name(), fields);
    }

    private static int indexOf(List<Field> fields, String name) {
        for (int index = 0; index < fields.size(); index++) {
            if (fields.get(index).name().equals(name)) {
                return index;
            }
        }
        return -1;
    }
}
