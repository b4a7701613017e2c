package io.brokkr.plugin.metadata;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Setting;
import io.brokkr.spi.Topic;
import io.brokkr.spi.Topics;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.Resource;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds topics for clients that ask for their metadata and may have it, and creates those that are not there. Thread-safe. */
final class TopicLookup {

    static final Setting<Boolean> AUTO_CREATE = Setting.flag(
            "auto.create.topics.enable",
            true,
            "Whether a topic that does not exist is created, with the broker's defaults, when a client asks for its metadata and allows that. Producers"
                    + " allow it unless they say otherwise, consumers allow.auto.create.topics.");

    /** Kafka's own topics: whoever needs one creates it with the settings that it needs, which these clients do not know. */
    private static final Set<String> RESERVED =
            Set.of("__consumer_offsets", "__transaction_state", "__share_group_state", "__cluster_metadata");

    private static final Pattern LEGAL_NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    private final Topics topics;
    private final boolean autoCreate;

    TopicLookup(Topics topics, boolean autoCreate) {
        this.topics = topics;
        this.autoCreate = autoCreate;
    }

    /** Those that the client may describe. */
    Stream<? extends Topic> all(RequestContext client) {
        return topics.all().stream().filter(topic -> mayDescribe(client, topic.name()));
    }

    static boolean mayDescribe(RequestContext client, String topic) {
        return client.allows(Operation.DESCRIBE, Resource.topic(topic));
    }

    /**
     * The topic of an id.
     *
     * @return fails with {@code UNKNOWN_TOPIC_ID}, also if the client may not know of the topic
     */
    CompletionStage<Topic> byId(RequestContext client, UUID id) {
        Topic topic = topics.find(id);
        return topic == null || !mayDescribe(client, topic.name())
                ? failed(ErrorCode.UNKNOWN_TOPIC_ID, "there is no topic with the id " + id)
                : CompletableFuture.completedFuture(topic);
    }

    /**
     * The topic of a name, created if that is allowed; it can be used at once, so that clients are spared LEADER_NOT_AVAILABLE.
     *
     * @param toBeCreated whether the client wants it to be created
     * @return fails with {@code TOPIC_AUTHORIZATION_FAILED}, {@code INVALID_TOPIC_EXCEPTION} or {@code UNKNOWN_TOPIC_OR_PARTITION}, or as the creation does
     */
    CompletionStage<Topic> byName(RequestContext client, String name, boolean toBeCreated) {
        if (!mayDescribe(client, name)) {
            return failed(ErrorCode.TOPIC_AUTHORIZATION_FAILED, "the client may not describe the topic " + name);
        }
        Topic topic = topics.find(name);
        if (topic != null) {
            return CompletableFuture.completedFuture(topic);
        }
        boolean creates = toBeCreated && autoCreate;
        if (creates && !mayCreate(client, name)) {
            return failed(ErrorCode.TOPIC_AUTHORIZATION_FAILED, "the client may not create the topic " + name);
        }
        if (!isLegal(name)) {
            return failed(
                    ErrorCode.INVALID_TOPIC_EXCEPTION,
                    "a topic's name has 1 to 249 of the characters a-z A-Z 0-9 . _ - and is neither . nor ..");
        }
        if (creates && !RESERVED.contains(name)) {
            return topics.create(NewTopic.withDefaults(name))
                    .exceptionallyCompose(failure -> createdMeanwhile(name, failure));
        }
        return failed(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "there is no topic " + name);
    }

    private static boolean mayCreate(RequestContext client, String topic) {
        return client.allows(Operation.CREATE, Resource.CLUSTER)
                || client.allows(Operation.CREATE, Resource.topic(topic));
    }

    /** The many clients of an application start together and ask for the same topics: one of them creates it, for all of them it is there. */
    private CompletionStage<Topic> createdMeanwhile(String name, Throwable failure) {
        Topic topic = topics.find(name);
        return topic != null ? CompletableFuture.completedFuture(topic) : CompletableFuture.failedFuture(failure);
    }

    static boolean isLegal(String name) {
        return LEGAL_NAME.matcher(name).matches() && !name.equals(".") && !name.equals("..");
    }

    private static CompletionStage<Topic> failed(ErrorCode error, String message) {
        return CompletableFuture.failedFuture(new ApiException(error, message));
    }
}
