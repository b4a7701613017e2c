package io.brokkr.plugin.jsonschema;

import io.brokkr.protocol.record.Record;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.Setting;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicSetting;
import io.brokkr.spi.record.RecordInterceptor;
import io.brokkr.spi.record.RecordInterceptorFactory;
import io.brokkr.spi.record.RecordInterceptors;
import io.brokkr.spi.record.Verdict;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Refuses records that do not fit the schemas of their topic, and withholds those that are there already. */
public final class JsonSchemaInterceptors implements RecordInterceptorFactory {

    static final TopicSetting<Optional<CompiledSchema>> KEY = schemaOf("key");
    static final TopicSetting<Optional<CompiledSchema>> VALUE = schemaOf("value");

    /** For {@link java.util.ServiceLoader}. */
    public JsonSchemaInterceptors() {}

    private static TopicSetting<Optional<CompiledSchema>> schemaOf(String part) {
        return new TopicSetting<>(
                "json.schema." + part,
                Setting.Type.STRING,
                "",
                "The JSON Schema that the " + part
                        + " of each record has to fit, as JSON text; drafts 4 to 2020-12, the last one if"
                        + " there is no $schema. It may refer to parts of itself only. Empty: anything fits. A " + part
                        + " that is null always does. It needs json-schema in record.interceptors"
                        + " or record.interceptors.fetch.",
                text -> text.isEmpty() ? Optional.empty() : Optional.of(CompiledSchema.of(text)),
                List.of());
    }

    @Override
    public String name() {
        return "json-schema";
    }

    @Override
    public List<TopicSetting<?>> topicSettings() {
        return List.of(KEY, VALUE);
    }

    @Override
    public RecordInterceptors create(BrokerServices broker) {
        return new RecordInterceptors() {
            @Override
            public @Nullable RecordInterceptor onProduce(Topic topic) {
                return schemasOf(topic);
            }

            @Override
            public @Nullable RecordInterceptor onFetch(Topic topic) {
                return schemasOf(topic);
            }
        };
    }

    private static @Nullable RecordInterceptor schemasOf(Topic topic) {
        Configuration settings = topic.configuration();
        CompiledSchema key = settings.get(KEY).orElse(null);
        CompiledSchema value = settings.get(VALUE).orElse(null);
        return key == null && value == null ? null : batch -> batch.forEach(record -> judge(record, key, value));
    }

    private static Verdict judge(Record record, @Nullable CompiledSchema key, @Nullable CompiledSchema value) {
        String reason = misfit("key", key, record.key());
        if (reason == null) {
            reason = misfit("value", value, record.value());
        }
        return reason == null ? Verdict.accept() : Verdict.refuse(reason);
    }

    private static @Nullable String misfit(String part, @Nullable CompiledSchema schema, @Nullable ByteBuffer bytes) {
        String reason = schema == null || bytes == null ? null : schema.misfit(bytes);
        return reason == null ? null : part + reason;
    }
}
