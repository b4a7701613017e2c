package io.brokkr.testkit.storage;

import static io.brokkr.testkit.storage.Stages.await;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageEngineFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** For tests of storage engines, the contracts among them: an engine on an empty folder, opened before each test and closed after it. */
public abstract class StorageContract {

    /** A folder of the test's own. */
    @TempDir
    protected Path folder;

    /** The engine under test; another one after {@link #restart}. */
    protected StorageEngine engine;

    private StorageFixture fixture;

    /** For subclasses. */
    @SuppressWarnings("NullAway.Init")
    protected StorageContract() {}

    /** The engine's factory. */
    protected abstract StorageEngineFactory factory();

    /** The settings of topics in the tests, by name: such that the engine's parts are small, so that many of them come about. */
    protected Map<String, String> topicSettings() {
        return Map.of();
    }

    /** The settings of the broker in the tests, by name. */
    protected Map<String, String> brokerSettings() {
        return Map.of();
    }

    /** The engines that the one under test may open as its own, if it is built on others. */
    protected List<StorageEngineFactory> otherEngines() {
        return List.of();
    }

    @BeforeEach
    final void startEngine() {
        fixture = new StorageFixture(List.of(folder), brokerSettings(), otherEngines());
        engine = factory().open(fixture);
    }

    @AfterEach
    final void stopEngine() {
        engine.close();
        fixture.close();
    }

    /** Closes the engine, and opens another one on the same folder. */
    protected final void restart() {
        stopEngine();
        startEngine();
    }

    /** The topic's settings in force. */
    protected final Configuration configuration() {
        return new TextConfiguration(topicSettings());
    }

    /** The id of partition 0 of a topic; always the same for the same name. */
    protected static LogId id(String topic) {
        return new LogId(UUID.nameUUIDFromBytes(topic.getBytes(java.nio.charset.StandardCharsets.UTF_8)), topic, 0);
    }

    /** Opens a log under the epoch 1. */
    protected final PartitionLog open(LogId id) {
        return open(id, 1);
    }

    /** Opens a log. */
    protected final PartitionLog open(LogId id, int leaderEpoch) {
        return await(engine.open(id, leaderEpoch, configuration()));
    }

    /** Appends batches, one after the other. */
    protected static void append(PartitionLog log, RecordBatch... batches) {
        for (RecordBatch batch : batches) {
            await(log.append(batch));
        }
    }

    /** Appends batches of a record each, at the offsets from the log's end on. */
    protected static void append(PartitionLog log, int count) {
        for (int i = 0; i < count; i++) {
            append(log, Batches.single(log.endOffset(), 1_000 + log.endOffset()));
        }
    }

    /** All bytes from an offset on, with as many reads as it takes. */
    protected static byte[] readAll(PartitionLog log, long from) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        long offset = from;
        while (true) {
            byte[] bytes = take(log.read(offset, 1 << 20, true, Long.MAX_VALUE));
            if (bytes.length == 0) {
                return all.toByteArray();
            }
            all.writeBytes(bytes);
            for (RecordBatch batch : io.brokkr.protocol.record.RecordBatches.possiblyCut(ByteBuffer.wrap(bytes))) {
                offset = batch.nextOffset();
            }
        }
    }

    /** The bytes of a read, which is closed. */
    protected static byte[] take(CompletionStage<RecordData> read) {
        try (RecordData data = await(read)) {
            return bytesOf(data);
        }
    }

    /** A copy of the bytes. */
    protected static byte[] bytesOf(RecordData data) {
        try {
            ByteBuffer buffer = data.toBuffer();
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return bytes;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The bytes of batches, one behind the other. */
    protected static byte[] concatenated(RecordBatch... batches) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (RecordBatch batch : batches) {
            all.writeBytes(Batches.bytes(batch));
        }
        return all.toByteArray();
    }
}
