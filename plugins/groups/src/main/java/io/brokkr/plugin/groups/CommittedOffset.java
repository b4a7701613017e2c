package io.brokkr.plugin.groups;

import io.brokkr.protocol.Message;
import java.util.UUID;

/**
 * How far a group has come in a partition.
 *
 * @param offset the first offset that the group has not dealt with
 * @param leaderEpoch the epoch of the record before it, {@link #NONE} if the client did not say
 * @param metadata the client's note, empty for none
 * @param commitTimestamp epoch milliseconds
 * @param expireTimestamp epoch milliseconds when the client itself limited the offset's life, else {@link #NONE}
 * @param topicId the topic that was meant, {@link #UNKNOWN_TOPIC} of an offset that was read from the log: records of today do not say it, earlier ones did
 */
record CommittedOffset(
        long offset, int leaderEpoch, String metadata, long commitTimestamp, long expireTimestamp, UUID topicId) {

    static final int NONE = -1;
    static final UUID UNKNOWN_TOPIC = Message.ZERO_UUID;

    /** Whether the offset belongs to a topic, and not to an earlier one of the same name. */
    boolean belongsTo(UUID id) {
        return topicId.equals(UNKNOWN_TOPIC) || topicId.equals(id);
    }
}
