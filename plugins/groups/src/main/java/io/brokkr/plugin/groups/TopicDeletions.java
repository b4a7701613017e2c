package io.brokkr.plugin.groups;

import io.brokkr.spi.ApiException;
import io.brokkr.spi.Scheduler;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicDeletionListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Sees to it that the offsets of a deleted topic are gone from all groups, in memory and in the log, before the client hears of the deletion and before there
 * can be a new topic of the name. Thread-safe.
 *
 * <p>Shards that are not in memory are read for that. What the log does not take is tried again for a while: a topic may be deleted since the disk is full.
 */
final class TopicDeletions implements TopicDeletionListener {

    static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int ATTEMPTS = 10;

    private final Supplier<List<CoordinatorShard>> shards;
    private final Forgetting forgetting;
    private final Scheduler scheduler;

    /**
     * For all shards.
     *
     * @param shards asked for at each deletion
     */
    TopicDeletions(Supplier<List<CoordinatorShard>> shards, Forgetting forgetting, Scheduler scheduler) {
        this.shards = shards;
        this.forgetting = forgetting;
        this.scheduler = scheduler;
    }

    @Override
    public CompletionStage<?> topicDeleted(Topic topic) {
        // A deletion that is told once more may come after a new topic of the name, whose offsets must not be lost.
        boolean nameIsFree = !forgetting.isThere(topic.name());
        return attempt(decision -> forgetting.forget(decision, topic.name(), topic.id(), nameIsFree), ATTEMPTS);
    }

    private CompletionStage<?> attempt(Consumer<Decision> choice, int attemptsLeft) {
        return inAllShards(choice).handle((done, failure) -> failure).thenCompose(failure -> {
            if (failure == null) {
                return CompletableFuture.completedStage(null);
            }
            boolean mayPass = attemptsLeft > 1 && ApiException.in(failure) != null;
            return mayPass
                    ? pause().thenCompose(now -> attempt(choice, attemptsLeft - 1))
                    : CompletableFuture.failedStage(failure);
        });
    }

    private CompletionStage<?> inAllShards(Consumer<Decision> choice) {
        return Requests.all(shards.get().stream()
                .map(shard -> shard.ask(decision -> {
                    choice.accept(decision);
                    return Boolean.TRUE;
                }))
                .toList());
    }

    private CompletionStage<?> pause() {
        CompletableFuture<Void> over = new CompletableFuture<>();
        scheduler.schedule(PAUSE, () -> over.complete(null));
        return over;
    }
}
