package io.brokkr.plugin.topicadmin;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Cluster;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/** Checks the brokers that a client chooses for the replicas of partitions. */
final class ManualAssignment {

    /** A partition has its leader and no followers: copies, where there are any, are the storage engine's business. */
    static final short REPLICATION_FACTOR = 1;

    private final Set<Integer> liveBrokers = new HashSet<>();

    /** For the brokers that are live now. */
    ManualAssignment(Cluster cluster, String listener) {
        cluster.brokers(listener).forEach(broker -> liveBrokers.add(broker.id()));
    }

    /**
     * Checks the replicas of a new topic's partitions.
     *
     * @param replicasOfPartitions one list of brokers for each partition
     * @return how many replicas each partition has
     * @throws ApiException {@code INVALID_REPLICA_ASSIGNMENT}
     */
    int replicationFactor(SortedMap<Integer, List<Integer>> replicasOfPartitions) {
        if (replicasOfPartitions.firstKey() != 0 || replicasOfPartitions.lastKey() != replicasOfPartitions.size() - 1) {
            throw invalid("the partitions of an assignment are numbered from 0 on without a gap");
        }
        int replicationFactor =
                replicasOfPartitions.get(replicasOfPartitions.firstKey()).size();
        replicasOfPartitions.values().forEach(replicas -> check(replicas, replicationFactor));
        return replicationFactor;
    }

    /**
     * Checks the replicas of one partition.
     *
     * @throws ApiException {@code INVALID_REPLICA_ASSIGNMENT}
     */
    void check(List<Integer> replicas, int replicationFactor) {
        if (replicas.isEmpty()) {
            throw invalid("the assignment has a partition without replicas");
        }
        for (int broker : replicas) {
            if (!liveBrokers.contains(broker)) {
                throw invalid("the assignment includes broker " + broker + ", and there is no such broker");
            }
        }
        if (new HashSet<>(replicas).size() < replicas.size()) {
            throw invalid("the assignment names a broker twice for one partition");
        }
        if (replicas.size() != replicationFactor) {
            throw invalid("the assignment has partitions with " + replicationFactor + " replicas, and one with "
                    + replicas.size());
        }
    }

    static ApiException invalid(String message) {
        return new ApiException(ErrorCode.INVALID_REPLICA_ASSIGNMENT, message);
    }
}
