package io.brokkr.plugin.fetch;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Partition;
import io.brokkr.spi.Partitions;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicPartition;
import io.brokkr.spi.Topics;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Finds the partitions that requests name, and checks that client and broker mean the same leadership. Thread-safe. */
final class PartitionAccess {

    private static final int NO_EPOCH = -1;

    private final Topics topics;
    private final Partitions partitions;

    PartitionAccess(Topics topics, Partitions partitions) {
        this.topics = topics;
        this.partitions = partitions;
    }

    CompletionStage<Partition> open(String topic, int partition) {
        return partitions.open(new TopicPartition(topic, partition));
    }

    @Nullable
    Topic find(UUID topicId) {
        return topics.find(topicId);
    }

    /**
     * Refuses a client whose metadata is of another leadership (KIP-320).
     *
     * @param clientEpoch the leader epoch that the client knows, -1 if it knows none
     */
    static void requireEpoch(Partition partition, int clientEpoch) {
        if (clientEpoch == NO_EPOCH || clientEpoch == partition.leaderEpoch()) {
            return;
        }
        boolean old = clientEpoch < partition.leaderEpoch();
        throw new ApiException(
                old ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.UNKNOWN_LEADER_EPOCH,
                partition.name() + " is at the leader epoch " + partition.leaderEpoch() + ", the client at "
                        + clientEpoch);
    }
}
