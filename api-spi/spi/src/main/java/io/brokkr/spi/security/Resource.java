package io.brokkr.spi.security;

import io.brokkr.protocol.Stability;

/**
 * What a client wants to do something with. Immutable.
 *
 * @param type its kind
 * @param name the topic's or the group's name; {@code kafka-cluster} for the cluster
 */
@Stability(Stability.Level.STABLE)
public record Resource(Type type, String name) {

    /** The kinds, with their numbers in Kafka's protocol. */
    public enum Type {
        /** A topic. */
        TOPIC(2),
        /** A group of consumers. */
        GROUP(3),
        /** The cluster as a whole. */
        CLUSTER(4);

        private final int code;

        Type(int code) {
            this.code = code;
        }

        /** The number in Kafka's protocol. */
        public int code() {
            return code;
        }
    }

    /** The cluster as a whole, under the name that Kafka's rules have for it. */
    public static final Resource CLUSTER = new Resource(Type.CLUSTER, "kafka-cluster");

    /** A topic, whether or not there is one. */
    public static Resource topic(String name) {
        return new Resource(Type.TOPIC, name);
    }

    /** A group of consumers, whether or not there is one. */
    public static Resource group(String id) {
        return new Resource(Type.GROUP, id);
    }
}
