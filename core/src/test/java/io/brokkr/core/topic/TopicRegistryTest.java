package io.brokkr.core.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.core.configuration.GivenSetting;
import io.brokkr.core.configuration.KnownSettings;
import io.brokkr.core.configuration.LoadedConfiguration;
import io.brokkr.core.partition.TestStore;
import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.record.TimestampType;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Topic;
import io.brokkr.spi.storage.MetadataStore.Entry;
import io.brokkr.spi.storage.StorageException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicRegistryTest {

    private final TestStore store = new TestStore();
    private TopicRegistry topics = load(store, Map.of());

    private static TopicRegistry load(TestStore store, Map<String, String> given) {
        LoadedConfiguration configuration = LoadedConfiguration.load(
                new KnownSettings().add("the core", TopicSettings.all()), GivenSetting.all(given, "the test"));
        return TopicRegistry.load(store, configuration, Set.of("log", "memory"), () -> 1)
                .toCompletableFuture()
                .join();
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private static ErrorCode errorOf(CompletionStage<?> stage) {
        CompletableFuture<?> future = stage.toCompletableFuture();
        assertThat(future).isDone();
        Throwable failure = future.handle((result, failed) -> failed).join();
        return failure == null ? ErrorCode.NONE : ApiException.errorOf(failure);
    }

    private Topic create(String name, String... settings) {
        return get(topics.create(new NewTopic(name, 1, 1, map(settings))));
    }

    private ErrorCode creation(String name, int partitions, int replicas, String... settings) {
        return errorOf(topics.create(new NewTopic(name, partitions, replicas, map(settings))));
    }

    private static Map<String, String> map(String... settings) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            map.put(settings[i], settings[i + 1]);
        }
        return map;
    }

    private enum What {
        CREATE,
        INTERNAL,
        DELETE,
        ADD_PARTITIONS,
        CONFIGURE,
        RESTART,
        FAIL
    }

    private record Step(What what, String name, int number) {}

    private record Expected(int partitions, boolean internal, Map<String, String> overrides) {}

    @Provide
    Arbitrary<List<Step>> histories() {
        return Combinators.combine(
                        Arbitraries.of(What.class),
                        Arbitraries.of("a", "a.b", "a_b", "b", "c"),
                        Arbitraries.integers().between(1, 5))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }

    @Property(tries = 300)
    void theRegistryIsAMapThatSurvives(@ForAll("histories") List<Step> history) {
        TestStore kept = new TestStore();
        TopicRegistry registry = load(kept, Map.of());
        Map<String, Expected> model = new HashMap<>();
        for (Step step : history) {
            if (step.what() == What.RESTART) {
                registry = load(kept, Map.of());
            } else {
                perform(registry, kept, model, step);
            }
            Map<String, Expected> found = new HashMap<>();
            for (StoredTopic topic : registry.all()) {
                found.put(topic.name(), new Expected(topic.partitionCount(), topic.internal(), topic.overrides()));
                assertThat(registry.find(topic.id())).isSameAs(topic);
                assertThat(registry.find(topic.name())).isSameAs(topic);
            }
            assertThat(found).isEqualTo(model);
        }
    }

    private static void perform(TopicRegistry registry, TestStore kept, Map<String, Expected> model, Step step) {
        String name = step.name();
        Expected known = model.get(name);
        String twin = name.equals("a.b") ? "a_b" : name.equals("a_b") ? "a.b" : name;
        boolean collides = known == null && model.containsKey(twin);
        Map<String, String> overrides = Map.of("retention.ms", Integer.toString(step.number()));
        NewTopic wish = new NewTopic(name, step.number(), 1, overrides);
        switch (step.what()) {
            case CREATE -> {
                ErrorCode expected = known != null
                        ? ErrorCode.TOPIC_ALREADY_EXISTS
                        : collides ? ErrorCode.INVALID_TOPIC_EXCEPTION : ErrorCode.NONE;
                assertThat(errorOf(registry.create(wish))).isEqualTo(expected);
                if (expected == ErrorCode.NONE) {
                    model.put(name, new Expected(step.number(), false, overrides));
                }
            }
            case INTERNAL -> {
                assertThat(errorOf(registry.internal(wish)))
                        .isEqualTo(collides ? ErrorCode.INVALID_TOPIC_EXCEPTION : ErrorCode.NONE);
                if (!collides) {
                    model.putIfAbsent(name, new Expected(step.number(), true, overrides));
                }
            }
            case DELETE -> {
                Topic topic = registry.find(name);
                UUID id = topic == null ? UUID.randomUUID() : topic.id();
                assertThat(errorOf(registry.delete(id)))
                        .isEqualTo(topic == null ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.NONE);
                model.remove(name);
            }
            case ADD_PARTITIONS -> {
                ErrorCode expected = known == null
                        ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
                        : step.number() <= known.partitions() ? ErrorCode.INVALID_PARTITIONS : ErrorCode.NONE;
                assertThat(errorOf(registry.addPartitions(name, step.number(), true)))
                        .isEqualTo(expected);
                assertThat(errorOf(registry.addPartitions(name, step.number(), false)))
                        .isEqualTo(expected);
                if (expected == ErrorCode.NONE) {
                    model.put(name, new Expected(step.number(), known.internal(), known.overrides()));
                }
            }
            case CONFIGURE -> {
                assertThat(errorOf(registry.configure(name, overrides, true)))
                        .isEqualTo(known == null ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.NONE);
                assertThat(errorOf(registry.configure(name, overrides, false)))
                        .isEqualTo(known == null ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.NONE);
                if (known != null) {
                    model.put(name, new Expected(known.partitions(), known.internal(), overrides));
                }
            }
            case FAIL -> {
                kept.failing = true;
                assertThat(errorOf(registry.create(wish))).isNotEqualTo(ErrorCode.NONE);
                if (known != null) {
                    assertThat(errorOf(registry.configure(name, Map.of(), false)))
                            .isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
                    assertThat(errorOf(registry.delete(registry.find(name).id())))
                            .isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
                }
                kept.failing = false;
            }
            case RESTART -> throw new AssertionError("done by the caller");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a b", "a/b", "a:b", "ä", "a\n", "a,b"})
    void namesThatKafkaRefusesAreRefused(String name) {
        assertThat(creation(name, 1, 1)).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
    }

    @Test
    void namesHaveAtMost249Characters() {
        assertThat(creation("a".repeat(250), 1, 1)).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
        assertThat(creation("a".repeat(249), 1, 1)).isEqualTo(ErrorCode.NONE);
        assertThat(creation("...", 1, 1)).isEqualTo(ErrorCode.NONE);
        assertThat(creation("A-z_0.9", 1, 1)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void wishesThatCannotBeMetAreRefusedWithTheirOwnErrors() {
        assertThat(creation("t", 0, 1)).isEqualTo(ErrorCode.INVALID_PARTITIONS);
        assertThat(creation("t", -2, 1)).isEqualTo(ErrorCode.INVALID_PARTITIONS);
        assertThat(creation("t", Integer.MAX_VALUE, 1)).isEqualTo(ErrorCode.INVALID_PARTITIONS);
        assertThat(creation("t", 1, 0)).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
        assertThat(creation("t", 1, 2)).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
        assertThat(creation("t", 1, 1, "retention.ms", "soon")).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(creation("t", 1, 1, "retention.mss", "1")).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(creation("t", 1, 1, "cleanup.policy", "burn")).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(creation("t", 1, 1, "cleanup.policy", "delete,")).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(creation("t", 1, 1, "storage.engine", "tape")).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(topics.all()).isEmpty();
        assertThatThrownBy(() -> topics.validate(new NewTopic("t", 1, 2, Map.of())))
                .isInstanceOf(ApiException.class);
    }

    @Test
    void whatTheCreatorLeavesOpenTheBrokerFillsIn() {
        TopicRegistry three = load(store, Map.of("num.partitions", "3"));
        assertThat(three.validate(NewTopic.withDefaults("t")).partitionCount()).isEqualTo(3);
        assertThat(three.all()).isEmpty();
        assertThat(get(three.create(NewTopic.withDefaults("t"))).partitionCount())
                .isEqualTo(3);
    }

    @Test
    void ofTwoWhoCreateATopicAtOnceOneWins() {
        store.delayed = new ArrayDeque<>();
        CompletionStage<Topic> first = topics.create(NewTopic.withDefaults("t"));
        CompletionStage<Topic> second = topics.create(NewTopic.withDefaults("t"));
        CompletionStage<Topic> other = topics.create(NewTopic.withDefaults("other"));
        assertThat(store.delayed).hasSize(2);
        while (!store.delayed.isEmpty()) {
            store.delayed.remove().run();
        }
        assertThat(errorOf(first)).isEqualTo(ErrorCode.NONE);
        assertThat(errorOf(second)).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
        assertThat(errorOf(other)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void namesThatCollideCannotBeCreatedSideBySide() {
        store.delayed = new ArrayDeque<>();
        CompletionStage<Topic> first = topics.create(NewTopic.withDefaults("a.b"));
        CompletionStage<Topic> second = topics.create(NewTopic.withDefaults("a_b"));
        while (!store.delayed.isEmpty()) {
            store.delayed.remove().run();
        }
        assertThat(errorOf(first)).isEqualTo(ErrorCode.NONE);
        assertThat(errorOf(second)).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
    }

    @Test
    void allWhoAskForAnInternalTopicAtOnceGetTheSame() {
        store.delayed = new ArrayDeque<>();
        CompletionStage<Topic> first = topics.internal(NewTopic.withDefaults("__consumer_offsets"));
        CompletionStage<Topic> second = topics.internal(NewTopic.withDefaults("__consumer_offsets"));
        while (!store.delayed.isEmpty()) {
            store.delayed.remove().run();
        }
        assertThat(get(first)).isSameAs(get(second));
        assertThat(get(first).internal()).isTrue();
    }

    @Test
    void theEngineIsChosenAtCreationForGood() {
        create("kept");
        create("forgotten", "storage.engine", "memory");
        topics = load(store, Map.of("storage.engine", "memory"));
        StoredTopic kept = topics.find("kept");
        assertThat(kept.storageEngine()).isEqualTo("log");
        assertThat(kept.configuration().get(TopicSettings.STORAGE_ENGINE)).isEqualTo("log");
        assertThat(kept.overrides()).isEmpty();
        assertThat(topics.find("forgotten").storageEngine()).isEqualTo("memory");
        assertThat(errorOf(topics.configure("kept", Map.of("storage.engine", "memory"), false)))
                .isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(errorOf(topics.configure("kept", Map.of("storage.engine", "log"), false)))
                .isEqualTo(ErrorCode.NONE);
        assertThat(errorOf(topics.configure("forgotten", Map.of(), false))).isEqualTo(ErrorCode.NONE);
        assertThat(topics.find("forgotten").storageEngine()).isEqualTo("memory");
    }

    @Test
    void aTopicsOwnSettingsComeBeforeTheBrokers() {
        topics = load(store, Map.of("log.retention.minutes", "5", "message.max.bytes", "77"));
        Topic topic = create("t", "max.message.bytes", "99", "message.timestamp.type", "LogAppendTime");
        assertThat(topic.configuration().get(TopicSettings.RETENTION_MS)).isEqualTo(300_000);
        assertThat(topic.configuration().get(TopicSettings.MAX_MESSAGE_BYTES)).isEqualTo(99);
        assertThat(topic.configuration().get(TopicSettings.MESSAGE_TIMESTAMP_TYPE))
                .isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(topic.configuration().get(TopicSettings.MESSAGE_TIMESTAMP_AFTER_MAX_MS))
                .isEqualTo(3_600_000);
    }

    /** What Kafka's TopicConfig names and no plugin declares: tools set it, and must not fail. */
    @Test
    void kafkasOtherSettingsAreAcceptedAndKept() {
        Map<String, String> foreign = new HashMap<>(map(
                "min.insync.replicas", "2",
                "unclean.leader.election.enable", "true",
                "leader.replication.throttled.replicas", "0:1,1:1",
                "follower.replication.throttled.replicas", "*",
                "compression.type", "zstd",
                "compression.gzip.level", "9",
                "compression.lz4.level", "1",
                "compression.zstd.level", "-1",
                "remote.storage.enable", "false"));
        Topic topic = get(topics.create(new NewTopic("t", 1, 1, foreign)));
        assertThat(topic.overrides()).isEqualTo(foreign);
    }

    @Test
    void anEntryOfANewerVersionStopsTheStart() {
        create("t");
        Bytes newer = Bytes.copyOf("format=9\n".getBytes(StandardCharsets.UTF_8));
        store.entries.put("topics/t", new Entry("topics/t", newer, 1));
        assertThatThrownBy(() -> load(store, Map.of()))
                .hasCauseInstanceOf(StorageException.class)
                .hasMessageContaining("newer version");
    }

    @Test
    void whoListensIsToldOfChangesAndDeletions() {
        StringBuilder told = new StringBuilder();
        topics.listen(new TopicListener() {
            @Override
            public void check(Map<String, String> overrides, Configuration settings) {}

            @Override
            public void changed(StoredTopic topic) {
                told.append("changed ").append(topic.partitionCount()).append("; ");
            }

            @Override
            public CompletionStage<Void> deleted(StoredTopic topic) {
                told.append("deleted ").append(topics.find(topic.id()));
                return CompletableFuture.completedFuture(null);
            }
        });
        Topic topic = create("t");
        get(topics.addPartitions("t", 4, true));
        get(topics.addPartitions("t", 4, false));
        get(topics.delete(topic.id()));
        assertThat(told).hasToString("changed 4; deleted null");
        assertThat(store.entries).isEmpty();
    }

    @Test
    void dataThatCannotBeDeletedNowIsRemembered() {
        topics.listen(new TopicListener() {
            @Override
            public void check(Map<String, String> overrides, Configuration settings) {}

            @Override
            public void changed(StoredTopic topic) {}

            @Override
            public CompletionStage<Void> deleted(StoredTopic topic) {
                return CompletableFuture.failedFuture(new StorageException("the disk is away"));
            }
        });
        Topic topic = create("t");
        assertThat(errorOf(topics.delete(topic.id()))).isEqualTo(ErrorCode.NONE);
        assertThat(store.entries.keySet()).containsExactly("deleted-topics/" + topic.id());
        assertThat(topics.find("t")).isNull();
    }
}
