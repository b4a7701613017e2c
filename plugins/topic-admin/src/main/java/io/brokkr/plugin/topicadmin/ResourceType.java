package io.brokkr.plugin.topicadmin;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Cluster;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.security.Operation;

/** The kinds of things that have settings, as the protocol numbers them; those of other numbers have none here. */
final class ResourceType {

    static final byte TOPIC = 2;
    static final byte BROKER = 4;
    static final byte BROKER_LOGGER = 8;

    private ResourceType() {}

    /**
     * Checks that a resource's name is this broker's id.
     *
     * @throws ApiException {@code INVALID_REQUEST}, if it is another broker's or no number
     */
    static void requireThisBroker(String name, Cluster cluster) {
        if (!name.equals(Integer.toString(cluster.brokerId()))) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST,
                    "this is broker " + cluster.brokerId() + ", and knows nothing of broker " + name);
        }
    }

    /**
     * Goes on if the client may do it with the resource. What is neither a topic nor a broker nobody may do anything with: whoever asks for it hears so.
     *
     * @throws ApiException {@code TOPIC_AUTHORIZATION_FAILED} or {@code CLUSTER_AUTHORIZATION_FAILED}
     */
    static void requireRight(RequestContext client, Operation operation, byte type, String name) {
        switch (type) {
            case TOPIC -> Rights.requireOnTopic(client, operation, name);
            case BROKER, BROKER_LOGGER -> Rights.requireOnCluster(client, operation);
            default -> throw unsupported(type);
        }
    }

    static ApiException unsupported(byte type) {
        return new ApiException(ErrorCode.INVALID_REQUEST, "there are no settings for resources of the type " + type);
    }
}
