package io.brokkr.spi.security;

import io.brokkr.protocol.Stability;

/** What a client wants to do with a {@link Resource}: those of Kafka's operations that any API here asks for. */
@Stability(Stability.Level.STABLE)
public enum Operation {
    /** Fetch records of a topic; be a member of a group, and commit its offsets. */
    READ(3),
    /** Produce to a topic. */
    WRITE(4),
    /** Create a topic, by its name or on the whole cluster. */
    CREATE(5),
    /** Delete a topic, its first records, or a group. */
    DELETE(6),
    /** Change a topic's partitions. */
    ALTER(7),
    /** See that there is a topic or a group, and what it is like. */
    DESCRIBE(8),
    /** See the settings of a topic or of the broker. */
    DESCRIBE_CONFIGS(10),
    /** Change the settings of a topic or of the broker. */
    ALTER_CONFIGS(11);

    private final int code;

    Operation(int code) {
        this.code = code;
    }

    /** The number in Kafka's protocol. */
    public int code() {
        return code;
    }
}
