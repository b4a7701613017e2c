package io.brokkr.plugin.groups;

import static io.brokkr.plugin.groups.GroupScript.GROUP;
import static io.brokkr.plugin.groups.GroupScript.joinError;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.JoinGroupResponse;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CoordinatorShardTest {

    private final GroupScript script = new GroupScript();
    private final TestCoordinator coordinator = script.coordinator;
    private final MemoryOffsetsLog log = coordinator.log;

    private CompletableFuture<ErrorCode> commit(long offset) {
        return script.commit("", -1, 8, script.offset(offset));
    }

    @Test
    void answersLeaveWhenTheLogHasWhatTheyTell() {
        log.hold();
        CompletableFuture<ErrorCode> commit = commit(7);
        CompletableFuture<CommittedOffset> fetch = coordinator.ask(
                decision -> decision.groups().find(GROUP).offsets().get("topic", 0));
        assertThat(commit).isNotCompleted();
        assertThat(fetch).isNotCompleted();
        log.release();
        assertThat(commit).isCompletedWithValue(ErrorCode.NONE);
        assertThat(fetch.join().offset()).isEqualTo(7);
    }

    @Test
    void whatIsDecidedDuringAnAppendGoesIntoOneBatch() {
        log.hold();
        List<CompletableFuture<ErrorCode>> commits =
                IntStream.range(0, 100).mapToObj(this::commit).toList();
        assertThat(log.batchCount()).isEqualTo(1);
        log.release();
        assertThat(log.batchCount()).isEqualTo(2);
        assertThat(RecordBatch.of(log.batches().get(1).duplicate()).recordCount())
                .isEqualTo(99);
        assertThat(commits).allSatisfy(commit -> assertThat(commit).isCompletedWithValue(ErrorCode.NONE));
        assertThat(script.committed().offset()).isEqualTo(99);
    }

    @Test
    void batchesAreNotLargerThanTheTopicTakes() {
        GroupScript small =
                new GroupScript(new TestCoordinator(TestCoordinator.SETTINGS, new MemoryOffsetsLog(1000), 1));
        small.coordinator.log.hold();
        List<CompletableFuture<ErrorCode>> commits = IntStream.range(0, 100)
                .mapToObj(i -> small.commit("", -1, 8, small.offset(i)))
                .toList();
        small.coordinator.log.release();
        assertThat(small.coordinator.log.batches())
                .hasSizeGreaterThan(2)
                .allSatisfy(batch -> assertThat(batch.remaining()).isLessThanOrEqualTo(1000));
        assertThat(commits).allSatisfy(commit -> assertThat(commit).isCompletedWithValue(ErrorCode.NONE));
        small.coordinator.restart();
        assertThat(small.committed().offset()).isEqualTo(99);
    }

    @Test
    void oneDecisionMayTakeSeveralBatches() {
        GroupScript small =
                new GroupScript(new TestCoordinator(TestCoordinator.SETTINGS, new MemoryOffsetsLog(1000), 1));
        CompletableFuture<String> decision = small.coordinator.ask(choice -> {
            for (int i = 0; i < 100; i++) {
                choice.write(
                        new CoordinatorEvent.OffsetWritten(GROUP, new TopicPartition("topic", i), small.offset(i)));
            }
            return "done";
        });
        assertThat(decision).isCompletedWithValue("done");
        assertThat(small.coordinator.log.batchCount()).isGreaterThan(5);
        small.coordinator.restart();
        for (int i = 0; i < 100; i++) {
            assertThat(small.group().offsets().get("topic", i).offset()).isEqualTo(i);
        }
    }

    @Test
    void recordThatFitsIntoNoBatchIsRefused() {
        GroupScript small =
                new GroupScript(new TestCoordinator(TestCoordinator.SETTINGS, new MemoryOffsetsLog(1000), 1));
        CommittedOffset large =
                new CommittedOffset(1, -1, "x".repeat(1000), 0, CommittedOffset.NONE, CommittedOffset.UNKNOWN_TOPIC);
        assertThat(small.commit("", -1, 8, large)).isCompletedWithValue(ErrorCode.INVALID_COMMIT_OFFSET_SIZE);
        assertThat(small.coordinator.group(GROUP)).isNull();
        assertThat(small.coordinator.log.batchCount()).isZero();
    }

    @Test
    void failedAppendLeavesNothingBehind() {
        commit(1).join();
        log.failAppends(true);
        assertThat(commit(2)).isCompletedWithValue(ErrorCode.NOT_COORDINATOR);
        assertThat(script.committed().offset()).isEqualTo(1);
        log.failAppends(false);
        assertThat(commit(3)).isCompletedWithValue(ErrorCode.NONE);
        assertThat(script.committed().offset()).isEqualTo(3);
    }

    @Test
    void failedAppendSendsThoseWhoWaitAway() {
        CompletableFuture<JoinGroupResponse> join = script.join("", "range");
        log.failAppends(true);
        CompletableFuture<String> other = coordinator.ask(decision -> {
            decision.write(
                    new CoordinatorEvent.OffsetWritten("other", new TopicPartition("topic", 0), script.offset(1)));
            return "done";
        });
        assertThat(other).isCompletedExceptionally();
        assertThat(joinError(join)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        coordinator.advance(Duration.ofMinutes(10));
        assertThat(coordinator.group(GROUP)).isNull();
    }

    @Test
    void slowLogIsNotWaitedForLongerThanTheCommitTimeout() {
        log.hold();
        CompletableFuture<ErrorCode> commit = commit(1);
        CompletableFuture<ErrorCode> second = commit(2);
        coordinator.advance(TestCoordinator.SETTINGS.commitTimeout());
        assertThat(commit).isCompletedWithValue(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(second).isCompletedWithValue(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        log.release();
        assertThat(script.committed().offset()).isEqualTo(2);
    }

    @Test
    void requestsWaitForTheLoadAndNotLongerThanTheCommitTimeout() {
        CompletableFuture<OffsetsLog> opening = new CompletableFuture<>();
        CoordinatorShard shard = coordinator.shardOf(() -> opening);
        CompletableFuture<Integer> early =
                shard.ask(decision -> decision.groups().all().size()).toCompletableFuture();
        coordinator.advance(TestCoordinator.SETTINGS.commitTimeout());
        assertThat(early.exceptionally(
                        failure -> (int) Requests.errorOf(failure).code()))
                .isCompletedWithValue((int) ErrorCode.COORDINATOR_LOAD_IN_PROGRESS.code());
        CompletableFuture<Integer> late =
                shard.ask(decision -> decision.groups().all().size()).toCompletableFuture();
        assertThat(late).isNotCompleted();
        opening.complete(log);
        assertThat(late).isCompletedWithValue(0);
    }

    @Test
    void waitingRequestsAreServedInOrderAfterTheLoad() {
        CompletableFuture<OffsetsLog> opening = new CompletableFuture<>();
        CoordinatorShard shard = coordinator.shardOf(() -> opening);
        List<Integer> order = new ArrayList<>();
        List<CompletableFuture<Boolean>> asked = IntStream.range(0, 10)
                .mapToObj(i -> shard.ask(decision -> order.add(i)).toCompletableFuture())
                .toList();
        opening.complete(log);
        assertThat(asked).allSatisfy(answer -> assertThat(answer).isCompleted());
        assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void groupsAreWhatTheyWereAfterARestart() {
        List<JoinGroupResponse> members = script.stableGroup(3);
        coordinator.restart();
        assertThat(script.group().state()).isEqualTo(GroupState.STABLE);
        assertThat(script.group().generation()).isEqualTo(1);
        assertThat(members).allSatisfy(member -> {
            assertThat(script.heartbeat(member.memberId(), 1)).isEqualTo(ErrorCode.NONE);
            assertThat(script.sync(member).join().assignment()).isEqualTo(GroupScript.bytes(member.memberId()));
        });
        // Who does not come back is missed.
        coordinator.advance(GroupScript.SESSION);
        assertThat(script.group().members()).isEmpty();
    }

    @Test
    void idleShardHasNoTimers() {
        commit(1).join();
        coordinator.advance(Duration.ofMinutes(1));
        assertThat(coordinator.scheduler.taskCount()).isZero();
    }
}
