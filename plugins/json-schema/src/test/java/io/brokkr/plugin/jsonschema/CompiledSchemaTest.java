package io.brokkr.plugin.jsonschema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompiledSchemaTest {

    private static final CompiledSchema ORDER = CompiledSchema.of(
            """
            {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer", "minimum": 0}, "lines": {
              "type": "array", "items": {"$ref": "#/$defs/line"}}}, "$defs": {"line": {"type": "string"}}}""");

    private static String misfit(CompiledSchema schema, String document) {
        return schema.misfit(ByteBuffer.wrap(document.getBytes(StandardCharsets.UTF_8)));
    }

    @Property(tries = 300)
    void whatTheSchemaAsksIsWhatFits(
            @ForAll int id, @ForAll boolean named, @ForAll String line, @ForAll boolean quoted) {
        String text = line.replaceAll("[\\p{Cntrl}\"\\\\\\p{Cs}]", "");
        String document = "{\"" + (named ? "id" : "no") + "\": " + id + ", \"lines\": ["
                + (quoted ? "\"" + text + "\"" : "1") + "]}";
        assertThat(misfit(ORDER, document) == null).as(document).isEqualTo(named && id >= 0 && quoted);
    }

    @Property(tries = 300)
    void anyBytesAreJudged(@ForAll byte[] bytes) {
        String reason = ORDER.misfit(ByteBuffer.wrap(bytes));
        assertThat(reason).isNotNull().doesNotContain("\n").hasSizeLessThan(300);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                          | : required property 'id' not found",
                "{\"id\": \"a\"}             | /id: string found, integer expected",
                "{\"id\": 1, \"lines\": [\"a\", 2]} | /lines/1: integer found, string expected",
                "[]                          | : array found, object expected",
                "{\"id\": 1} {\"id\": 2}     | : is no JSON: ",
                "{\"id\": 1, \"id\": 2}      | : is no JSON: ",
                "''                          | : is no JSON: it is empty",
                "{                           | : is no JSON: ",
            })
    void thePlaceAndTheReasonAreTold(String document, String reason) {
        assertThat(misfit(ORDER, document)).startsWith(reason.strip());
    }

    @Test
    void bytesThatAreNoUtf8AreNoJson() {
        byte[] document = "{\"id\": 1, \"x\": \"?\"}".getBytes(StandardCharsets.ISO_8859_1);
        document[document.length - 3] = (byte) 0xFF;
        assertThat(ORDER.misfit(ByteBuffer.wrap(document))).startsWith(": is no JSON: ");
    }

    @Test
    void aDocumentThatIsDeeperThanAnyStackIsRefused() {
        CompiledSchema recursive = CompiledSchema.of("{\"items\": {\"$ref\": \"#\"}}");
        assertThat(misfit(recursive, "[".repeat(100_000) + "]".repeat(100_000))).startsWith(": is no JSON: ");
    }

    /** Two ways at each level: twice the time for each one more. */
    @Test
    void aDocumentThatWouldTakeForEverIsRefused() {
        CompiledSchema exponential = CompiledSchema.of(
                """
                {"anyOf": [{"type": "array", "items": {"$ref": "#"}}, {"type": "array", "items": {"$ref": "#"}}]}""");
        assertThat(misfit(exponential, "[".repeat(60) + "1" + "]".repeat(60)))
                .isEqualTo(": takes more than 1000000 steps to check");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://json-schema.org/draft-04/schema#",
                "http://json-schema.org/draft-06/schema#",
                "http://json-schema.org/draft-07/schema#",
                "https://json-schema.org/draft/2019-09/schema",
                "https://json-schema.org/draft/2020-12/schema"
            })
    void everyDraftIsUnderstood(String draft) {
        CompiledSchema schema =
                CompiledSchema.of("{\"$schema\": \"" + draft + "\", \"properties\": {\"a\": {\"type\": \"string\"}}}");
        assertThat(misfit(schema, "{\"a\": \"b\"}")).isNull();
        assertThat(misfit(schema, "{\"a\": 1}")).isEqualTo("/a: integer found, string expected");
        assertThatThrownBy(() -> CompiledSchema.of("{\"$schema\": \"" + draft + "\", \"properties\": 1}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/properties: integer found, object expected");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "order.json",
                "[]",
                "1",
                "{\"type\": \"number",
                "{\"type\": \"no such type\"}",
                "{\"pattern\": \"[\"}",
                "{\"$ref\": \"#/nowhere\"}",
                "{\"properties\": {\"a\": {\"$ref\": \"http://localhost:1/elsewhere.json\"}}}",
                "{\"$ref\": \"file:///etc/passwd\"}",
                "{\"$schema\": \"http://localhost:1/my-own\"}",
                "{\"$schema\": 7}"
            })
    void whatIsNoSchemaIsRefused(String text) {
        assertThatThrownBy(() -> CompiledSchema.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a JSON Schema, and is none: ");
    }
}
