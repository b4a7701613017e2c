package io.brokkr.core.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.core.configuration.GivenSetting;
import io.brokkr.core.configuration.KnownSettings;
import io.brokkr.core.configuration.LoadedConfiguration;
import io.brokkr.core.partition.ManualTime;
import io.brokkr.core.partition.TestStore;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicDeletionListener;
import io.brokkr.spi.storage.StorageException;
import java.time.Duration;
import java.util.ArrayList;
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

class DeletionsTest {

    private final TestStore store = new TestStore();
    private final ManualTime time = new ManualTime();
    private final Plugin plugin = new Plugin();
    private TopicRegistry topics = load(store);

    private static TopicRegistry load(TestStore store) {
        LoadedConfiguration configuration = LoadedConfiguration.load(
                new KnownSettings().add("the core", TopicSettings.all()), GivenSetting.all(Map.of(), "the test"));
        return TopicRegistry.load(store, configuration, Set.of("log"), () -> 1)
                .toCompletableFuture()
                .join();
    }

    /** A listener that takes as long as the test wants it to. */
    private static final class Plugin implements TopicDeletionListener {

        final List<UUID> told = new ArrayList<>();
        final List<CompletableFuture<Void>> parts = new ArrayList<>();

        @Override
        public CompletionStage<?> topicDeleted(Topic topic) {
            told.add(topic.id());
            parts.add(new CompletableFuture<>());
            return parts.get(parts.size() - 1);
        }
    }

    private Topic create(String name) {
        CompletableFuture<Topic> creation =
                topics.create(NewTopic.withDefaults(name)).toCompletableFuture();
        assertThat(creation).isCompleted();
        return creation.join();
    }

    private CompletableFuture<Void> delete(Topic topic) {
        return topics.delete(topic.id()).toCompletableFuture();
    }

    /** The broker was killed: all that is left is in the store. */
    private void killAndLoad() {
        plugin.parts.clear();
        topics = load(store);
        topics.listen("the plugin", plugin, time);
    }

    @Test
    void deletionWaitsForWhoIsToldAndSoDoesWhoTakesTheName() {
        topics.listen("the plugin", plugin, time);
        Topic topic = create("t");
        CompletableFuture<Void> deletion = delete(topic);
        assertThat(plugin.told).containsExactly(topic.id());
        assertThat(topics.find("t")).isNull();
        assertThat(topics.find(topic.id())).isNull();
        CompletableFuture<Topic> next =
                topics.create(NewTopic.withDefaults("t")).toCompletableFuture();
        assertThat(create("other")).isNotNull();
        assertThat(deletion).isNotDone();
        assertThat(next).isNotDone();
        plugin.parts.get(0).complete(null);
        assertThat(deletion).isCompleted();
        assertThat(next).isCompleted();
        assertThat(store.entries.keySet()).containsExactly("topics/other", "topics/t");
    }

    @Test
    void dataIsDeletedMeanwhileAndKeepsNobodyFromTheName() {
        CompletableFuture<Void> data = new CompletableFuture<>();
        topics.listen(new TopicListener() {
            @Override
            public void check(Map<String, String> overrides, Configuration settings) {}

            @Override
            public void changed(StoredTopic topic) {}

            @Override
            public CompletionStage<Void> deleted(StoredTopic topic) {
                return data;
            }
        });
        topics.listen("the plugin", plugin, time);
        CompletableFuture<Void> deletion = delete(create("t"));
        plugin.parts.get(0).complete(null);
        assertThat(create("t")).isNotNull();
        assertThat(deletion).isNotDone();
        data.complete(null);
        assertThat(deletion).isCompleted();
        assertThat(store.entries.keySet()).containsExactly("topics/t");
    }

    @Test
    void whoIsLateIsNotWaitedForAndIsToldAgain() {
        topics.listen("the plugin", plugin, time);
        Topic topic = create("t");
        CompletableFuture<Void> deletion = delete(topic);
        time.advance(Deletions.LIMIT.minusMillis(1));
        assertThat(deletion).isNotDone();
        time.advance(Duration.ofMillis(1));
        assertThat(deletion).isCompleted();
        assertThat(create("t")).isNotNull();
        plugin.parts.get(0).complete(null);
        assertThat(store.entries).containsKey("deleted-topics/" + topic.id());

        killAndLoad();
        topics.finishDeletions();
        assertThat(plugin.told).containsExactly(topic.id(), topic.id());
        plugin.parts.get(0).complete(null);
        assertThat(store.entries.keySet()).containsExactly("topics/t");
    }

    @Test
    void whoFailsKeepsNobodyElseFromBeingTold() {
        topics.listen(
                "throws",
                topic -> {
                    throw new IllegalStateException("as the test wants it");
                },
                time);
        topics.listen("fails", topic -> CompletableFuture.failedStage(new StorageException("away")), time);
        topics.listen("lacks a class", topic -> Missing.fail(), time);
        topics.listen("the plugin", plugin, time);
        Topic topic = create("t");
        CompletableFuture<Void> deletion = delete(topic);
        assertThat(plugin.told).containsExactly(topic.id());
        plugin.parts.get(0).complete(null);
        assertThat(deletion).isCompleted();
        assertThat(store.entries.keySet()).containsExactly("deleted-topics/" + topic.id());
    }

    private static final class Missing {
        static CompletionStage<?> fail() {
            throw new NoClassDefFoundError("as the test wants it");
        }
    }

    @Test
    void whoIsTakenOutIsNotTold() {
        topics.listen("the plugin", plugin, time).run();
        assertThat(delete(create("t"))).isCompleted();
        assertThat(plugin.told).isEmpty();
    }

    @Test
    void whoTakesTheNameAfterACrashWaitsUntilAllAreTold() {
        topics.listen("the plugin", plugin, time);
        Topic topic = create("t");
        assertThat(delete(topic)).isNotDone();
        killAndLoad();
        CompletableFuture<Topic> next =
                topics.create(NewTopic.withDefaults("t")).toCompletableFuture();
        assertThat(plugin.told).containsExactly(topic.id(), topic.id());
        assertThat(next).isNotDone();
        plugin.parts.get(0).complete(null);
        assertThat(next).isCompleted();
        assertThat(store.entries.keySet()).containsExactly("topics/t");
        assertThat(topics.finishDeletions().toCompletableFuture()).isCompleted();
        assertThat(plugin.told).hasSize(2);
    }

    private enum What {
        CREATE,
        DELETE,
        COMPLETE,
        FINISH,
        KILL
    }

    private record Step(What what, String name) {}

    @Provide
    Arbitrary<List<Step>> histories() {
        return Combinators.combine(Arbitraries.of(What.class), Arbitraries.of("a", "a.b", "a_b"))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }

    /** Whatever happens in whichever order, no topic stands beside what a plugin keeps of an earlier one of its name. */
    @Property(tries = 500)
    void noTopicMeetsWhatBelongedToAnEarlierOne(@ForAll("histories") List<Step> history) {
        TestStore kept = new TestStore();
        Map<UUID, String> owed = new HashMap<>();
        Map<UUID, CompletableFuture<Void>> parts = new HashMap<>();
        TopicDeletionListener keeper = topic -> {
            owed.put(topic.id(), topic.name());
            return parts.computeIfAbsent(topic.id(), id -> new CompletableFuture<Void>());
        };
        TopicRegistry registry = load(kept);
        registry.listen("the plugin", keeper, time);
        for (Step step : history) {
            StoredTopic topic = registry.find(step.name());
            switch (step.what()) {
                case CREATE -> registry.create(NewTopic.withDefaults(step.name()));
                case DELETE -> {
                    if (topic != null) {
                        registry.delete(topic.id());
                    }
                }
                case COMPLETE -> complete(owed, parts);
                case FINISH -> registry.finishDeletions();
                case KILL -> {
                    parts.clear();
                    registry = load(kept);
                    registry.listen("the plugin", keeper, time);
                }
            }
            for (StoredTopic there : registry.all()) {
                assertThat(owed.values()).doesNotContain(there.name());
            }
        }
        registry.finishDeletions();
        while (!parts.isEmpty()) {
            complete(owed, parts);
        }
        assertThat(owed).isEmpty();
        assertThat(kept.entries.keySet()).noneMatch(key -> key.startsWith("deleted-topics/"));
    }

    private static void complete(Map<UUID, String> owed, Map<UUID, CompletableFuture<Void>> parts) {
        parts.keySet().stream().findFirst().ifPresent(id -> {
            owed.remove(id);
            parts.remove(id).complete(null);
        });
    }
}
