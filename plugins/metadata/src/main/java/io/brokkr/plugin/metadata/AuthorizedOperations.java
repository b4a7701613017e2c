package io.brokkr.plugin.metadata;

/**
 * What a client may do, as a set of bits: bit {@code n} stands for the operation with the code {@code n} (KIP-430).
 *
 * <p>Nobody restricts anything here, so that every operation that there is for a kind of resource is allowed: what Kafka's broker says without an authorizer.
 */
final class AuthorizedOperations {

    private static final int READ = 1 << 3;
    private static final int WRITE = 1 << 4;
    private static final int CREATE = 1 << 5;
    private static final int DELETE = 1 << 6;
    private static final int ALTER = 1 << 7;
    private static final int DESCRIBE = 1 << 8;
    private static final int CLUSTER_ACTION = 1 << 9;
    private static final int DESCRIBE_CONFIGS = 1 << 10;
    private static final int ALTER_CONFIGS = 1 << 11;
    private static final int IDEMPOTENT_WRITE = 1 << 12;

    /** What may be done to a topic. */
    static final int OF_TOPIC = READ | WRITE | CREATE | DELETE | ALTER | DESCRIBE | DESCRIBE_CONFIGS | ALTER_CONFIGS;

    /** What may be done to the cluster. */
    static final int OF_CLUSTER =
            CREATE | ALTER | DESCRIBE | CLUSTER_ACTION | DESCRIBE_CONFIGS | ALTER_CONFIGS | IDEMPOTENT_WRITE;

    /** The client did not ask. */
    static final int NOT_ASKED = Integer.MIN_VALUE;

    private AuthorizedOperations() {}
}
