package io.brokkr.plugin.groups;

import io.brokkr.plugin.groups.Member.Subscription;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The members of a group, in the order in which they came, and what they have in common. There is always a protocol that all of them support, since
 * nobody is let in without one. Confined to its shard.
 */
final class Roster {

    private final String groupId;
    private final Map<String, Member> byId = new LinkedHashMap<>();
    private final Map<String, Member> byInstance = new HashMap<>();
    private final ProtocolVotes votes = new ProtocolVotes();

    Roster(String groupId) {
        this.groupId = groupId;
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    int size() {
        return byId.size();
    }

    /** All members, as a view. */
    Collection<Member> all() {
        return byId.values();
    }

    /** The member that came before all others; there is one. */
    Member oldest() {
        return byId.values().iterator().next();
    }

    @Nullable
    Member find(String memberId) {
        return byId.get(memberId);
    }

    @Nullable
    Member findInstance(String instanceId) {
        return byInstance.get(instanceId);
    }

    void add(Member member) {
        byId.put(member.id(), member);
        votes.add(member.protocols());
        if (member.instanceId() != null) {
            byInstance.put(member.instanceId(), member);
        }
    }

    void remove(Member member) {
        byId.remove(member.id());
        votes.remove(member.protocols());
        if (member.instanceId() != null) {
            byInstance.remove(member.instanceId(), member);
        }
        member.session().cancel();
    }

    /** Takes over what a member says of itself now. */
    void subscribe(Member member, Subscription subscription) {
        votes.remove(member.protocols());
        member.subscribe(subscription);
        votes.add(member.protocols());
    }

    /** Whether all members support one of these protocols. */
    boolean supportsOneOf(List<Protocol> protocols) {
        return protocols.stream().anyMatch(protocol -> votes.isSupportedBy(size(), protocol.name()));
    }

    /** The protocol that the members would choose now; there are members. */
    String electProtocol() {
        return votes.elect(byId.values());
    }

    /** How long a rebalance waits for the members: as long as the most patient one asks. */
    Duration rebalanceTimeout() {
        return byId.values().stream()
                .map(Member::rebalanceTimeout)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    boolean haveAllJoined() {
        return byId.values().stream().allMatch(Member::isAwaitingJoin);
    }

    /**
     * Finds the member that a request names.
     *
     * @param instanceId null unless the client is a static member
     * @throws ApiException {@code UNKNOWN_MEMBER_ID}, or {@code FENCED_INSTANCE_ID} if another client has taken the instance's place
     */
    Member require(String memberId, @Nullable String instanceId) {
        Member member = instanceId == null ? byId.get(memberId) : byInstance.get(instanceId);
        if (member == null) {
            throw new ApiException(ErrorCode.UNKNOWN_MEMBER_ID, "group " + groupId + " has no member " + memberId);
        }
        if (!member.id().equals(memberId)) {
            throw new ApiException(
                    ErrorCode.FENCED_INSTANCE_ID,
                    "the instance " + instanceId + " of group " + groupId + " is member " + member.id() + " now, not "
                            + memberId);
        }
        return member;
    }
}
