package io.brokkr.storage.s3;

import static io.brokkr.testkit.storage.Stages.await;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.Metrics;
import io.brokkr.spi.Scheduler;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.testkit.storage.Batches;
import io.brokkr.testkit.storage.StorageFixture;
import io.brokkr.testkit.storage.TextConfiguration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** For tests that have a server of their own, which they stop and look into. */
@Timeout(120)
abstract class ServerTest {

    static final LogId ORDERS = new LogId(new UUID(4, 4), "orders", 0);

    private static final String DATA = "brokkr/data/orders/" + ORDERS.topicId() + "/0/";

    @TempDir
    private Path folder;

    private final List<StorageEngine> engines = new ArrayList<>();
    private StorageFixture fixture;
    S3Server server;

    @BeforeEach
    final void start() {
        fixture = new StorageFixture(List.of(folder), Map.of());
        server = S3Server.start();
    }

    /** Engines that were let go without a close find no store any more. */
    @AfterEach
    final void stop() {
        server.close();
        engines.forEach(ServerTest::closeQuietly);
        fixture.close();
    }

    private static void closeQuietly(StorageEngine engine) {
        try {
            engine.close();
        } catch (RuntimeException unreachable) {
            // As expected.
        }
    }

    /** An engine as another process would have it. */
    final StorageEngine engine(String... settings) {
        return engine(fixture.scheduler(), fixture.metrics(), settings);
    }

    final StorageEngine engine(Scheduler scheduler, Metrics metrics, String... settings) {
        Map<String, String> all = new HashMap<>(SharedServerFactory.settings(server.endpoint(), "brokkr"));
        // A store that is away is told soon.
        all.put("s3.request.timeout.ms", "10000");
        // Objects come about when a test asks for a sync.
        all.put("s3.upload.max.delay.ms", "3600000");
        for (String setting : settings) {
            all.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        }
        StorageEngine opened =
                new S3StorageEngineFactory().open(new TestContext(fixture, Map.copyOf(all), scheduler, metrics));
        engines.add(opened);
        return opened;
    }

    final StorageFixture fixture() {
        return fixture;
    }

    static PartitionLog open(StorageEngine engine, int leaderEpoch) {
        return await(engine.open(ORDERS, leaderEpoch, new TextConfiguration(Map.of())));
    }

    /** Appends batches of one record each. */
    static void append(PartitionLog log, int count) {
        for (int i = 0; i < count; i++) {
            await(log.append(batch(log.endOffset())));
        }
    }

    private static RecordBatch batch(long offset) {
        return Batches.single(offset, 1_000 + offset);
    }

    /** What {@link #append} has made of the offsets. */
    static byte[] expected(long from, long to) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (long offset = from; offset < to; offset++) {
            all.writeBytes(Batches.bytes(batch(offset)));
        }
        return all.toByteArray();
    }

    /** All bytes from an offset on. */
    static byte[] readAll(PartitionLog log, long from) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int size = Batches.single(0, 0).sizeInBytes();
        for (long offset = from; offset < log.endOffset(); offset = from + all.size() / size) {
            all.writeBytes(bytesOf(await(log.read(offset, 1 << 20, true, Long.MAX_VALUE))));
        }
        return all.toByteArray();
    }

    static byte[] bytesOf(RecordData read) {
        try (RecordData data = read) {
            ByteBuffer buffer = data.toBuffer();
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return bytes;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** The names of the objects with batches that are in the store. */
    final List<String> objects() {
        return server.keys(DATA).stream()
                .map(key -> key.substring(DATA.length()))
                .toList();
    }

    final void deleteObject(String name) {
        server.delete(DATA + name);
    }
}
