package io.brokkr.core.topic;

import java.util.concurrent.CompletionStage;

/** Is told what became of topics. Called on any thread, and must not block. */
public interface TopicListener {

    /** The topic has other settings or more partitions now. */
    void changed(StoredTopic topic);

    /**
     * The topic is gone from the registry, and its data is to follow.
     *
     * @return complete when nothing of its data is left; if it fails, the broker asks again after its next start
     */
    CompletionStage<Void> deleted(StoredTopic topic);
}
