package io.brokkr.protocol.generator;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads one definition: JSON with comments, as Apache Kafka's {@code common/message/README.md} describes it. */
final class DefinitionReader {

    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.ALLOW_COMMENTS);

    private final Map<String, Struct> structs = new LinkedHashMap<>();

    private DefinitionReader() {}

    static Definition read(InputStream in) throws IOException {
        return new DefinitionReader().definition(JSON.readTree(in));
    }

    private Definition definition(JsonNode json) {
        String name = json.get("name").asText();
        Struct root = new Struct(name, fields(json));
        for (JsonNode struct : json.path("commonStructs")) {
            readStruct(struct.get("name").asText(), struct);
        }
        VersionRange versions = VersionRange.parse(json.get("validVersions").asText());
        boolean unstable = json.path("latestVersionUnstable").asBoolean();
        return new Definition(
                Definition.Kind.valueOf(
                        json.get("type").asText().replace('-', '_').toUpperCase(Locale.ROOT)),
                json.path("apiKey").asInt(-1),
                name,
                versions,
                unstable ? new VersionRange(versions.lowest(), versions.highest() - 1) : versions,
                VersionRange.parse(json.path("flexibleVersions").asText("none")),
                root,
                structs);
    }

    private List<Field> fields(JsonNode json) {
        List<Field> fields = new ArrayList<>();
        for (JsonNode field : json.path("fields")) {
            fields.add(field(field));
        }
        return fields;
    }

    private Field field(JsonNode json) {
        VersionRange tagged = VersionRange.parse(json.path("taggedVersions").asText("none"));
        VersionRange versions =
                json.has("versions") ? VersionRange.parse(json.get("versions").asText()) : tagged;
        Field field = new Field(
                json.get("name").asText(),
                FieldType.parse(json.get("type").asText()),
                versions,
                VersionRange.parse(json.path("nullableVersions").asText("none")).intersect(versions),
                tagged.intersect(versions),
                json.path("tag").asInt(-1),
                json.path("ignorable").asBoolean(),
                // A JSON null is no default at all; null as a default is the text "null".
                json.path("default").isNull() ? "" : json.path("default").asText(),
                json.has("flexibleVersions")
                        ? VersionRange.parse(json.get("flexibleVersions").asText())
                        : null);
        if (json.has("fields") && field.structName() != null) {
            readStruct(field.structName(), json);
        }
        return field;
    }

    private void readStruct(String name, JsonNode json) {
        if (structs.put(name, new Struct(name, fields(json))) != null) {
            throw new IllegalArgumentException("two structures are called " + name);
        }
    }
}
