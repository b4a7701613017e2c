package io.brokkr.plugin.groups;

import static io.brokkr.plugin.groups.GroupScript.GROUP;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.MessageWriter;
import io.brokkr.protocol.coordinator.OffsetCommitValue;
import io.brokkr.protocol.record.RecordBatchBuilder;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicPartition;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TopicDeletionsTest {

    private static final UUID FIRST = new UUID(1, 1);
    private static final UUID SECOND = new UUID(2, 2);

    private final GroupScript script = new GroupScript();
    private final TestCoordinator coordinator = script.coordinator;
    private final MemoryOffsetsLog log = coordinator.log;

    /** A topic as a listener gets it. */
    private record Deleted(String name, UUID id) implements Topic {

        @Override
        public String storageEngine() {
            return "memory";
        }

        @Override
        public int partitionCount() {
            return 1;
        }

        @Override
        public boolean internal() {
            return false;
        }

        @Override
        public int leaderEpoch(int partition) {
            return 0;
        }

        @Override
        public Map<String, String> overrides() {
            return Map.of();
        }

        @Override
        public Configuration configuration() {
            throw new UnsupportedOperationException("nobody here asks");
        }
    }

    /** Commits as the broker does: the topic of the name, with its id. */
    private void commit(long offset) {
        commit("topic", offset);
    }

    private void commit(String topic, long offset) {
        CommittedOffset committed = new CommittedOffset(
                offset, -1, "", coordinator.clock.millis(), CommittedOffset.NONE, coordinator.topicIds.get(topic));
        assertThat(script.commit("", -1, 8, new TopicPartition(topic, 0), committed))
                .isCompletedWithValue(ErrorCode.NONE);
    }

    private CompletableFuture<?> delete(UUID id) {
        return delete("topic", id);
    }

    private CompletableFuture<?> delete(String topic, UUID id) {
        coordinator.deleted.add(topic);
        return tell(topic, id);
    }

    private CompletableFuture<?> tell(String topic, UUID id) {
        return coordinator.deletions.topicDeleted(new Deleted(topic, id)).toCompletableFuture();
    }

    private void create(String topic, UUID id) {
        coordinator.topicIds.put(topic, id);
        coordinator.deleted.remove(topic);
    }

    @Example
    void offsetsAreGoneFromMemoryAndFromTheLog() {
        create("topic", FIRST);
        create("other", new UUID(3, 3));
        commit(77);
        commit("other", 5);
        assertThat(delete(FIRST)).isCompleted();
        assertThat(script.committed()).isNull();
        create("topic", SECOND);
        coordinator.restart();
        assertThat(script.committed()).isNull();
        assertThat(script.group().offsets().get("other", 0).offset()).isEqualTo(5);
    }

    @Example
    void offsetsOfAShardThatNobodyHasReadYetAreGoneToo() {
        create("topic", FIRST);
        commit(77);
        coordinator.restart();
        assertThat(delete(FIRST)).isCompleted();
        create("topic", SECOND);
        assertThat(script.committed()).isNull();
        coordinator.restart();
        assertThat(script.committed()).isNull();
    }

    @Example
    void deletionWaitsForTheLog() {
        create("topic", FIRST);
        commit(77);
        log.hold();
        CompletableFuture<?> deletion = delete(FIRST);
        assertThat(deletion).isNotDone();
        log.release();
        assertThat(deletion).isCompleted();
    }

    @Example
    void brokerKilledBetweenDeletionAndTombstonesForgetsWhenItReads() {
        create("topic", FIRST);
        commit(77);
        coordinator.deleted.add("topic");
        coordinator.restart();
        assertThat(coordinator.group(GROUP)).isNull();
        // It is gone from the log as well.
        create("topic", SECOND);
        coordinator.restart();
        assertThat(coordinator.group(GROUP)).isNull();
    }

    @Example
    void recordsThatNameTheirTopicByIdAreOnlyOfThatTopic() {
        create("topic", SECOND);
        appendVersion4(FIRST, 0, 77);
        appendVersion4(SECOND, 1, 78);
        assertThat(script.committed()).isNull();
        assertThat(script.group().offsets().get("topic", 1).offset()).isEqualTo(78);
        assertThat(log.batchCount()).as("the tombstone is written").isEqualTo(3);
    }

    private void appendVersion4(UUID topicId, int partition, long offset) {
        OffsetCommitValue value =
                OffsetCommitValue.builder().offset(offset).topicId(topicId).build();
        ByteBuffer bytes = ByteBuffer.allocate(2 + value.encodedSize(4)).putShort((short) 4);
        value.write(MessageWriter.copying(bytes), 4);
        ByteBuffer key = CoordinatorRecord.of(
                        new CoordinatorEvent.OffsetWritten(GROUP, new TopicPartition("topic", partition), null))
                .key();
        RecordBatchBuilder batch = new RecordBatchBuilder();
        batch.append(0, key, bytes.flip());
        log.append(batch.build());
    }

    @Example
    void deletionThatIsToldAgainSparesTheNextTopicOfTheName() {
        create("topic", SECOND);
        commit(3);
        assertThat(tell("topic", FIRST)).isCompleted();
        assertThat(script.committed().offset()).isEqualTo(3);
        coordinator.restart();
        assertThat(tell("topic", FIRST)).isCompleted();
        assertThat(script.committed().offset()).isEqualTo(3);
    }

    @Example
    void fullDiskIsTriedAgain() {
        create("topic", FIRST);
        commit(77);
        log.failAppends(true);
        CompletableFuture<?> deletion = delete(FIRST);
        assertThat(deletion).isNotDone();
        coordinator.advance(TopicDeletions.PAUSE.multipliedBy(3));
        assertThat(deletion).isNotDone();
        log.failAppends(false);
        coordinator.advance(TopicDeletions.PAUSE);
        assertThat(deletion).isCompleted();
        create("topic", SECOND);
        coordinator.restart();
        assertThat(script.committed()).isNull();
    }

    @Example
    void diskThatStaysFullIsNotTriedForEver() {
        create("topic", FIRST);
        commit(77);
        log.failAppends(true);
        CompletableFuture<?> deletion = delete(FIRST);
        coordinator.advance(TopicDeletions.PAUSE.multipliedBy(20));
        assertThat(deletion).isCompletedExceptionally();
        assertThat(coordinator.scheduler.taskCount()).isZero();
    }

    @Example
    void shardThatIsReadForLongIsWaitedFor() {
        CompletableFuture<OffsetsLog> opening = new CompletableFuture<>();
        CoordinatorShard slow = coordinator.shardOf(() -> opening);
        create("topic", FIRST);
        commit(77);
        coordinator.deleted.add("topic");
        CompletableFuture<?> deletion = new TopicDeletions(
                        () -> List.of(slow), coordinator.forgetting, coordinator.scheduler)
                .topicDeleted(new Deleted("topic", FIRST))
                .toCompletableFuture();
        coordinator.advance(TestCoordinator.SETTINGS.commitTimeout().multipliedBy(2));
        assertThat(deletion).isNotDone();
        // The broker may have lost its patience, and somebody may have created the next topic of the name.
        create("topic", SECOND);
        coordinator.log.open().thenAccept(opening::complete);
        coordinator.advance(TestCoordinator.SETTINGS.commitTimeout());
        assertThat(deletion).isCompleted();
        assertThat(slow.ask(decision -> decision.groups().all().size()).toCompletableFuture())
                .isCompletedWithValue(0);
    }

    private enum What {
        COMMIT,
        DELETE,
        DELETE_AND_CREATE,
        KILL_AFTER_DELETION,
        CREATE,
        RESTART,
        HOLD,
        RELEASE
    }

    private record Step(What what, String topic) {}

    @Provide
    Arbitrary<List<Step>> histories() {
        return Combinators.combine(Arbitraries.of(What.class), Arbitraries.of("a", "b"))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }

    /** A topic that is there has the offset that was committed since it was created, and never one of its predecessors'. */
    @Property(tries = 500)
    void topicsNeverGetOffsetsOfTheirPredecessors(@ForAll("histories") List<Step> history) {
        new TopicDeletionsTest().live(history);
    }

    private void live(List<Step> history) {
        Map<String, Long> expected = new HashMap<>();
        long next = 1;
        create("a", new UUID(9, 1));
        create("b", new UUID(9, 2));
        for (Step step : history) {
            String topic = step.topic();
            boolean exists = !coordinator.deleted.contains(topic);
            next++;
            switch (step.what()) {
                case COMMIT -> {
                    if (exists) {
                        log.release();
                        commit(topic, next);
                        expected.put(topic, next);
                    }
                }
                case DELETE, DELETE_AND_CREATE, KILL_AFTER_DELETION -> {
                    if (exists) {
                        expected.remove(topic);
                        delete(topic, step, next);
                    }
                }
                case CREATE -> {
                    if (!exists) {
                        log.release();
                        create(topic, new UUID(8, next));
                    }
                }
                case RESTART -> {
                    log.release();
                    coordinator.restart();
                }
                case HOLD -> log.hold();
                case RELEASE -> log.release();
            }
        }
        log.release();
        Group group = coordinator.group(GROUP);
        for (String topic : List.of("a", "b")) {
            CommittedOffset found = group == null ? null : group.offsets().get(topic, 0);
            assertThat(found == null ? null : found.offset()).isEqualTo(expected.get(topic));
        }
    }

    private void delete(String topic, Step step, long next) {
        UUID id = coordinator.topicIds.get(topic);
        if (step.what() == What.KILL_AFTER_DELETION) {
            coordinator.deleted.add(topic);
            coordinator.restart();
            // The broker tells again, and first.
        }
        CompletableFuture<?> deletion = delete(topic, id);
        if (step.what() == What.DELETE_AND_CREATE) {
            // Which waits for the deletion.
            log.release();
            assertThat(deletion).isCompleted();
            create(topic, new UUID(8, next));
        }
    }
}
