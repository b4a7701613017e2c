package io.brokkr.storage.log;

import static io.brokkr.testkit.storage.Stages.await;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.ReplaceableLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.testkit.storage.Batches;
import io.brokkr.testkit.storage.StorageFixture;
import io.brokkr.testkit.storage.TextConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

/** What the engine leaves in a data folder after a random life of one log, which is closed and opened several times. */
final class RandomHistory {

    static final LogId ID = new LogId(new UUID(9, 9), "orders", 0);
    static final Map<String, String> SMALL_SEGMENTS = Map.of("segment.bytes", "2500", "index.interval.bytes", "150");

    private RandomHistory() {}

    /** Gives the log's folder. */
    static Path live(Path root, Random random) throws IOException {
        for (int life = 0; life < 3; life++) {
            try (StorageFixture fixture = new StorageFixture(List.of(root), Map.of());
                    StorageEngine engine = new LogStorageEngineFactory().open(fixture)) {
                PartitionLog log = await(engine.open(ID, 1, new TextConfiguration(SMALL_SEGMENTS)));
                for (int steps = random.nextInt(40); steps > 0; steps--) {
                    step(log, random);
                }
            }
        }
        return root.resolve(ID.toString());
    }

    private static void step(PartitionLog log, Random random) {
        switch (random.nextInt(20)) {
            case 0 -> await(log.sync());
            case 1 -> await(log.trim(between(log, random)));
            case 2 -> await(log.truncate(between(log, random)));
            case 3 -> await(((ReplaceableLog) log).finishSegment());
            default -> {
                long gap = random.nextInt(10) == 0 ? random.nextInt(20) : 0;
                RecordBatch batch = Batches.of(
                        log.endOffset() + gap,
                        1 + random.nextInt(4),
                        random.nextInt(200),
                        1_000 + random.nextInt(1_000));
                await(log.append(batch));
            }
        }
    }

    private static long between(PartitionLog log, Random random) {
        return log.startOffset() + random.nextLong(log.endOffset() - log.startOffset() + 1);
    }

    static List<Path> files(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }
}
