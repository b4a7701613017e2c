package io.brokkr.storage.s3;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.spi.Scheduler;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.testkit.storage.Batches;
import io.brokkr.testkit.storage.Stages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** When objects are put, and how many. */
class UploadTest extends ServerTest {

    /** Keeps what is to be done later until the test does it. */
    private static final class HeldTimers implements Scheduler {

        private final List<Duration> delays = new ArrayList<>();
        private final List<Runnable> tasks = new ArrayList<>();

        @Override
        public synchronized Timer schedule(Duration delay, Runnable task) {
            delays.add(delay);
            tasks.add(task);
            return () -> {};
        }

        @Override
        public Timer repeat(Duration period, Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Executor blocking() {
            throw new UnsupportedOperationException();
        }

        synchronized void runAll() {
            List<Runnable> due = List.copyOf(tasks);
            tasks.clear();
            due.forEach(Runnable::run);
        }
    }

    @Test
    void allThatWaitsGoesIntoOneObject() {
        PartitionLog log = open(engine(), 1);
        append(log, 100);
        List<CompletionStage<Void>> syncs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            syncs.add(log.sync());
        }
        syncs.forEach(Stages::await);
        assertThat(objects()).singleElement().asString().startsWith("00000000000000000000_100_1099_1_");
        await(log.sync());
        assertThat(objects()).hasSize(1);
    }

    /** While one object is on its way, the next one fills. */
    @Test
    void appendsBesideAnUploadShareTheNextOne() {
        CountedRequests requests = new CountedRequests();
        PartitionLog log = open(engine(fixture().scheduler(), requests, "s3.object.bytes=0"), 1);
        List<CompletionStage<Void>> syncs = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            append(log, 1);
            syncs.add(log.sync());
        }
        syncs.forEach(Stages::await);
        assertThat(readAll(log, 0)).isEqualTo(expected(0, 2_000));
        assertThat(requests.count("put")).isLessThan(1_000);
        // Each of them but the log object was looked after with one request.
        assertThat(requests.count("head")).isEqualTo(objects().size());
    }

    @Test
    void aSizeIsReached() {
        int size = Batches.single(0, 0).sizeInBytes();
        PartitionLog log = open(engine("s3.upload.max.bytes=" + 10 * size), 1);
        append(log, 10);
        // Behind the upload, in the same turns; nobody has asked for that one.
        await(log.trim(1));
        assertThat(objects()).singleElement().asString().startsWith("00000000000000000000_10_");
    }

    @Test
    void anObjectIsNoLargerThanItMay() {
        int size = Batches.single(0, 0).sizeInBytes();
        PartitionLog log = open(engine("s3.upload.max.bytes=" + 10 * size, "s3.object.bytes=0"), 1);
        append(log, 95);
        await(log.append(Batches.of(95, 1, 50 * size, 1_095)));
        await(log.sync());
        assertThat(log.segments())
                .allMatch(segment -> segment.sizeInBytes() <= 10L * size || segment.baseOffset() == 95);
        assertThat(log.segments()).hasSizeGreaterThan(10);
    }

    @Test
    void anAgeIsReached() {
        HeldTimers timers = new HeldTimers();
        StorageEngine engine = engine(timers, fixture().metrics(), "s3.upload.max.delay.ms=250");
        PartitionLog log = open(engine, 1);
        append(log, 3);
        assertThat(timers.delays).containsExactly(Duration.ofMillis(250));
        assertThat(objects()).isEmpty();
        timers.runAll();
        // Behind the upload, in the same turns.
        await(log.trim(1));
        assertThat(objects()).singleElement().asString().startsWith("00000000000000000000_3_");
        append(log, 1);
        assertThat(timers.delays).hasSize(2);
    }

    /** The bytes of an append are the engine's until it is complete, and that is so when the store has them. */
    @Test
    void anAppendBeyondTheBufferWaitsForTheStore() {
        int size = Batches.single(0, 0).sizeInBytes();
        StorageEngine engine = engine("s3.buffer.bytes=" + 5 * size);
        PartitionLog log = open(engine, 1);
        append(log, 5);
        assertThat(objects()).isEmpty();
        append(log, 1);
        assertThat(objects()).singleElement().asString().startsWith("00000000000000000000_6_");
    }

    @Test
    void theEndOfTheEnginePutsWhatWaits() {
        StorageEngine engine = engine();
        append(open(engine, 1), 4);
        engine.close();
        assertThat(objects()).singleElement().asString().startsWith("00000000000000000000_4_");
    }
}
