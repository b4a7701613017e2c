package io.brokkr.plugin.groups;

import io.brokkr.plugin.groups.Member.Client;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.HeartbeatRequest;
import io.brokkr.protocol.message.JoinGroupRequest;
import io.brokkr.protocol.message.JoinGroupResponse;
import io.brokkr.protocol.message.LeaveGroupRequest.MemberIdentity;
import io.brokkr.protocol.message.LeaveGroupResponse.MemberResponse;
import io.brokkr.protocol.message.OffsetCommitRequest;
import io.brokkr.protocol.message.SyncGroupRequest;
import io.brokkr.protocol.message.SyncGroupResponse;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.TopicPartition;
import io.brokkr.testkit.time.VirtualClock;
import io.brokkr.testkit.time.VirtualScheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One shard with all that decides on it, over a log that outlives it, in a time that the test holds in its hands. */
final class TestCoordinator {

    static final Client CLIENT = new Client("client", "/127.0.0.1");

    static final GroupSettings SETTINGS = new GroupSettings(
            Duration.ofSeconds(1),
            Duration.ofMinutes(30),
            Duration.ofMillis(500),
            20,
            Duration.ofDays(7),
            Duration.ofMinutes(10),
            4096,
            50,
            1,
            1024 * 1024,
            1024 * 1024,
            Duration.ofSeconds(5));

    final VirtualClock clock = new VirtualClock();
    final VirtualScheduler scheduler;
    final MemoryOffsetsLog log;
    final Expiring expiring;
    /** The topics whose id matters to the test; all others are there as well, unless they are in {@link #deleted}. */
    final Map<String, UUID> topicIds = new HashMap<>();

    final Set<String> deleted = new HashSet<>();
    final Forgetting forgetting = new Forgetting(
            name -> deleted.contains(name) ? null : topicIds.getOrDefault(name, CommittedOffset.UNKNOWN_TOPIC));
    final TopicDeletions deletions;
    final Administration administration = new Administration();

    private final Rebalancing rebalancing;
    private final GroupSettings settings;
    private final Joining joining;
    private final Syncing syncing;
    private final Attendance attendance;
    private final Committing committing = new Committing();
    private CoordinatorShard shard;

    TestCoordinator(GroupSettings settings, MemoryOffsetsLog log, long seed) {
        Random random = new Random(seed);
        this.log = log;
        this.settings = settings;
        scheduler = new VirtualScheduler(clock, seed);
        rebalancing = new Rebalancing(settings, clock);
        joining = new Joining(settings, rebalancing, clock, () -> new UUID(random.nextLong(), random.nextLong()));
        syncing = new Syncing(clock, (type, subject, details) -> {});
        attendance = new Attendance(rebalancing);
        expiring = new Expiring(settings, clock);
        shard = newShard();
        deletions = new TopicDeletions(() -> List.of(shard), forgetting, scheduler);
    }

    TestCoordinator() {
        this(SETTINGS, new MemoryOffsetsLog(), 1);
    }

    private CoordinatorShard newShard() {
        return shardOf(log::open);
    }

    /** Another shard, for tests of what becomes of it while its log is being opened. */
    CoordinatorShard shardOf(Supplier<CompletionStage<? extends OffsetsLog>> opener) {
        return new CoordinatorShard(opener, settings, rebalancing, forgetting, clock, scheduler);
    }

    /** Ends the shard as a crash would, and begins another one. */
    void restart() {
        shard.close(new ApiException(ErrorCode.NOT_COORDINATOR, "crashed"));
        shard = newShard();
    }

    void advance(Duration duration) {
        scheduler.advance(duration);
    }

    CompletableFuture<JoinGroupResponse> join(JoinGroupRequest request, int version) {
        return shard.<JoinGroupResponse>decide(
                        (decision, answer) -> joining.join(decision, request, version, CLIENT, answer))
                .exceptionally(failure -> JoinGroupResponse.builder()
                        .errorCode(Requests.errorOf(failure))
                        .memberId(request.memberId())
                        .build())
                .toCompletableFuture();
    }

    CompletableFuture<SyncGroupResponse> sync(SyncGroupRequest request) {
        return shard.<SyncGroupResponse>decide((decision, answer) -> syncing.sync(decision, request, answer))
                .exceptionally(failure -> SyncGroupResponse.builder()
                        .errorCode(Requests.errorOf(failure))
                        .build())
                .toCompletableFuture();
    }

    CompletableFuture<ErrorCode> heartbeat(HeartbeatRequest request) {
        return shard.ask(decision -> attendance.heartbeat(decision, request))
                .exceptionally(Requests::errorOf)
                .toCompletableFuture();
    }

    CompletableFuture<List<MemberResponse>> leave(String groupId, MemberIdentity... leaving) {
        return shard.ask(decision -> attendance.leave(decision, groupId, List.of(leaving)))
                .toCompletableFuture();
    }

    CompletableFuture<ErrorCode> commit(
            OffsetCommitRequest request, int version, TopicPartition partition, CommittedOffset offset) {
        return shard.ask(decision -> {
                    committing.commit(decision, request, version, Map.of(partition, offset));
                    return ErrorCode.NONE;
                })
                .exceptionally(Requests::errorOf)
                .toCompletableFuture();
    }

    CompletableFuture<List<ErrorCode>> deleteOffsets(String groupId, List<TopicPartition> partitions) {
        return shard.ask(decision -> committing.delete(decision, groupId, partitions))
                .toCompletableFuture();
    }

    /** What the coordinator thinks, once it is safe. */
    <T> CompletableFuture<T> ask(Function<Decision, T> question) {
        return shard.ask(question).toCompletableFuture();
    }

    @Nullable
    Group group(String groupId) {
        return ask(decision -> java.util.Optional.ofNullable(decision.groups().find(groupId)))
                .join()
                .orElse(null);
    }
}
