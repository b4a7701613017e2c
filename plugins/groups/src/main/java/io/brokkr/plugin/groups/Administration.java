package io.brokkr.plugin.groups;

import io.brokkr.plugin.groups.CoordinatorEvent.GroupWritten;
import io.brokkr.plugin.groups.CoordinatorEvent.OffsetWritten;
import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.DescribeGroupsResponse.DescribedGroup;
import io.brokkr.protocol.message.DescribeGroupsResponse.DescribedGroupMember;
import io.brokkr.protocol.message.ListGroupsResponse.ListedGroup;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.TopicPartition;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shows and deletes groups: ListGroups, DescribeGroups, DeleteGroups. Stateless; called on the shard's executor. */
final class Administration {

    /** What ListGroups calls the groups of this plugin, in contrast to those of KIP-848. */
    static final String GROUP_TYPE = "classic";

    /** All groups of the shard. */
    List<ListedGroup> list(Decision decision) {
        return decision.groups().all().stream()
                .map(group -> ListedGroup.builder()
                        .groupId(group.id())
                        .protocolType(group.protocolType())
                        .groupState(group.state().label())
                        .groupType(GROUP_TYPE)
                        .build())
                .toList();
    }

    /** One group with its members; empty if there is no such group. */
    Optional<DescribedGroup> describe(Decision decision, String groupId) {
        return Optional.ofNullable(decision.groups().find(groupId)).map(Administration::describe);
    }

    private static DescribedGroup describe(Group group) {
        boolean stable = group.is(GroupState.STABLE);
        return DescribedGroup.builder()
                .groupId(group.id())
                .groupState(group.state().label())
                .protocolType(group.protocolType())
                .protocolData(stable && group.protocolName() != null ? group.protocolName() : "")
                .members(group.members().stream()
                        .map(member -> describe(member, stable ? group.protocolName() : null))
                        .toList())
                .build();
    }

    /** Metadata and assignment mean something only while the group is stable; at other times they are left empty, as Kafka does. */
    private static DescribedGroupMember describe(Member member, @Nullable String protocolName) {
        return DescribedGroupMember.builder()
                .memberId(member.id())
                .groupInstanceId(member.instanceId())
                .clientId(member.clientId())
                .clientHost(member.clientHost())
                .memberMetadata(protocolName == null ? Bytes.EMPTY : member.metadata(protocolName))
                .memberAssignment(protocolName == null ? Bytes.EMPTY : member.assignment())
                .build();
    }

    /**
     * Deletes a group with its offsets.
     *
     * @throws ApiException {@code GROUP_ID_NOT_FOUND} or {@code NON_EMPTY_GROUP}
     */
    void delete(Decision decision, String groupId) {
        Group group = decision.groups().require(groupId, ErrorCode.GROUP_ID_NOT_FOUND);
        if (!group.is(GroupState.EMPTY)) {
            throw new ApiException(ErrorCode.NON_EMPTY_GROUP, "group " + groupId + " has members");
        }
        for (TopicPartition partition : group.offsets().matching((any, offset) -> true)) {
            decision.write(new OffsetWritten(groupId, partition, null));
        }
        if (group.isRecorded()) {
            decision.write(new GroupWritten(groupId, null));
        }
    }
}
