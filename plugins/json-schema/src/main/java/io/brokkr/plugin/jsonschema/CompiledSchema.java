package io.brokkr.plugin.jsonschema;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.ValidationLimitExceededException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A schema that was understood. Thread-safe. */
final class CompiledSchema {

    /** For one record. Some schemas and documents together take time that grows exponentially with the document. */
    private static final long MOST_STEPS = 1_000_000;

    private static final int LONGEST_REASON = 200;

    /** A name that comes twice would let consumers read what was not checked. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Schema schema;

    private CompiledSchema(Schema schema) {
        this.schema = schema;
    }

    /**
     * Reads a schema.
     *
     * @throws IllegalArgumentException if it is none, with the reason
     */
    static CompiledSchema of(String text) {
        // One for each schema: what they call themselves must not make them known to each other.
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder -> builder.schemaRegistryConfig(SchemaRegistryConfig.builder()
                        .locale(Locale.ENGLISH)
                        .failFast(true)
                        .executionContextCustomizer((context, ignored) ->
                                context.executionConfig(config -> config.maxEvaluationSteps(MOST_STEPS)))
                        .build()));
        try {
            JsonNode node = JSON.readTree(text);
            JsonNode dialect = node.path("$schema");
            Schema meta = registry.getSchema(SchemaLocation.of(
                    dialect.isMissingNode() ? SpecificationVersion.DRAFT_2020_12.getDialectId() : dialect.asString()));
            List<Error> errors = meta.validate(node);
            if (!errors.isEmpty()) {
                throw new IllegalArgumentException("a JSON Schema, and is none: " + reason(errors.get(0)));
            }
            Schema schema = registry.getSchema(text, InputFormat.JSON);
            // Else what it refers to is looked for when the first record comes.
            schema.initializeValidators();
            return new CompiledSchema(schema);
        } catch (JacksonException | SchemaException notUnderstood) {
            throw new IllegalArgumentException(
                    "a JSON Schema, and is none: " + shortened(notUnderstood.getMessage()), notUnderstood);
        }
    }

    /**
     * Why a document does not fit.
     *
     * @param document the bytes from position to limit
     * @return null if it fits, else the place, such as {@code /items/0/price}, and the reason
     */
    @Nullable
    String misfit(ByteBuffer document) {
        byte[] bytes = new byte[document.remaining()];
        document.get(document.position(), bytes);
        try {
            JsonNode node = JSON.readTree(bytes);
            if (node.isMissingNode()) {
                return ": is no JSON: it is empty";
            }
            List<Error> errors = schema.validate(node);
            return errors.isEmpty() ? null : reason(errors.get(0));
        } catch (JacksonException malformed) {
            return ": is no JSON: " + shortened(malformed.getOriginalMessage());
        } catch (ValidationLimitExceededException tooLong) {
            return ": takes more than " + MOST_STEPS + " steps to check";
        }
    }

    private static String reason(Error error) {
        return shortened(error.getInstanceLocation() + ": " + error.getMessage());
    }

    /** In one line. */
    private static String shortened(@Nullable String reason) {
        String line = String.valueOf(reason).replaceAll("\\s+", " ");
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "…";
    }
}
