package io.brokkr.protocol.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Definitions as they are published, and what becomes of those of two releases. */
class DefinitionsTest {

    private static final String NEWER =
            """
            // A comment above.
            {
              "apiKey": 3, "type": "request", "name": "PaintRequest",
              // Version 4 is still being thought about.
              "validVersions": "2-4", "latestVersionUnstable": true, "flexibleVersions": "3+",
              "fields": [
                { "name": "Walls", "type": "[]Wall", "versions": "0+", "fields": [
                  { "name": "Colour", "type": "string", "versions": "0+", "nullableVersions": "2+", "default": "null" }
                ]},
                { "name": "Coats", "type": "int32", "versions": "2+", "default": "0x10" },
                { "name": "Gloss", "type": "int8", "versions": "3+", "taggedVersions": "3+", "tag": 0, "default": null }
              ]
            }
            """;

    private static final String OLDER =
            """
            {
              "apiKey": 3, "type": "request", "name": "PaintWallsRequest", "validVersions": "0-2", "flexibleVersions": "none",
              "fields": [
                { "name": "Walls", "type": "[]Wall", "versions": "0+", "fields": [
                  { "name": "Number", "type": "int16", "versions": "0-1" },
                  { "name": "Colour", "type": "string", "versions": "0+" },
                  { "name": "Primer", "type": "bool", "versions": "1+" }
                ]},
                { "name": "Layers", "type": "int32", "versions": "2+", "ignorable": true },
                { "name": "Coats", "type": "int32", "versions": "2", "ignorable": true }
              ]
            }
            """;

    @Test
    void aDefinitionIsRead() throws IOException {
        Definition paint = read(NEWER);
        assertThat(paint.kind()).isEqualTo(Definition.Kind.REQUEST);
        assertThat(paint.apiName()).isEqualTo("Paint");
        assertThat(paint.versions()).hasToString("2-4");
        assertThat(paint.stableVersions()).hasToString("2-3");
        assertThat(paint.flexibleVersions()).hasToString("3+");
        assertThat(paint.root().fields()).extracting(Field::name).containsExactly("Walls", "Coats", "Gloss");
        Field colour = paint.structOf(paint.root().fields().get(0)).fields().get(0);
        assertThat(colour.javaName()).isEqualTo("colour");
        assertThat(colour.isNullByDefault()).isTrue();
        Field gloss = paint.root().fields().get(2);
        assertThat(gloss.untaggedVersions().isEmpty()).isTrue();
        assertThat(gloss.isNullable()).isFalse();
    }

    @Test
    void theNewerReleaseSpeaksWhereBothDo() throws IOException {
        Definition paint = DefinitionMerge.merge(read(NEWER), read(OLDER));
        assertThat(paint.name()).isEqualTo("PaintRequest");
        assertThat(paint.versions()).hasToString("0-4");
        assertThat(paint.stableVersions()).hasToString("0-3");
        assertThat(paint.root().fields()).extracting(Field::name).containsExactly("Walls", "Coats", "Gloss");
        assertThat(paint.root().fields().get(1).defaultText()).isEqualTo("0x10");
        assertThat(paint.root().fields().get(1).ignorable()).isTrue();
    }

    @Test
    void aFieldThatOnlyTheOlderHasKeepsItsPlaceInTheVersionsOfTheOlder() throws IOException {
        Definition paint = DefinitionMerge.merge(read(NEWER), read(OLDER));
        List<Field> wall = paint.structs().get("Wall").fields();
        assertThat(wall)
                .extracting(field -> field.name() + " " + field.versions())
                .containsExactly("Number 0-1", "Colour 0+", "Primer 1");
    }

    @Test
    void jarsAreJoinedByNumberAndWhatHasNoVersionIsLeftOut(@TempDir Path folder) throws IOException {
        Path newest = jar(folder.resolve("newest.jar"), NEWER);
        Path oldest = jar(folder.resolve("oldest.jar"), OLDER);
        assertThat(Definitions.read(List.of(newest, oldest)))
                .extracting(Definition::name)
                .containsExactly("PaintRequest");
        assertThat(Definitions.read(List.of(oldest)))
                .extracting(Definition::name)
                .containsExactly("PaintWallsRequest");
        Path none = jar(
                folder.resolve("none.jar"),
                "{'apiKey': 3, 'type': 'request', 'name': 'PaintRequest', 'validVersions': 'none'}".replace('\'', '"'));
        assertThat(Definitions.read(List.of(none))).isEmpty();
        assertThat(Definitions.read(List.of(none, oldest)))
                .extracting(Definition::name)
                .containsExactly("PaintWallsRequest");
    }

    @Test
    void anUnknownTypeIsSaidWithItsFile(@TempDir Path folder) throws IOException {
        Path jar = jar(folder.resolve("bad.jar"), NEWER.replace("int32", "int31"));
        assertThatThrownBy(() -> Definitions.read(List.of(jar)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("bad.jar")
                .hasMessageContaining("Definition.json")
                .hasMessageContaining("int31");
    }

    private static Definition read(String json) throws IOException {
        return DefinitionReader.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static Path jar(Path path, String json) throws IOException {
        try (OutputStream file = Files.newOutputStream(path);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(new ZipEntry("common/message/Definition.json"));
            zip.write(json.getBytes(StandardCharsets.UTF_8));
        }
        return path;
    }
}
