package io.brokkr.plugin.groups;

import io.brokkr.plugin.groups.CoordinatorEvent.OffsetWritten;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.OffsetCommitRequest;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.TopicPartition;
import java.util.List;
import java.util.Map;

/** Keeps and forgets the offsets of groups: OffsetCommit, OffsetDelete. Stateless; called on the shard's executor. */
final class Committing {

    /** The first version whose clients know that a group can be unknown (KIP-848). */
    private static final int FIRST_VERSION_WITH_UNKNOWN_GROUP = 9;

    private static final int NO_GENERATION = -1;

    /**
     * Commits offsets.
     *
     * @param request who commits
     * @param offsets what, after the broker has looked at it
     * @throws ApiException if the group cannot take it
     */
    void commit(
            Decision decision, OffsetCommitRequest request, int version, Map<TopicPartition, CommittedOffset> offsets) {
        admit(decision, request, version);
        offsets.forEach((partition, offset) -> decision.write(new OffsetWritten(request.groupId(), partition, offset)));
    }

    private static void admit(Decision decision, OffsetCommitRequest request, int version) {
        int generation = request.generationIdOrMemberEpoch();
        Group group = decision.groups().find(request.groupId());
        if (group == null) {
            if (generation > NO_GENERATION) {
                throw new ApiException(
                        version >= FIRST_VERSION_WITH_UNKNOWN_GROUP
                                ? ErrorCode.GROUP_ID_NOT_FOUND
                                : ErrorCode.ILLEGAL_GENERATION,
                        "there is no group " + request.groupId());
            }
            return; // A consumer that assigns its partitions itself uses the group for nothing but its offsets.
        }
        if (generation <= NO_GENERATION && group.is(GroupState.EMPTY)) {
            return; // Likewise, or an administrator who sets the offsets of a group that is at rest.
        }
        Member member = group.require(request.memberId(), request.groupInstanceId());
        group.requireGeneration(generation);
        if (group.is(GroupState.COMPLETING_REBALANCE)) {
            throw new ApiException(
                    ErrorCode.REBALANCE_IN_PROGRESS, "group " + group.id() + " has not assigned its partitions yet");
        }
        member.touch();
    }

    /**
     * Forgets offsets.
     *
     * @return the error of each partition
     * @throws ApiException {@code GROUP_ID_NOT_FOUND}, or {@code NON_EMPTY_GROUP} if it has members whose topics only they know
     */
    List<ErrorCode> delete(Decision decision, String groupId, List<TopicPartition> partitions) {
        Group group = decision.groups().require(groupId, ErrorCode.GROUP_ID_NOT_FOUND);
        if (!group.is(GroupState.EMPTY) && !SubscribedTopics.areConsumers(group)) {
            throw new ApiException(
                    ErrorCode.NON_EMPTY_GROUP, "group " + groupId + " has members of type " + group.protocolType());
        }
        SubscribedTopics subscribed = SubscribedTopics.of(group);
        return partitions.stream()
                .map(partition -> {
                    if (subscribed.mayContain(partition.topic())) {
                        return ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC;
                    }
                    if (group.offsets().get(partition.topic(), partition.partition()) != null) {
                        decision.write(new OffsetWritten(groupId, partition, null));
                    }
                    return ErrorCode.NONE;
                })
                .toList();
    }
}
