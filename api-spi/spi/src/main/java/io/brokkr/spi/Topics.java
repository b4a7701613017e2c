package io.brokkr.spi;

import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The topics of the cluster. Looking up is a look into memory; changes are durable when their stage is complete. Thread-safe.
 *
 * <p>Stages fail with an {@link ApiException} that carries the code for the client: {@code TOPIC_ALREADY_EXISTS}, {@code
 * INVALID_TOPIC_EXCEPTION}, {@code INVALID_PARTITIONS}, {@code INVALID_REPLICATION_FACTOR}, {@code INVALID_CONFIG}, {@code
 * UNKNOWN_TOPIC_OR_PARTITION}, {@code UNKNOWN_TOPIC_ID}, {@code KAFKA_STORAGE_ERROR}. A change that failed changed nothing.
 */
public interface Topics {

    /** All topics, in no particular order; a snapshot. */
    Collection<? extends Topic> all();

    /** The topic of a name, null where there is none. */
    @Nullable
    Topic find(String name);

    /** The topic of an id, null where there is none. */
    @Nullable
    Topic find(UUID id);

    /**
     * Checks a wish and fills in the broker's defaults, and creates nothing.
     *
     * @return the topic as it would be, except for its id
     * @throws ApiException if {@link #create} would fail
     */
    Topic validate(NewTopic wish);

    /** Creates a topic; its partitions can be used at once. */
    CompletionStage<Topic> create(NewTopic wish);

    /** Finds the topic, or creates it as one of the broker's own. Concurrent calls get the same topic. */
    CompletionStage<Topic> internal(NewTopic wish);

    /**
     * Takes in a topic whose logs are in their place already, each where its storage engine looks for it.
     *
     * @return fails with {@code TOPIC_ALREADY_EXISTS} if there is a topic of its name or of its id
     */
    CompletionStage<Topic> adopt(AdoptedTopic adopted);

    /**
     * Has another storage engine keep the logs of a topic, where all of them are in their place already. For tools: no partition of it may be open.
     *
     * @return fails with {@code INVALID_CONFIG} if there is no such engine
     */
    CompletionStage<Topic> changeStorageEngine(String name, String storageEngine);

    /** Deletes a topic and its data, and waits for each {@link TopicDeletionListener}, within limits. A topic of its name can be created when they have ended. */
    CompletionStage<Void> delete(UUID id);

    /**
     * Raises the number of partitions.
     *
     * @param total the number after the change, more than there are now
     * @param validateOnly whether to check and change nothing
     */
    CompletionStage<Topic> addPartitions(String name, int total, boolean validateOnly);

    /**
     * Changes settings of a topic.
     *
     * @param overrides all settings that the topic has of its own afterwards
     * @param validateOnly whether to check and change nothing
     */
    CompletionStage<Topic> configure(String name, Map<String, String> overrides, boolean validateOnly);
}
