package io.brokkr.plugin.fetch;

import io.brokkr.protocol.message.FetchRequest.FetchPartition;
import java.util.UUID;

/**
 * What a client wants of one partition.
 *
 * @param name which partition
 * @param fetchOffset from where on
 * @param maxBytes how much of it
 * @param currentLeaderEpoch the leadership that the client knows, -1 for none
 * @param lastFetchedEpoch the epoch of the last record that the client has, -1 for none
 */
record FetchTarget(Name name, long fetchOffset, int maxBytes, int currentLeaderEpoch, int lastFetchedEpoch) {

    /**
     * A partition as the request's version names it: from version 13 on by the topic's id, and the name is empty; before that by its name, and the id is zero.
     */
    record Name(String topic, UUID topicId, int partition) {

        boolean byId() {
            return topic.isEmpty();
        }

        boolean sameTopic(Name other) {
            return topic.equals(other.topic) && topicId.equals(other.topicId);
        }
    }

    static FetchTarget of(Name name, FetchPartition wish) {
        return new FetchTarget(
                name, wish.fetchOffset(), wish.partitionMaxBytes(), wish.currentLeaderEpoch(), wish.lastFetchedEpoch());
    }
}
