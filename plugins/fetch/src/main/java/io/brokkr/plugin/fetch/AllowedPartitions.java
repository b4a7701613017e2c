package io.brokkr.plugin.fetch;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Partition;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Topic;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.Resource;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The partitions that one request may open. Whether there is a topic of a name, only those hear who may do with it what they want. An id, which nobody can guess, is no secret to
 * whoever has it, as in Apache Kafka; the topic's name is not told for it.
 *
 * <p>Used by one thread at a time. Partitions of a topic that follow each other ask once.
 */
final class AllowedPartitions {

    private final PartitionAccess access;
    private final RequestContext context;
    private final Operation operation;
    private String lastTopic = "";
    private boolean lastAllowed;

    AllowedPartitions(PartitionAccess access, RequestContext context, Operation operation) {
        this.access = access;
        this.context = context;
        this.operation = operation;
    }

    /** Fails with {@code TOPIC_AUTHORIZATION_FAILED}, or as the opening does. */
    CompletionStage<Partition> open(String topic, int partition) {
        return allows(topic)
                ? access.open(topic, partition)
                : CompletableFuture.failedFuture(new ApiException(
                        ErrorCode.TOPIC_AUTHORIZATION_FAILED, "the client may not " + operation + " this topic"));
    }

    /** Fails with {@code UNKNOWN_TOPIC_ID} if there is no such topic, or as above. */
    CompletionStage<Partition> open(UUID topicId, int partition) {
        Topic topic = access.find(topicId);
        return topic == null
                ? CompletableFuture.failedFuture(
                        new ApiException(ErrorCode.UNKNOWN_TOPIC_ID, "there is no topic with the id " + topicId))
                : open(topic.name(), partition);
    }

    private boolean allows(String topic) {
        if (topic.isEmpty() || !topic.equals(lastTopic)) {
            lastAllowed = context.allows(operation, Resource.topic(topic));
            lastTopic = topic;
        }
        return lastAllowed;
    }
}
