package io.brokkr.storage.log;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.testkit.files.FaultyFileSystem;
import io.brokkr.testkit.storage.Batches;
import io.brokkr.testkit.storage.StorageFixture;
import io.brokkr.testkit.storage.TextConfiguration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A sync that failed, as Linux does it: the next one would succeed, and the bytes would not be on the device. */
class FailedSyncTest {

    private static final LogId ID = new LogId(new UUID(9, 9), "orders", 0);
    private static final TextConfiguration DEFAULTS = new TextConfiguration(Map.of());

    private final FaultyFileSystem files = new FaultyFileSystem();

    @Test
    void theLogIsUnusableUntilItIsOpenedAnewAndLosesNothingThen() {
        RecordBatch batch = Batches.of(0, 3, 2_000, 1_000);
        try (StorageFixture fixture = new StorageFixture(List.of(files.root()), Map.of());
                StorageEngine engine = new LogStorageEngineFactory().open(fixture)) {
            PartitionLog log = await(engine.open(ID, 1, DEFAULTS));
            await(log.append(batch));
            files.failNextForce();
            assertThatThrownBy(() -> await(log.sync()))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("Input/output error");
            assertThatThrownBy(() -> await(log.sync())).isInstanceOf(StorageException.class);
            assertThatThrownBy(() -> await(log.append(Batches.single(3, 1_000))))
                    .isInstanceOf(StorageException.class);
            await(log.close());
            PartitionLog again = await(engine.open(ID, 1, DEFAULTS));
            await(again.sync());
            assertThat(again.endOffset()).isEqualTo(3);
        }
        for (int seed = 0; seed < 20; seed++) {
            FaultyFileSystem left = files.crash(new Random(seed), 512, (name, content, position) -> false);
            try (StorageFixture fixture = new StorageFixture(List.of(left.root()), Map.of());
                    StorageEngine engine = new LogStorageEngineFactory().open(fixture)) {
                assertThat(await(engine.open(ID, 1, DEFAULTS)).endOffset()).isEqualTo(3);
            }
        }
    }
}
