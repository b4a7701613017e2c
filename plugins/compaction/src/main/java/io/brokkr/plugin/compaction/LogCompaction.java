package io.brokkr.plugin.compaction;

import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.Scheduler;
import io.brokkr.spi.Setting;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicDeletionListener;
import io.brokkr.spi.TopicSetting;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Compacts the logs of topics with {@code cleanup.policy=compact}. It serves no API. */
public final class LogCompaction implements ApiHandlerFactory, TopicDeletionListener {

    private @Nullable Compactor compactor;
    private Scheduler.@Nullable Timer timer;

    /** For {@link java.util.ServiceLoader}. */
    public LogCompaction() {}

    @Override
    public List<Setting<?>> settings() {
        return CompactionSettings.OF_THE_BROKER;
    }

    @Override
    public List<TopicSetting<?>> topicSettings() {
        return CompactionSettings.OF_TOPICS;
    }

    @Override
    public List<ApiHandler<?>> create(BrokerServices broker) {
        CompactionSettings settings = CompactionSettings.of(broker.configuration());
        if (settings.enabled()) {
            Compactor made = new Compactor(broker, settings);
            compactor = made;
            timer = broker.scheduler().repeat(settings.backoff(), () -> broker.scheduler()
                    .blocking()
                    .execute(made::sweep));
        }
        return List.of();
    }

    /** A look that is under way may have created the log anew while it was being deleted: it sees to that itself. */
    @Override
    public CompletionStage<?> topicDeleted(Topic topic) {
        return compactor == null ? CompletableFuture.completedStage(null) : compactor.awaitEndOf(topic.id());
    }

    @Override
    public void close() {
        if (timer != null) {
            timer.cancel();
        }
        if (compactor != null) {
            compactor.close();
        }
    }
}
