package io.brokkr.plugin.groups;

import io.brokkr.plugin.groups.Member.Client;
import io.brokkr.plugin.groups.Member.Subscription;
import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.coordinator.GroupMetadataValue;
import io.brokkr.protocol.coordinator.GroupMetadataValue.MemberMetadata;
import io.brokkr.spi.ApiException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A classic group: its members, the generation that they share, and its offsets. Confined to its shard.
 *
 * <p>Generation, protocol, leader, members and assignments outlive the broker as they stood when the last rebalance was completed: {@link #apply}
 * takes them from the log, {@link #snapshot} writes them there. Who is joining, and who waits for what, does not outlive it; after a restart the
 * clients find out and join again.
 */
final class Group {

    private final String id;
    private final Timers timers;
    private final Rebalancing rebalancing;
    private final GroupOffsets offsets = new GroupOffsets();
    private final Roster roster;
    /** The ids that were given out and not used yet (KIP-394), each with the time until which it may be. */
    private final Map<String, Deadline> pendingMembers = new HashMap<>();

    private final Rebalance rebalance;

    private GroupState state = GroupState.EMPTY;
    private long stateTimestamp = CommittedOffset.NONE;
    private boolean recorded;
    private String protocolType = "";
    private int generation;
    private @Nullable String protocolName;
    private @Nullable String leaderId;

    Group(String id, Timers timers, Rebalancing rebalancing) {
        this.id = id;
        this.timers = timers;
        this.rebalancing = rebalancing;
        this.roster = new Roster(id);
        this.rebalance = new Rebalance(
                timers.deadline(decision -> rebalancing.joinExpired(decision, this)),
                timers.deadline(decision -> rebalancing.syncExpired(decision, this)));
    }

    /** A member that is not in the group yet. */
    Member newMember(String memberId, @Nullable String instanceId, Client client, Subscription subscription) {
        Deadline session = timers.deadline(decision -> rebalancing.sessionExpired(decision, this, memberId));
        return new Member(memberId, instanceId, client, subscription, session);
    }

    /** Gives out an id that a client is to join with. */
    void expect(String memberId, Duration withinTime) {
        Deadline deadline = timers.deadline(decision -> rebalancing.pendingMemberExpired(decision, this, memberId));
        pendingMembers.put(memberId, deadline);
        deadline.set(withinTime);
    }

    /**
     * Takes back an id that was given out, since it is used, or is not going to be.
     *
     * @return whether it had been given out
     */
    boolean expectNoMore(String memberId) {
        Deadline deadline = pendingMembers.remove(memberId);
        if (deadline == null) {
            return false;
        }
        deadline.cancel();
        return true;
    }

    String id() {
        return id;
    }

    GroupOffsets offsets() {
        return offsets;
    }

    /** The clock of the rebalance. */
    Rebalance rebalance() {
        return rebalance;
    }

    GroupState state() {
        return state;
    }

    boolean is(GroupState expected) {
        return state == expected;
    }

    void enter(GroupState next) {
        state = next;
    }

    /** Epoch milliseconds of the last state that was written, {@link CommittedOffset#NONE} if there is none. */
    long stateTimestamp() {
        return stateTimestamp;
    }

    /** Empty if the group never had a member. */
    String protocolType() {
        return protocolType;
    }

    int generation() {
        return generation;
    }

    /** The protocol of the generation, null of a group without members. */
    @Nullable
    String protocolName() {
        return protocolName;
    }

    /** The member that assigns, null of a group without members. */
    @Nullable
    String leaderId() {
        return leaderId;
    }

    boolean isLeader(Member member) {
        return member.id().equals(leaderId);
    }

    Collection<Member> members() {
        return roster.all();
    }

    @Nullable
    Member member(String memberId) {
        return roster.find(memberId);
    }

    /** The member that has an instance's name now, null if there is none. */
    @Nullable
    Member staticMember(String instanceId) {
        return roster.findInstance(instanceId);
    }

    /** Whether the log has the group itself, and not just offsets of it. */
    boolean isRecorded() {
        return recorded;
    }

    /** Whether nothing is known of the group that would be missed. */
    boolean isBlank() {
        return roster.isEmpty() && pendingMembers.isEmpty() && !recorded && offsets.isEmpty();
    }

    /** Whether a member with these protocols can be one of this group. */
    boolean supports(String type, List<Protocol> protocols) {
        return roster.isEmpty()
                ? !type.isEmpty() && !protocols.isEmpty()
                : type.equals(protocolType) && roster.supportsOneOf(protocols);
    }

    /** The protocol that the members would choose now. */
    String electProtocol() {
        return roster.electProtocol();
    }

    /** How long a rebalance waits for the members. */
    Duration rebalanceTimeout() {
        return roster.rebalanceTimeout();
    }

    /** Adds a member; the first one decides on the protocol type, and leads. */
    void add(Member member, String type) {
        if (roster.isEmpty()) {
            protocolType = type;
        }
        if (leaderId == null) {
            leaderId = member.id();
        }
        roster.add(member);
    }

    /** Removes a member; if it was the leader, the oldest of the others is now. */
    void remove(Member member) {
        roster.remove(member);
        if (isLeader(member)) {
            leaderId = roster.isEmpty() ? null : roster.oldest().id();
        }
    }

    /** Puts a member in the place of another, its assignment and its leadership included. */
    void replace(Member old, Member successor) {
        boolean led = isLeader(old);
        roster.remove(old);
        successor.assign(old.assignment());
        roster.add(successor);
        if (led) {
            leaderId = successor.id();
        }
    }

    /** Takes over what a member says of itself now. */
    void subscribe(Member member, Subscription subscription) {
        roster.subscribe(member, subscription);
    }

    /** Whether every member has joined, those included that were only told their id. */
    boolean hasAllMembersJoined() {
        return pendingMembers.isEmpty() && roster.haveAllJoined();
    }

    /**
     * Sees to it that the leader is one who has joined.
     *
     * @return whether there is such a member
     */
    boolean electLeader() {
        Member leader = leaderId == null ? null : roster.find(leaderId);
        if (leader != null && leader.isAwaitingJoin()) {
            return true;
        }
        for (Member member : roster.all()) {
            if (member.isAwaitingJoin()) {
                leaderId = member.id();
                return true;
            }
        }
        return false;
    }

    /** Begins the next generation, of the members that there are. */
    void nextGeneration() {
        generation++;
        protocolName = roster.isEmpty() ? null : electProtocol();
    }

    /**
     * Finds the member that a request names.
     *
     * @param instanceId null unless the client is a static member
     * @throws ApiException {@code UNKNOWN_MEMBER_ID}, or {@code FENCED_INSTANCE_ID} if another client has taken the instance's place
     */
    Member require(String memberId, @Nullable String instanceId) {
        return roster.require(memberId, instanceId);
    }

    /**
     * Refuses a request of another generation.
     *
     * @throws ApiException {@code ILLEGAL_GENERATION}
     */
    void requireGeneration(int requested) {
        if (requested != generation) {
            throw new ApiException(
                    ErrorCode.ILLEGAL_GENERATION,
                    "group " + id + " is in generation " + generation + ", not " + requested);
        }
    }

    /**
     * The group as the log is to keep it.
     *
     * @param timestamp epoch milliseconds, now
     * @param assignment what each member is to do
     */
    GroupMetadataValue snapshot(long timestamp, Function<Member, Bytes> assignment) {
        List<MemberMetadata> written = new ArrayList<>(roster.size());
        for (Member member : roster.all()) {
            written.add(MemberMetadata.builder()
                    .memberId(member.id())
                    .groupInstanceId(member.instanceId())
                    .clientId(member.clientId())
                    .clientHost(member.clientHost())
                    .rebalanceTimeout((int) member.rebalanceTimeout().toMillis())
                    .sessionTimeout((int) member.sessionTimeout().toMillis())
                    .subscription(member.metadata(protocolName))
                    .assignment(assignment.apply(member))
                    .build());
        }
        return GroupMetadataValue.builder()
                .protocolType(protocolType)
                .generation(generation)
                .protocol(protocolName)
                .leader(leaderId)
                .currentStateTimestamp(timestamp)
                .members(written)
                .build();
    }

    /** Takes over what the log has. Members that are there already keep what the log does not know of them. */
    void apply(GroupMetadataValue written) {
        recorded = true;
        protocolType = written.protocolType();
        generation = written.generation();
        protocolName = written.protocol();
        stateTimestamp = written.currentStateTimestamp();
        Set<Member> gone = new HashSet<>(roster.all());
        for (MemberMetadata metadata : written.members()) {
            gone.remove(apply(metadata));
        }
        gone.forEach(roster::remove);
        leaderId = written.leader();
        state = roster.isEmpty() ? GroupState.EMPTY : GroupState.STABLE;
    }

    private Member apply(MemberMetadata written) {
        Subscription subscription = subscription(written);
        Member member = roster.find(written.memberId());
        if (member == null) {
            Client client = new Client(written.clientId(), written.clientHost());
            member = newMember(written.memberId(), written.groupInstanceId(), client, subscription);
            roster.add(member);
        } else if (!member.says(protocolName, subscription)) {
            roster.subscribe(member, subscription);
        }
        member.assign(written.assignment());
        return member;
    }

    private Subscription subscription(MemberMetadata written) {
        Duration sessionTimeout = Duration.ofMillis(written.sessionTimeout());
        return new Subscription(
                written.rebalanceTimeout() < 0 ? sessionTimeout : Duration.ofMillis(written.rebalanceTimeout()),
                sessionTimeout,
                List.of(new Protocol(protocolName == null ? "" : protocolName, written.subscription())));
    }

    /** Takes over that the log has the group no more; its offsets it may still have. */
    void applyDeletion() {
        recorded = false;
        List.copyOf(roster.all()).forEach(roster::remove);
        leaderId = null;
        protocolName = null;
        state = GroupState.EMPTY;
    }

    /** Stops all timers and refuses everyone who waits. */
    void close(RuntimeException reason) {
        rebalance.cancel();
        pendingMembers.values().forEach(Deadline::cancel);
        roster.all().forEach(member -> member.close(reason));
    }
}
