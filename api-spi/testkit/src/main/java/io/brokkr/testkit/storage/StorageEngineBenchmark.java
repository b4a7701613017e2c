package io.brokkr.testkit.storage;

import static io.brokkr.testkit.storage.Stages.await;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageEngineFactory;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * What an engine takes for the work of a broker, as a table. Every step does a fixed number of things, twice, and the second time counts.
 *
 * <pre>{@code
 * StorageEngineBenchmark.run(new MyEngineFactory(), folder, Map.of(), System.out);
 * }</pre>
 *
 * <p>The figures tell engines and versions of an engine apart on one machine; a broker adds its network and its protocol to them.
 */
public final class StorageEngineBenchmark {

    private static final int LARGE_BATCHES = 4_000;
    private static final int SMALL_BATCHES = 20_000;
    private static final int SYNCS = 1_000;
    private static final int LOGS = 100;
    private static final int ROUNDS = 20;
    private static final int OPENED_LOGS = 1_000;
    private static final int READ_SIZE_IN_BYTES = 1 << 20;

    private final StorageEngineFactory factory;
    private final StorageFixture fixture;
    private final TextConfiguration topic;
    private final PrintStream out;
    private StorageEngine engine;
    private int topics;

    private StorageEngineBenchmark(
            StorageEngineFactory factory, StorageFixture fixture, TextConfiguration topic, PrintStream out) {
        this.factory = factory;
        this.fixture = fixture;
        this.topic = topic;
        this.out = out;
        this.engine = factory.open(fixture);
    }

    /**
     * Runs it for an engine on the class path.
     *
     * @param arguments the name of the engine's factory, and a folder for the data; without one, a temporary folder
     */
    public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
        if (arguments.length < 1 || arguments.length > 2) {
            throw new IllegalArgumentException("give the name of a class that is a StorageEngineFactory, and a folder");
        }
        Class<?> type = Class.forName(arguments[0]);
        StorageEngineFactory factory =
                (StorageEngineFactory) type.getDeclaredConstructor().newInstance();
        Path folder = arguments.length == 2
                ? Files.createDirectories(Path.of(arguments[1]))
                : Files.createTempDirectory("storage-benchmark");
        run(factory, folder, Map.of(), System.out);
    }

    /**
     * Runs it.
     *
     * @param folder for the data, which stays there; some 300 MB
     * @param topicSettings of the topics, by name
     */
    public static void run(
            StorageEngineFactory factory, Path folder, Map<String, String> topicSettings, PrintStream out) {
        try (StorageFixture fixture = new StorageFixture(List.of(folder), Map.of())) {
            out.printf(Locale.ROOT, "engine %s in %s%n", factory.name(), folder);
            StorageEngineBenchmark benchmark =
                    new StorageEngineBenchmark(factory, fixture, new TextConfiguration(topicSettings), out);
            try {
                benchmark.runAll();
            } finally {
                benchmark.engine.close();
            }
        }
    }

    private void runAll() {
        out.printf(Locale.ROOT, "%-58s %9s %9s %11s %9s%n", "", "number", "seconds", "per second", "MB/s");
        twice("append batches of 16 records of 1 KiB, one sync", () -> append(open(), LARGE_BATCHES, 16, 1_024));
        twice("append batches of 1 record of 100 B, one sync", () -> append(open(), SMALL_BATCHES, 1, 100));
        twice("append a batch of 1 record of 1 KiB and sync, in turn", () -> appendAndSync(open()));
        twice("the same in " + LOGS + " logs at once", this::appendAndSyncInManyLogs);
        PartitionLog large = open();
        append(large, LARGE_BATCHES, 16, 1_024);
        twice("read batches of 16 records of 1 KiB, 1 MiB at a time", () -> readThrough(large));
        PartitionLog small = open();
        append(small, SMALL_BATCHES, 1, 100);
        twice("read batches of 1 record of 100 B, 1 MiB at a time", () -> readThrough(small));
        twice("read a batch of 1 record of 100 B somewhere", () -> readSomewhere(small));
        twice("find a timestamp", () -> findTimestamps(small));
        List<LogId> ids = new ArrayList<>();
        twice("make a log, append a batch to it and sync", () -> makeLogs(ids));
        twice("close the engine and open it again", this::restart);
        twice("open a log that is there", () -> openAll(ids.subList(0, OPENED_LOGS)));
    }

    /** What was done: the number of things, and the bytes of batches in all of them. */
    private record Work(long number, long sizeInBytes) {}

    /** One row of the table. */
    private interface Step {
        Work run();
    }

    private void twice(String name, Step step) {
        step.run();
        long start = System.nanoTime();
        Work work = step.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        String throughput =
                work.sizeInBytes() == 0 ? "" : String.format(Locale.ROOT, "%.1f", work.sizeInBytes() / seconds / 1e6);
        out.printf(
                Locale.ROOT,
                "%-58s %9d %9.3f %11.0f %9s%n",
                name,
                work.number(),
                seconds,
                work.number() / seconds,
                throughput);
    }

    private LogId newId() {
        String name = "benchmark-" + topics++;
        return new LogId(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)), name, 0);
    }

    private PartitionLog open() {
        return open(newId());
    }

    private PartitionLog open(LogId id) {
        return await(engine.open(id, 1, topic));
    }

    /** As a broker does for a busy producer: nothing waits for the append before it. */
    private static Work append(PartitionLog log, int batches, int records, int valueSizeInBytes) {
        List<CompletionStage<Void>> appends = new ArrayList<>();
        long size = 0;
        long offset = log.endOffset();
        for (int i = 0; i < batches; i++) {
            RecordBatch batch = Batches.of(offset, records, valueSizeInBytes, offset);
            appends.add(log.append(batch));
            size += batch.sizeInBytes();
            offset = batch.nextOffset();
        }
        appends.forEach(Stages::await);
        await(log.sync());
        return new Work(batches, size);
    }

    private static Work appendAndSync(PartitionLog log) {
        long size = 0;
        for (int i = 0; i < SYNCS; i++) {
            size += append(log, 1, 1, 1_024).sizeInBytes();
        }
        return new Work(SYNCS, size);
    }

    private Work appendAndSyncInManyLogs() {
        List<PartitionLog> logs = new ArrayList<>();
        for (int i = 0; i < LOGS; i++) {
            logs.add(open());
        }
        long size = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<CompletionStage<Void>> syncs = new ArrayList<>();
            for (PartitionLog log : logs) {
                RecordBatch batch = Batches.of(round, 1, 1_024, round);
                size += batch.sizeInBytes();
                syncs.add(log.append(batch).thenCompose(appended -> log.sync()));
            }
            syncs.forEach(Stages::await);
        }
        return new Work((long) LOGS * ROUNDS, size);
    }

    private static Work readThrough(PartitionLog log) {
        long size = 0;
        long count = 0;
        long offset = log.startOffset();
        while (offset < log.endOffset()) {
            try (RecordData data = await(log.read(offset, READ_SIZE_IN_BYTES, true, Long.MAX_VALUE))) {
                for (RecordBatch batch : RecordBatches.possiblyCut(data.toBuffer())) {
                    size += batch.sizeInBytes();
                    offset = batch.nextOffset();
                    count++;
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        return new Work(count, size);
    }

    private static Work readSomewhere(PartitionLog log) {
        long size = 0;
        for (int i = 0; i < SYNCS; i++) {
            long offset = i * 7_919L % log.endOffset();
            try (RecordData data = await(log.read(offset, 0, true, Long.MAX_VALUE))) {
                size += data.sizeInBytes();
            }
        }
        return new Work(SYNCS, size);
    }

    private static Work findTimestamps(PartitionLog log) {
        for (int i = 0; i < SYNCS; i++) {
            await(log.findTimestamp(i * 7_919L % log.endOffset()));
        }
        return new Work(SYNCS, 0);
    }

    private Work makeLogs(List<LogId> ids) {
        for (int i = 0; i < OPENED_LOGS; i++) {
            LogId id = newId();
            append(open(id), 1, 1, 100);
            ids.add(id);
        }
        return new Work(OPENED_LOGS, 0);
    }

    private Work restart() {
        engine.close();
        engine = factory.open(fixture);
        return new Work(1, 0);
    }

    private Work openAll(List<LogId> ids) {
        for (LogId id : ids) {
            await(open(id).close());
        }
        return new Work(ids.size(), 0);
    }
}
