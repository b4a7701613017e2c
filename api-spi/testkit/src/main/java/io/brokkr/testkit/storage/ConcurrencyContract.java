package io.brokkr.testkit.storage;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.OffsetOutOfRangeException;
import io.brokkr.spi.storage.PartitionLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** Readers beside a writer: whatever they see is whole, in order, and below the end that they knew. */
abstract class ConcurrencyContract extends EngineContract {

    private static final int BATCHES = 3_000;
    private static final int READERS = 3;

    ConcurrencyContract(StorageEngineContracts tested) {
        super(tested);
    }

    @Test
    void readersFollowAWriter() {
        PartitionLog log = open(id("orders"));
        runBeside(
                READERS,
                () -> {
                    for (int i = 0; i < BATCHES; i++) {
                        append(log, Batches.of(i, 1, i % 200, i));
                        if (i % 64 == 0) {
                            await(log.sync());
                        }
                    }
                },
                () -> assertThat(follow(
                                log, new Random(ThreadLocalRandom.current().nextLong())))
                        .isEqualTo(BATCHES));
    }

    @Test
    void readersFollowAWriterWhoTrims() {
        PartitionLog log = open(id("orders"));
        runBeside(
                READERS,
                () -> {
                    for (int i = 0; i < BATCHES; i++) {
                        append(log, Batches.of(i, 1, i % 200, i));
                        if (i % 100 == 99) {
                            await(log.trim(i - 50));
                        }
                    }
                },
                () -> assertThat(follow(
                                log, new Random(ThreadLocalRandom.current().nextLong())))
                        .isPositive());
        assertThat(log.startOffset()).isEqualTo(BATCHES - 51);
    }

    @Test
    void everythingElseMayBeAskedAtAnyTime() {
        PartitionLog log = open(id("orders"));
        runBeside(
                READERS,
                () -> {
                    for (int i = 0; i < BATCHES; i++) {
                        append(log, Batches.of(i, 1, i % 200, i));
                        if (i % 500 == 499) {
                            await(log.trim(i - 400));
                        }
                    }
                },
                () -> {
                    while (log.endOffset() < BATCHES) {
                        long end = log.endOffset();
                        List<LogSegment> segments = log.segments();
                        assertThat(segments.get(segments.size() - 1).endOffset())
                                .isGreaterThanOrEqualTo(end);
                        assertThat(log.sizeInBytes()).isNotNegative();
                        await(log.sync());
                        if (end > 0) {
                            assertThat(await(log.findTimestamp(end - 1))).isPresent();
                        }
                    }
                });
    }

    @Test
    void writersOfDifferentLogsDoNotMind() {
        List<CompletableFuture<?>> writers = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(4, ConcurrencyContract::daemon);
        try {
            for (int w = 0; w < 4; w++) {
                PartitionLog log = open(id("orders" + w));
                writers.add(CompletableFuture.runAsync(
                        () -> {
                            for (int i = 0; i < 200; i++) {
                                append(log, 1);
                                await(log.sync());
                            }
                        },
                        threads));
            }
            writers.forEach(Stages::await);
        } finally {
            threads.shutdownNow();
        }
        for (int w = 0; w < 4; w++) {
            assertThat(open(id("orders" + w)).endOffset()).isEqualTo(200);
        }
    }

    /** Reads to the end of all batches, and checks each one. Gives the number of batches seen. */
    private static int follow(PartitionLog log, Random random) {
        long offset = 0;
        int seen = 0;
        while (offset < BATCHES) {
            long endOffset = log.endOffset();
            try (RecordData data = await(log.read(offset, random.nextInt(2_000), random.nextBoolean(), endOffset))) {
                for (RecordBatch batch : RecordBatches.possiblyCut(ByteBuffer.wrap(bytesOf(data)))) {
                    assertThat(batch.baseOffset()).isEqualTo(offset);
                    assertThat(batch.baseOffset()).isLessThan(endOffset);
                    assertThat(batch.isCrcValid()).isTrue();
                    offset = batch.nextOffset();
                    seen++;
                }
            } catch (OffsetOutOfRangeException trimmed) {
                assertThat(log.startOffset()).isGreaterThan(offset);
                offset = log.startOffset();
            }
            Thread.onSpinWait();
        }
        return seen;
    }

    /** Readers whose writer has failed would wait for it for ever. */
    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "concurrency-contract");
        thread.setDaemon(true);
        return thread;
    }

    private static void runBeside(int count, Runnable writer, Runnable reader) {
        ExecutorService threads = Executors.newFixedThreadPool(count + 1, ConcurrencyContract::daemon);
        try {
            List<CompletableFuture<?>> all = new ArrayList<>();
            all.add(CompletableFuture.runAsync(writer, threads));
            for (int i = 0; i < count; i++) {
                all.add(CompletableFuture.runAsync(reader, threads));
            }
            all.forEach(Stages::await);
        } finally {
            threads.shutdownNow();
        }
    }
}
