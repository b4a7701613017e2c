package io.brokkr.core.topic;

import io.brokkr.spi.Configuration;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Is told what became of topics. Called on any thread, and must not block. */
public interface TopicListener {

    /**
     * A topic is to be created or changed.
     *
     * @param overrides what it is to have of its own
     * @param settings those that would be in force
     * @throws io.brokkr.spi.ApiException {@code INVALID_CONFIG} if it could not be served
     */
    void check(Map<String, String> overrides, Configuration settings);

    /** The topic has other settings or more partitions now. */
    void changed(StoredTopic topic);

    /**
     * The topic is gone from the registry, and its data is to follow.
     *
     * @return complete when nothing of its data is left; if it fails, the broker asks again after its next start
     */
    CompletionStage<Void> deleted(StoredTopic topic);
}
