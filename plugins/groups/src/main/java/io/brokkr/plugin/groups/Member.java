package io.brokkr.plugin.groups;

import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.message.JoinGroupResponse;
import io.brokkr.protocol.message.SyncGroupResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A member of a group, with the answers that it waits for. Confined to its shard. */
final class Member {

    private final String id;
    private final @Nullable String instanceId;
    private final String clientId;
    private final String clientHost;
    private final Deadline session;

    private Duration rebalanceTimeout;
    private Duration sessionTimeout;
    private List<Protocol> protocols;
    private Bytes assignment = Bytes.EMPTY;
    private boolean joiningForTheFirstTime;
    private boolean owesSync;
    private @Nullable CompletableFuture<JoinGroupResponse> awaitingJoin;
    private @Nullable CompletableFuture<SyncGroupResponse> awaitingSync;

    Member(String id, @Nullable String instanceId, Client client, Subscription subscription, Deadline session) {
        this.id = id;
        this.instanceId = instanceId;
        this.clientId = client.id();
        this.clientHost = client.host();
        this.session = session;
        this.rebalanceTimeout = subscription.rebalanceTimeout();
        this.sessionTimeout = subscription.sessionTimeout();
        this.protocols = subscription.protocols();
    }

    /**
     * Who sent a request.
     *
     * @param id what the client calls itself, empty where it does not say
     * @param host the address, with a slash before it, as Kafka's tools show it
     */
    record Client(String id, String host) {}

    /** What a member says of itself when it joins. */
    record Subscription(Duration rebalanceTimeout, Duration sessionTimeout, List<Protocol> protocols) {}

    String id() {
        return id;
    }

    /** The name that a static member keeps over restarts (KIP-345), null of a dynamic one. */
    @Nullable
    String instanceId() {
        return instanceId;
    }

    String clientId() {
        return clientId;
    }

    String clientHost() {
        return clientHost;
    }

    Duration rebalanceTimeout() {
        return rebalanceTimeout;
    }

    Duration sessionTimeout() {
        return sessionTimeout;
    }

    List<Protocol> protocols() {
        return protocols;
    }

    void subscribe(Subscription subscription) {
        rebalanceTimeout = subscription.rebalanceTimeout();
        sessionTimeout = subscription.sessionTimeout();
        protocols = subscription.protocols();
    }

    /** What the member said of itself under a protocol; nothing if it does not support it. */
    Bytes metadata(@Nullable String protocolName) {
        return protocols.stream()
                .filter(protocol -> protocol.name().equals(protocolName))
                .map(Protocol::metadata)
                .findFirst()
                .orElse(Bytes.EMPTY);
    }

    /** Whether the member has said so itself, and maybe more: a log keeps no more than what was said under the protocol that was chosen. */
    boolean says(@Nullable String protocolName, Subscription written) {
        return rebalanceTimeout.equals(written.rebalanceTimeout())
                && sessionTimeout.equals(written.sessionTimeout())
                && written.protocols().stream()
                        .allMatch(protocol -> protocol.metadata().equals(metadata(protocolName)));
    }

    Bytes assignment() {
        return assignment;
    }

    void assign(Bytes newAssignment) {
        assignment = newAssignment;
    }

    /** When the member is taken for dead. */
    Deadline session() {
        return session;
    }

    /** Starts the session anew, since the member gave a sign of life. */
    void touch() {
        session.set(sessionTimeout);
    }

    /** Whether the first join of this member is not answered yet: its client does not send heartbeats then. */
    boolean isJoiningForTheFirstTime() {
        return joiningForTheFirstTime;
    }

    void joiningForTheFirstTime(boolean isSo) {
        joiningForTheFirstTime = isSo;
    }

    /** Whether the member has joined the generation and not asked for its assignment yet. */
    boolean owesSync() {
        return owesSync;
    }

    void owesSync(boolean owes) {
        owesSync = owes;
    }

    boolean isAwaitingJoin() {
        return awaitingJoin != null;
    }

    boolean isAwaitingAnswer() {
        return awaitingJoin != null || awaitingSync != null;
    }

    /** Sets who waits for the rebalance; whoever did before was taken care of. */
    void awaitJoin(CompletableFuture<JoinGroupResponse> answer) {
        awaitingJoin = answer;
    }

    /** Who waits for the rebalance, and does not any more; null if nobody does. */
    @Nullable
    CompletableFuture<JoinGroupResponse> takeAwaitingJoin() {
        CompletableFuture<JoinGroupResponse> waiting = awaitingJoin;
        awaitingJoin = null;
        return waiting;
    }

    /** Sets who waits for the assignment; whoever did before was taken care of. */
    void awaitSync(CompletableFuture<SyncGroupResponse> answer) {
        awaitingSync = answer;
    }

    /** Who waits for the assignment, and does not any more; null if nobody does. */
    @Nullable
    CompletableFuture<SyncGroupResponse> takeAwaitingSync() {
        CompletableFuture<SyncGroupResponse> waiting = awaitingSync;
        awaitingSync = null;
        return waiting;
    }

    /** Stops the session's timer and refuses those who wait. */
    void close(RuntimeException reason) {
        session.cancel();
        CompletableFuture<JoinGroupResponse> join = takeAwaitingJoin();
        if (join != null) {
            join.completeExceptionally(reason);
        }
        CompletableFuture<SyncGroupResponse> sync = takeAwaitingSync();
        if (sync != null) {
            sync.completeExceptionally(reason);
        }
    }
}
