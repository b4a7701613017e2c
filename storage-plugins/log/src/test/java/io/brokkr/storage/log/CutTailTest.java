package io.brokkr.storage.log;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.testkit.files.FaultyFileSystem;
import io.brokkr.testkit.storage.Batches;
import io.brokkr.testkit.storage.StorageFixture;
import io.brokkr.testkit.storage.TextConfiguration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;

/** What an opening cuts off is gone for good: it does not come back at a second loss of power, among what was written in its place. */
class CutTailTest {

    private static final LogId ID = new LogId(new UUID(9, 9), "orders", 0);
    private static final String LOG_FILE = "orders-0/" + Segment.nameOf(0) + Segment.LOG_SUFFIX;

    private final FaultyFileSystem files = new FaultyFileSystem();

    @Test
    void theDeviceForgetsWhatAnOpeningCutsOff() throws IOException {
        Path file = files.root().resolve(LOG_FILE);
        openAndAppend();
        long whole = Files.size(file);
        leaveTornBatch(file, whole);
        try (StorageFixture fixture = fixture();
                StorageEngine engine = new LogStorageEngineFactory().open(fixture)) {
            PartitionLog log = await(engine.open(ID, 1, new TextConfiguration(Map.of())));
            // As the core does before it shows anybody what it found.
            await(log.sync());
            for (int seed = 0; seed < 20; seed++) {
                FaultyFileSystem left = files.crash(new Random(seed), 512, (name, content, position) -> false);
                assertThat(Files.size(left.root().resolve(LOG_FILE))).isEqualTo(whole);
            }
        }
    }

    @Test
    void theOperatorIsToldWhatAnOpeningCutsOff() throws IOException {
        Path file = files.root().resolve(LOG_FILE);
        openAndAppend();
        long whole = Files.size(file);
        leaveTornBatch(file, whole);
        long torn = Files.size(file) - whole;
        assertThat(saidAtOpening())
                .singleElement()
                .asString()
                .contains("of the log orders-0 " + torn + " bytes were cut off, from position " + whole + " of " + file)
                .contains("at offset 3,")
                .contains("a write that was cut short");

        leaveTornBatch(file, whole);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(Batches.bytes(Batches.of(6, 3, 2_000, 1_000))), whole + torn);
        }
        assertThat(saidAtOpening())
                .singleElement()
                .asString()
                .contains(" " + 2 * torn + " bytes")
                .contains("whole batches among them");
        assertThat(saidAtOpening()).isEmpty();
    }

    /** In the broker's log, about cuts. */
    private List<String> saidAtOpening() {
        List<String> said = new ArrayList<>();
        Handler listener = new Handler() {
            @Override
            public void publish(LogRecord message) {
                said.add(new SimpleFormatter().formatMessage(message));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(CutTail.class.getName());
        logger.addHandler(listener);
        try (StorageFixture fixture = fixture();
                StorageEngine engine = new LogStorageEngineFactory().open(fixture)) {
            await(engine.open(ID, 1, new TextConfiguration(Map.of())));
            return said;
        } finally {
            logger.removeHandler(listener);
        }
    }

    private void openAndAppend() {
        try (StorageFixture fixture = fixture();
                StorageEngine engine = new LogStorageEngineFactory().open(fixture)) {
            PartitionLog log = await(engine.open(ID, 1, new TextConfiguration(Map.of())));
            await(log.append(Batches.of(0, 3, 2_000, 1_000)));
            await(log.close());
        }
    }

    /** On the device, but for the first bytes. */
    private static void leaveTornBatch(Path file, long end) throws IOException {
        ByteBuffer torn = ByteBuffer.wrap(Batches.bytes(Batches.of(3, 3, 2_000, 1_000)));
        torn.putInt(8, 0);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(torn, end);
            channel.force(true);
        }
    }

    private StorageFixture fixture() {
        return new StorageFixture(List.of(files.root()), Map.of());
    }
}
