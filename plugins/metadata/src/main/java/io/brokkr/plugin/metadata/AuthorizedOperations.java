package io.brokkr.plugin.metadata;

import io.brokkr.spi.RequestContext;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.Resource;
import java.util.EnumSet;
import java.util.Set;

/** What a client may do, as a set of bits: bit {@code n} stands for the operation with the code {@code n} (KIP-430). */
final class AuthorizedOperations {

    /** The client did not ask. */
    static final int NOT_ASKED = Integer.MIN_VALUE;

    /** What nobody is asked for here, and thus refused to nobody: to act as a broker does, and to get a producer id, which alone lets nobody do anything. */
    private static final int NEVER_REFUSED = (1 << 9) | (1 << 12);

    private static final Set<Operation> ON_TOPICS = EnumSet.of(
            Operation.READ,
            Operation.WRITE,
            Operation.CREATE,
            Operation.DELETE,
            Operation.ALTER,
            Operation.DESCRIBE,
            Operation.DESCRIBE_CONFIGS,
            Operation.ALTER_CONFIGS);

    private static final Set<Operation> ON_THE_CLUSTER = EnumSet.of(
            Operation.CREATE, Operation.ALTER, Operation.DESCRIBE, Operation.DESCRIBE_CONFIGS, Operation.ALTER_CONFIGS);

    private AuthorizedOperations() {}

    static int onTopic(RequestContext client, String topic) {
        return allowed(client, ON_TOPICS, Resource.topic(topic));
    }

    /** Nothing for those who may not describe the cluster, as in Apache Kafka. */
    static int onCluster(RequestContext client) {
        return client.allows(Operation.DESCRIBE, Resource.CLUSTER)
                ? allowed(client, ON_THE_CLUSTER, Resource.CLUSTER) | NEVER_REFUSED
                : 0;
    }

    private static int allowed(RequestContext client, Set<Operation> operations, Resource resource) {
        int bits = 0;
        for (Operation operation : operations) {
            if (client.allows(operation, resource)) {
                bits |= 1 << operation.code();
            }
        }
        return bits;
    }
}
