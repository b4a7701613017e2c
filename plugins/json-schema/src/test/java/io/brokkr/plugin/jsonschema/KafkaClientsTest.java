package io.brokkr.plugin.jsonschema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.plugin.apiversions.ApiVersionsHandlers;
import io.brokkr.plugin.fetch.FetchHandlers;
import io.brokkr.plugin.metadata.MetadataHandlers;
import io.brokkr.plugin.produce.ProduceHandlers;
import io.brokkr.plugin.topicadmin.TopicAdminHandlers;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users of Kafka's own clients see of a topic with a schema. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaClientsTest {

    private static final String ID = "{\"type\": \"object\", \"required\": [\"id\"]}";
    private static final String REFUSED = "value: required property 'id' not found";

    private EmbeddedBroker broker;
    private Admin admin;
    private int topics;

    @BeforeAll
    void start() {
        broker = EmbeddedBroker.builder()
                .extension(MemoryStorageEngineFactory::new)
                .extension(ApiVersionsHandlers::new)
                .extension(MetadataHandlers::new)
                .extension(TopicAdminHandlers::new)
                .extension(ProduceHandlers::new)
                .extension(FetchHandlers::new)
                .extension(JsonSchemaInterceptors::new)
                .start();
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    @AfterAll
    void stop() {
        admin.close();
        broker.close();
    }

    private String topic(Map<String, String> settings) throws Exception {
        String name = "topic-" + topics++;
        get(admin.createTopics(List.of(new NewTopic(name, Optional.of(1), Optional.empty()).configs(settings)))
                .all()
                .toCompletionStage()
                .toCompletableFuture());
        return name;
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.get(40, TimeUnit.SECONDS);
    }

    private List<Future<RecordMetadata>> send(String topic, @Nullable String key, @Nullable String... values) {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", 60_000);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            List<Future<RecordMetadata>> answers = new ArrayList<>();
            for (String value : values) {
                answers.add(producer.send(new ProducerRecord<>(topic, key, value)));
            }
            producer.flush();
            return answers;
        }
    }

    private static Throwable failure(Future<RecordMetadata> answer) {
        try {
            get(answer);
            throw new AssertionError("it was taken");
        } catch (ExecutionException failure) {
            return failure.getCause();
        } catch (Exception unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    @Test
    void eachRecordsOwnReasonComesToItsSender() throws Exception {
        String topic = topic(Map.of("record.interceptors", "json-schema", "json.schema.value", ID));
        List<Future<RecordMetadata>> answers =
                send(topic, null, "{\"id\": 1}", "{\"no\": 1}", "{\"id\": 2}", "certainly not");
        assertThat(failure(answers.get(1)))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessage(REFUSED);
        assertThat(failure(answers.get(3)))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageStartingWith("value: is no JSON: ");
        assertThat(failure(answers.get(0))).isInstanceOf(KafkaException.class).hasMessageContaining("part of a batch");
        assertThat(failure(answers.get(2))).isInstanceOf(KafkaException.class);

        answers = send(topic, null, "{\"id\": 1}", "{\"id\": 2}", null);
        for (int i = 0; i < 3; i++) {
            assertThat(get(answers.get(i)).offset()).isEqualTo(i);
        }
    }

    @Test
    void keysHaveASchemaOfTheirOwn() throws Exception {
        String topic =
                topic(Map.of("record.interceptors", "json-schema", "json.schema.key", "{\"type\": \"integer\"}"));
        assertThat(failure(send(topic, "\"a\"", "anything").get(0))).hasMessage("key: string found, integer expected");
        get(send(topic, "12", "anything").get(0));
        get(send(topic, null, "anything").get(0));
    }

    @Test
    void aTopicWithoutSchemaTakesAnything() throws Exception {
        get(send(topic(Map.of("record.interceptors", "json-schema")), null, "certainly not")
                .get(0));
        get(send(topic(Map.of()), null, "certainly not").get(0));
    }

    @Test
    void aSchemaCanBeGivenAndTakenWhileRecordsCome() throws Exception {
        String topic = topic(Map.of());
        get(send(topic, null, "anything").get(0));
        alter(topic, AlterConfigOp.OpType.SET, "record.interceptors", "json-schema", "json.schema.value", ID);
        assertThat(failure(send(topic, null, "{}").get(0))).hasMessage(REFUSED);
        alter(topic, AlterConfigOp.OpType.DELETE, "record.interceptors", "", "json.schema.value", "");
        get(send(topic, null, "anything").get(0));
    }

    /** Of what was there before the schema, consumers see what fits, at the offsets where it is. */
    @Test
    void whatDoesNotFitIsNotShown() throws Exception {
        String topic = topic(Map.of());
        get(send(topic, null, "certainly not", "{\"id\": 1}", "{}", "{\"id\": 2}", "no")
                .get(4));
        get(send(topic, null, "not at all").get(0));
        get(send(topic, null, "{\"id\": 3}").get(0));
        alter(topic, AlterConfigOp.OpType.SET, "record.interceptors.fetch", "json-schema", "json.schema.value", ID);
        assertThat(consumeTo(topic, 7)).containsExactly("1:{\"id\": 1}", "3:{\"id\": 2}", "6:{\"id\": 3}");
        get(send(topic, null, "anything").get(0));
        assertThat(consumeTo(topic, 8)).hasSize(3);
    }

    /** What a consumer with default settings sees on its way to an offset. */
    private List<String> consumeTo(String topic, long end) {
        List<String> seen = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long began = System.nanoTime();
            while (consumer.position(partition) < end) {
                assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(40));
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> seen.add(record.offset() + ":" + record.value()));
            }
        }
        return seen;
    }

    private void alter(String topic, AlterConfigOp.OpType type, String... namesAndValues) throws Exception {
        List<AlterConfigOp> changes = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            changes.add(new AlterConfigOp(new ConfigEntry(namesAndValues[i], namesAndValues[i + 1]), type));
        }
        get(admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), changes))
                .all()
                .toCompletionStage()
                .toCompletableFuture());
    }

    @ParameterizedTest
    @ValueSource(strings = {"order.json", "{\"type\": \"no such type\"}"})
    void whatIsNoSchemaIsRefusedWhereItIsGiven(String text) throws Exception {
        assertThatThrownBy(() -> topic(Map.of("record.interceptors", "json-schema", "json.schema.value", text)))
                .hasCauseInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("must be a JSON Schema, and is none: ");
        String topic = topic(Map.of("record.interceptors", "json-schema"));
        assertThatThrownBy(() -> alter(topic, AlterConfigOp.OpType.SET, "json.schema.value", text))
                .hasCauseInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("must be a JSON Schema, and is none: ");
    }

    @Test
    void aSchemaThatNobodyWouldApplyIsRefused() throws Exception {
        assertThatThrownBy(() -> topic(Map.of("json.schema.value", ID)))
                .hasCauseInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("the settings of json-schema do nothing unless record.interceptors or"
                        + " record.interceptors.fetch names it");
        topic(Map.of("record.interceptors.fetch", "json-schema", "json.schema.value", ID));
    }
}
