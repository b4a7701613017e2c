package io.brokkr.plugin.topicadmin;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.Resource;
import java.util.Locale;

/** Asks whether a client may do what it wants. What it is told must be the same whether or not there is such a topic, so this comes before any look at it. */
final class Rights {

    private Rights() {}

    static boolean onTopic(RequestContext client, Operation operation, String topic) {
        return client.allows(operation, Resource.topic(topic));
    }

    /** Whoever may do it with the cluster may do it with every topic. */
    static boolean onClusterOrTopic(RequestContext client, Operation operation, String topic) {
        return client.allows(operation, Resource.CLUSTER) || onTopic(client, operation, topic);
    }

    /**
     * Goes on if the client may do it with the topic.
     *
     * @throws ApiException {@code TOPIC_AUTHORIZATION_FAILED}
     */
    static void requireOnTopic(RequestContext client, Operation operation, String topic) {
        if (!onTopic(client, operation, topic)) {
            throw refusal(operation);
        }
    }

    /**
     * Goes on if the client may do it with the cluster.
     *
     * @throws ApiException {@code CLUSTER_AUTHORIZATION_FAILED}
     */
    static void requireOnCluster(RequestContext client, Operation operation) {
        if (!client.allows(operation, Resource.CLUSTER)) {
            throw new ApiException(
                    ErrorCode.CLUSTER_AUTHORIZATION_FAILED,
                    "the client does not have the right " + nameOf(operation) + " for the cluster");
        }
    }

    /** What a client hears that may not do it with a topic. */
    static ApiException refusal(Operation operation) {
        return new ApiException(
                ErrorCode.TOPIC_AUTHORIZATION_FAILED,
                "the client does not have the right " + nameOf(operation) + " for the topic");
    }

    private static String nameOf(Operation operation) {
        return operation.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
