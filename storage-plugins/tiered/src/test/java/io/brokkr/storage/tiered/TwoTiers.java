package io.brokkr.storage.tiered;

import static io.brokkr.testkit.storage.Stages.await;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.testkit.storage.StorageFixture;
import io.brokkr.testkit.storage.TextConfiguration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** The engine on two tiers in memory, with one log; it looks for segments to move when the test says so, and never by itself. */
final class TwoTiers implements AutoCloseable {

    static final LogId ID = new LogId(new UUID(5, 5), "orders", 0);

    /** Such that a few batches fill a segment. */
    private static final int SEGMENT_SIZE_IN_BYTES = 300;

    private static final int NO_END = Integer.MAX_VALUE;

    private final AtomicInteger callsLeft = new AtomicInteger(NO_END);
    private final TestTier hot = new TestTier("hot", SEGMENT_SIZE_IN_BYTES, callsLeft);
    private final TestTier cold = new TestTier("cold", SEGMENT_SIZE_IN_BYTES, callsLeft);
    private final Map<String, String> topicSettings = new HashMap<>(Map.of("local.retention.bytes", "0"));
    private final StorageFixture fixture;
    private TieredStorageEngine engine;
    private TieredLog log;

    TwoTiers() {
        fixture = new StorageFixture(List.of(), MovingEngine.settings("hot", "cold"), List.of(hot, cold));
        engine = openEngine();
        log = openLog(1);
    }

    private TieredStorageEngine openEngine() {
        return (TieredStorageEngine) new TieredStorageEngineFactory().open(fixture);
    }

    private TieredLog openLog(int leaderEpoch) {
        return (TieredLog) await(engine.open(ID, leaderEpoch, new TextConfiguration(topicSettings)));
    }

    TestTier hot() {
        return hot;
    }

    TestTier cold() {
        return cold;
    }

    TieredStorageEngine engine() {
        return engine;
    }

    TieredLog log() {
        return log;
    }

    ColdPart part() {
        return log.shared().part();
    }

    void move() {
        await(engine.move());
    }

    /** A setting of the topic, from the next opening on. */
    void set(String setting, String value) {
        topicSettings.put(setting, value);
    }

    /** Closes the log and opens it again. */
    void reopen() {
        await(log.close());
        log = openLog(1);
    }

    /** All calls to the tiers but the next ones fail, until the next {@link #restart}. */
    void endAfter(int calls) {
        callsLeft.set(calls);
    }

    /** Another engine on what the tiers have; the log of the old one is not closed. */
    void restart() {
        engine.close();
        callsLeft.set(NO_END);
        engine = openEngine();
        log = openLog(1);
    }

    /** All bytes from an offset on, with as many reads as it takes. */
    byte[] readAll(long from) {
        return readAll(log, from);
    }

    static byte[] readAll(PartitionLog log, long from) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        long offset = from;
        while (true) {
            try (RecordData data = await(log.read(offset, 500, true, Long.MAX_VALUE))) {
                long before = offset;
                ByteBuffer buffer = data.toBuffer();
                for (RecordBatch batch : RecordBatches.possiblyCut(buffer)) {
                    byte[] bytes = new byte[batch.sizeInBytes()];
                    batch.buffer().get(bytes);
                    all.writeBytes(bytes);
                    offset = batch.nextOffset();
                }
                if (offset == before) {
                    return all.toByteArray();
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    @Override
    public void close() {
        engine.close();
        fixture.close();
    }
}
