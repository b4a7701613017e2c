package io.brokkr.spi;

import java.util.Map;

/**
 * The wish for a topic.
 *
 * @param name 1 to 249 characters of {@code a-z A-Z 0-9 . _ -}, not {@code .} and not {@code ..}
 * @param partitionCount 1 or more, or {@link #DEFAULT} for the broker's {@code num.partitions}
 * @param replicationFactor 1 or more, or {@link #DEFAULT}; not more than there are brokers
 * @param overrides the topic's own settings, by their names
 */
public record NewTopic(String name, int partitionCount, int replicationFactor, Map<String, String> overrides) {

    /** Leaves a number to the broker's configuration. */
    public static final int DEFAULT = -1;

    /** Copies the settings. */
    public NewTopic {
        overrides = Map.copyOf(overrides);
    }

    /** A topic with nothing but defaults. */
    public static NewTopic withDefaults(String name) {
        return new NewTopic(name, DEFAULT, DEFAULT, Map.of());
    }
}
