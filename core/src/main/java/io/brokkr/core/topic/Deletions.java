package io.brokkr.core.topic;

import io.brokkr.spi.Scheduler;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicDeletionListener;
import io.brokkr.spi.storage.MetadataStore;
import io.brokkr.spi.storage.MetadataStore.Change;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows when a topic is gone: its data is deleted, the plugins are told, and then the note of the deletion is removed. Thread-safe; the deletions
 * of one name come one after the other.
 */
final class Deletions {

    static final String NOTES = "deleted-topics/";

    /** How long a plugin is waited for. Clients wait for half a minute as a rule, and are to hear that the topic is gone. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Deletions.class);
    private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);

    private final MetadataStore store;
    private final List<Told> told = new CopyOnWriteArrayList<>();
    /** Those that an earlier run of the broker did not finish and this one has not taken up yet, by the topics' ids. */
    private final Map<UUID, StoredTopic> unfinished = new ConcurrentHashMap<>();

    private volatile @Nullable TopicListener data;

    Deletions(MetadataStore store) {
        this.store = store;
    }

    private record Told(String plugin, TopicDeletionListener listener, Scheduler scheduler) {}

    /** Names the one who deletes the data. */
    void listen(TopicListener listener) {
        data = listener;
    }

    /** Adds a listener, and returns what takes it out again. */
    Runnable listen(String plugin, TopicDeletionListener listener, Scheduler scheduler) {
        Told added = new Told(plugin, listener, scheduler);
        told.add(added);
        return () -> told.remove(added);
    }

    /** Takes in a note of which nobody knows how far its deletion has come. */
    void addUnfinished(StoredTopic topic) {
        unfinished.put(topic.id(), topic);
    }

    Collection<StoredTopic> unfinished() {
        return unfinished.values();
    }

    /**
     * Finishes all of a name that were not.
     *
     * @return as {@link #finish(StoredTopic)}
     */
    CompletionStage<CompletionStage<Void>> finish(String name) {
        CompletionStage<CompletionStage<Void>> all = CompletableFuture.completedFuture(DONE);
        for (StoredTopic topic : List.copyOf(unfinished.values())) {
            if (topic.name().equals(name)) {
                unfinished.remove(topic.id());
                all = all.thenCombine(finish(topic), (one, other) -> one.thenCompose(done -> other));
            }
        }
        return all;
    }

    /**
     * Finishes one. What is left of the topic is no failure of its deletion: there is the note, and the next start.
     *
     * @return never fails; completes when the name is free, with the stage that completes when the data is gone, too
     */
    CompletionStage<CompletionStage<Void>> finish(StoredTopic topic) {
        TopicListener deleter = data;
        CompletionStage<Void> deleted = deleter == null ? DONE : DONE.thenCompose(now -> deleter.deleted(topic));
        return tellAll(topic).thenApply(allDone -> deleted.thenCompose(gone ->
                        allDone ? store.commit(List.of(new Change(NOTES + topic.id(), null, Change.ANY))) : DONE)
                .exceptionally(failure -> {
                    LOG.warn("some data of the deleted topic {} is left; it goes after the next start", topic, failure);
                    return null;
                }));
    }

    private CompletionStage<Boolean> tellAll(Topic topic) {
        CompletionStage<Boolean> all = CompletableFuture.completedFuture(true);
        for (Told listener : told) {
            all = all.thenCombine(tell(listener, topic), Boolean::logicalAnd);
        }
        return all;
    }

    /** Completes with whether the listener has done its part, within the limit. */
    private static CompletionStage<Boolean> tell(Told listener, Topic topic) {
        CompletableFuture<Void> part = CompletableFuture.completedFuture(topic)
                .thenCompose(
                        deleted -> listener.listener().topicDeleted(deleted).thenRun(() -> {}));
        Scheduler.Timer timer = listener.scheduler()
                .schedule(LIMIT, () -> part.completeExceptionally(new TimeoutException("not done within " + LIMIT)));
        return part.handle((done, failure) -> {
            timer.cancel();
            if (failure != null) {
                LOG.warn("the plugin {} has not dealt with the deletion of {}", listener.plugin(), topic, failure);
            }
            return failure == null;
        });
    }
}
