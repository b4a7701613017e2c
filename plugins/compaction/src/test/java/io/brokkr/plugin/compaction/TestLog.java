package io.brokkr.plugin.compaction;

import io.brokkr.plugin.compression.GzipCodec;
import io.brokkr.plugin.compression.Lz4Codec;
import io.brokkr.plugin.compression.SnappyCodec;
import io.brokkr.plugin.compression.ZstdCodec;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.CompressionCodec;
import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.ReplaceableLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.storage.StorageFixture;
import io.brokkr.testkit.storage.TextConfiguration;
import io.brokkr.testkit.time.VirtualClock;
import io.brokkr.testkit.time.VirtualScheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;

/** A log in memory with segments of a few batches, a clock that the test turns, and what compacts the log, on the test's thread. */
final class TestLog implements AutoCloseable {

    static final long SEGMENT_SIZE_IN_BYTES = 600;

    static final CompressionCodecs CODECS =
            new CompressionCodecs(Stream.of(new GzipCodec(), new SnappyCodec(), new Lz4Codec(), new ZstdCodec())
                    .collect(Collectors.toMap(CompressionCodec::compression, codec -> codec)));

    static final Duration PRODUCER_EXPIRATION = Duration.ofDays(1);

    final VirtualClock clock = new VirtualClock();
    final ReplaceableLog log;
    final Pace pace = new Pace(new VirtualScheduler(clock, 0), clock, Double.MAX_VALUE);
    private final StorageFixture fixture = new StorageFixture(List.of(), Map.of());
    private final StorageEngine engine;
    private final Workshop workshop;
    private final KeyOffsets keys;
    private Arrivals arrivals = Arrivals.UNKNOWN;

    TestLog() {
        this(1_000, CODECS);
    }

    /** A log whose compaction has room for about so many keys. */
    TestLog(int keyCount, CompressionCodecs codecs) {
        this(keyCount, 1_000, codecs);
    }

    /** One whose compaction has room for so many producers, too. */
    TestLog(int keyCount, int mostProducers, CompressionCodecs codecs) {
        engine = new MemoryStorageEngineFactory(SEGMENT_SIZE_IN_BYTES).open(fixture);
        log = (ReplaceableLog)
                get(engine.open(new LogId(UUID.randomUUID(), "t", 0), 0, new TextConfiguration(Map.of())));
        keys = new KeyOffsets((keyCount + 3) / 3 * 4 * 24);
        workshop = new Workshop(
                codecs,
                pace,
                Runnable::run,
                clock,
                PRODUCER_EXPIRATION,
                mostProducers,
                new CompactionMetrics(fixture.metrics(), () -> 0));
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    /** Appends what Kafka's builder made, whose offsets are right already. */
    void append(ByteBuffer batch) {
        get(log.append(RecordBatch.of(batch)));
    }

    /** One look at the log, and a run if that finds it due. */
    LogLook.Seen look(CompactionRule rule) {
        LogLook.Seen seen = get(look(rule, Long.MAX_VALUE));
        arrivals = seen.arrivals();
        return seen;
    }

    CompletionStage<LogLook.Seen> look(CompactionRule rule, long stableOffset) {
        return new LogLook(
                        log, rule, workshop, arrivals, () -> keys, () -> CompletableFuture.completedStage(stableOffset))
                .run();
    }

    Progress progress() {
        return get(log.readCheckpoint(Progress.CHECKPOINT)).map(Progress::read).orElse(Progress.NONE);
    }

    /** All batches, as Kafka's classes see them. */
    List<MutableRecordBatch> batches() {
        try (RecordData data = get(log.read(log.startOffset(), Integer.MAX_VALUE, true, Long.MAX_VALUE))) {
            ByteBuffer bytes = data.toBuffer();
            ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
            List<MutableRecordBatch> batches = new ArrayList<>();
            MemoryRecords.readableRecords(copy).batches().forEach(batches::add);
            batches.forEach(MutableRecordBatch::ensureValid);
            return batches;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        engine.close();
        fixture.close();
    }
}
