package io.brokkr.core.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Partition;
import io.brokkr.spi.Partition.Appended;
import io.brokkr.spi.Partition.Durability;
import io.brokkr.spi.Partition.Isolation;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** An engine that takes its time: what may be answered and shown, and when. */
class PartitionProgressTest {

    private enum Step {
        APPEND_WRITTEN,
        APPEND_COMMITTED,
        REPEAT_LAST,
        WAIT_FOR_END,
        WAIT_FOR_COMMIT,
        CANCEL_A_WAIT,
        WRITE_ONE,
        TELL_ONE,
        SYNC_ONE,
        FAIL_NEXT_APPEND,
        FAIL_NEXT_SYNC,
        USE_AGAIN
    }

    private record Sent(ByteBuffer batch, Bytes asSent, Durability durability, CompletableFuture<Appended> answer) {}

    private static final class Waiting {
        final long offset;
        final Isolation isolation;
        int calls;
        boolean cancelled;
        Partition.Wait wait;

        Waiting(long offset, Isolation isolation) {
            this.offset = offset;
            this.isolation = isolation;
        }
    }

    /** One history: the real partition, and what this test remembers of what it asked. */
    private static final class World {
        final boolean synced;
        final TestBroker broker;
        final Partition partition;
        final List<Sent> sent = new ArrayList<>();
        final List<Waiting> waiting = new ArrayList<>();
        boolean disturbed;
        int sequence;

        World(boolean synced) {
            this.synced = synced;
            broker = TestBroker.withTopic(Map.of("durability", synced ? "synced" : "written"));
            partition = broker.partition();
            broker.engine.delayedAppends = new ArrayDeque<>();
            broker.engine.delayedSyncs = new ArrayDeque<>();
            broker.engine.heldEnds = new ArrayList<>();
        }
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        return Arbitraries.frequencyOf(
                        Tuple.of(
                                12,
                                Arbitraries.of(
                                        Step.APPEND_WRITTEN,
                                        Step.APPEND_COMMITTED,
                                        Step.REPEAT_LAST,
                                        Step.WAIT_FOR_END,
                                        Step.WAIT_FOR_COMMIT,
                                        Step.CANCEL_A_WAIT)),
                        Tuple.of(14, Arbitraries.of(Step.WRITE_ONE, Step.TELL_ONE, Step.SYNC_ONE)),
                        Tuple.of(1, Arbitraries.of(Step.FAIL_NEXT_APPEND, Step.FAIL_NEXT_SYNC)),
                        Tuple.of(2, Arbitraries.of(Step.USE_AGAIN)))
                .list()
                .ofMinSize(5)
                .ofMaxSize(120);
    }

    @Property(tries = 1_000)
    void nothingIsAnsweredOrShownBeforeItsTimeAndEverythingIsInTheEnd(
            @ForAll("histories") List<Step> history,
            @ForAll boolean synced,
            @ForAll boolean minimalStages,
            @ForAll int seed) {
        World world = new World(synced);
        world.broker.engine.minimalStages = minimalStages;
        for (Step step : history) {
            perform(world, step, seed);
            checkAtAnyTime(world);
        }
        finish(world, seed);
        checkAtAnyTime(world);
        checkAtTheEnd(world);
    }

    private static void perform(World world, Step step, int seed) {
        TestEngine engine = world.broker.engine;
        switch (step) {
            case APPEND_WRITTEN -> append(world, Durability.WRITTEN, world.sequence++);
            case APPEND_COMMITTED -> append(world, Durability.COMMITTED, world.sequence++);
            case REPEAT_LAST -> {
                if (world.sequence > 0 && !world.disturbed) {
                    append(world, Durability.COMMITTED, world.sequence - 1);
                }
            }
            case WAIT_FOR_END -> await(world, world.partition.logEndOffset(), Isolation.LOG_END);
            case WAIT_FOR_COMMIT -> await(world, world.partition.highWatermark(), Isolation.READ_UNCOMMITTED);
            case CANCEL_A_WAIT ->
                world.waiting.stream()
                        .filter(waiting -> waiting.calls == 0 && !waiting.cancelled)
                        .findFirst()
                        .ifPresent(waiting -> {
                            waiting.cancelled = true;
                            waiting.wait.cancel();
                        });
            case WRITE_ONE -> runOne(engine.delayedAppends);
            case SYNC_ONE -> runOne(engine.delayedSyncs);
            case TELL_ONE -> tellOne(engine, seed);
            case FAIL_NEXT_APPEND -> {
                engine.failAppends = 1;
                world.disturbed = true;
            }
            case FAIL_NEXT_SYNC -> {
                engine.failSyncs = 1;
                world.disturbed = true;
            }
            case USE_AGAIN -> {
                // Of no interest but for a log that failed: who wants what it does not give has it opened again.
                Object unused = world.partition.read(world.partition.highWatermark(), 100, true, Isolation.LOG_END);
            }
        }
    }

    private static void append(World world, Durability durability, int sequence) {
        ByteBuffer batch = TestBatches.idempotent(7, 0, sequence, "value " + sequence);
        Bytes asSent = Bytes.copyOf(batch);
        CompletionStage<Appended> stage = world.partition.append(batch, durability);
        CompletableFuture<Appended> answer = stage.toCompletableFuture();
        Sent sent = new Sent(batch, asSent, durability, answer);
        world.sent.add(sent);
        // From here on the memory is the caller's again, who uses it for something else.
        stage.whenComplete((appended, failure) -> overwrite(batch));
    }

    private static void overwrite(ByteBuffer memory) {
        for (int i = 0; i < memory.limit(); i++) {
            memory.put(i, (byte) 0xEE);
        }
    }

    private static void await(World world, long offset, Isolation isolation) {
        Waiting waiting = new Waiting(offset, isolation);
        waiting.wait = world.partition.await(offset, isolation, () -> waiting.calls++);
        world.waiting.add(waiting);
    }

    private static void runOne(ArrayDeque<Runnable> queue) {
        Runnable next = queue.poll();
        if (next != null) {
            next.run();
        }
    }

    /** The engine may tell of its appends in any order. */
    private static void tellOne(TestEngine engine, int seed) {
        if (!engine.heldEnds.isEmpty()) {
            engine.heldEnds.remove(Math.floorMod(seed, engine.heldEnds.size())).run();
        }
    }

    private static void finish(World world, int seed) {
        TestEngine engine = world.broker.engine;
        engine.failAppends = 0;
        engine.failSyncs = 0;
        drain(engine, seed);
        if (world.disturbed) {
            perform(world, Step.USE_AGAIN, seed);
            drain(engine, seed);
        }
    }

    private static void drain(TestEngine engine, int seed) {
        while (!engine.delayedAppends.isEmpty() || !engine.delayedSyncs.isEmpty() || !engine.heldEnds.isEmpty()) {
            runOne(engine.delayedAppends);
            tellOne(engine, seed);
            runOne(engine.delayedSyncs);
        }
    }

    private static void checkAtAnyTime(World world) {
        TestEngine.Data disk = world.broker.engine.onlyLog();
        long syncedEnd =
                disk.synced == 0 ? 0 : disk.batches.get(disk.synced - 1).endOffset();
        long highWatermark = world.partition.highWatermark();
        assertThat(highWatermark).isLessThanOrEqualTo(world.partition.logEndOffset());
        assertThat(world.partition.logEndOffset()).isLessThanOrEqualTo(disk.endOffset());
        if (world.synced) {
            assertThat(highWatermark).isLessThanOrEqualTo(syncedEnd);
        }
        for (Sent sent : world.sent) {
            if (sent.answer().isDone() && !sent.answer().isCompletedExceptionally()) {
                long end = sent.answer().join().lastOffset() + 1;
                assertThat(end)
                        .isLessThanOrEqualTo(
                                sent.durability() == Durability.COMMITTED && world.synced
                                        ? syncedEnd
                                        : disk.endOffset());
            }
        }
        for (Waiting waiting : world.waiting) {
            assertThat(waiting.calls).isLessThanOrEqualTo(1);
            long reached = waiting.isolation == Isolation.LOG_END ? world.partition.logEndOffset() : highWatermark;
            if (reached > waiting.offset && !waiting.cancelled) {
                assertThat(waiting.calls).isEqualTo(1);
            }
        }
    }

    private static void checkAtTheEnd(World world) {
        List<TestLog.Stored> stored = world.broker.engine.onlyLog().batches;
        assertThat(world.partition.highWatermark()).isEqualTo(world.partition.logEndOffset());
        assertThat(world.partition.logEndOffset()).isEqualTo(stored.size());
        for (int i = 0; i < stored.size(); i++) {
            assertThat(stored.get(i).baseOffset()).isEqualTo(i);
        }
        if (!world.disturbed) {
            assertThat(stored).hasSize(world.sequence);
        }
        assertThat(world.sent).allSatisfy(sent -> {
            assertThat(sent.answer()).isDone();
            if (sent.answer().isCompletedExceptionally()) {
                assertThat(world.disturbed).isTrue();
                assertThat(ApiException.errorOf(sent.answer()
                                .handle((appended, failure) -> failure)
                                .join()))
                        .isIn(ErrorCode.KAFKA_STORAGE_ERROR, ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
            } else {
                // All but base offset and leader epoch is what the producer sent.
                Bytes kept = stored.get((int) sent.answer().join().baseOffset()).bytes();
                assertThat(kept.toBuffer().position(16))
                        .isEqualTo(sent.asSent().toBuffer().position(16));
            }
        });
    }
}
