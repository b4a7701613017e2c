package io.brokkr.protocol.generator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A message with all that the protocol says about it.
 *
 * @param kind what the message is for
 * @param key the API key of a request or a response, the record type of a coordinator's record, else -1
 * @param name the name as the definition has it, for example {@code ProduceRequest}
 * @param versions the versions that the message has, unstable ones included
 * @param stableVersions the versions that may be served
 * @param flexibleVersions the versions with compact and tagged fields (KIP-482)
 * @param root the message's own fields
 * @param structs the structures in it by name, in the order in which they are first used
 */
public record Definition(
        Kind kind,
        int key,
        String name,
        VersionRange versions,
        VersionRange stableVersions,
        VersionRange flexibleVersions,
        Struct root,
        Map<String, Struct> structs) {

    /** What a message is for. */
    public enum Kind {
        /** What a client sends. */
        REQUEST,
        /** What a broker answers. */
        RESPONSE,
        /** What precedes a request or a response. */
        HEADER,
        /** What travels inside of other messages or of records. */
        DATA,
        /** The key of a record that a coordinator keeps. */
        COORDINATOR_KEY,
        /** The value of a record that a coordinator keeps. */
        COORDINATOR_VALUE,
        /** A record of the controllers. */
        METADATA
    }

    /** Whether the message is a record, which is known by a type. */
    public boolean isRecord() {
        return kind == Kind.COORDINATOR_KEY || kind == Kind.COORDINATOR_VALUE || kind == Kind.METADATA;
    }

    /** The API's name: the message's without {@code Request} or {@code Response}. */
    public String apiName() {
        return name.replaceFirst("(Request|Response)$", "");
    }

    /** The structure that a field holds, one or many of. */
    public Struct structOf(Field field) {
        Struct struct = structs.get(field.structName());
        if (struct == null) {
            throw new IllegalArgumentException(name + " has no structure for the field " + field.name());
        }
        return struct;
    }

    /** The message's own fields, then every structure, each with the versions in which it is used. */
    public Map<Struct, VersionRange> usedVersions() {
        Map<Struct, VersionRange> used = new LinkedHashMap<>();
        collectUses(root, versions, used);
        return used;
    }

    private void collectUses(Struct struct, VersionRange within, Map<Struct, VersionRange> used) {
        used.merge(struct, within, VersionRange::span);
        for (Field field : struct.fields()) {
            if (field.structName() != null) {
                collectUses(structOf(field), within.intersect(field.versions()), used);
            }
        }
    }

    /** The same definition with only those structures that a field holds, in the order in which they are first used. */
    Definition withUsedStructs() {
        Map<String, Struct> used = new LinkedHashMap<>();
        List<Struct> open = new ArrayList<>(List.of(root));
        while (!open.isEmpty()) {
            for (Field field : open.remove(0).fields()) {
                if (field.structName() != null && used.put(field.structName(), structOf(field)) == null) {
                    open.add(structOf(field));
                }
            }
        }
        return new Definition(kind, key, name, versions, stableVersions, flexibleVersions, root, used);
    }
}
