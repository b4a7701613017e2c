package io.brokkr.storage.tiered;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.spi.storage.NoSuchEngineException;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.storage.StorageFixture;
import io.brokkr.testkit.storage.TextConfiguration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which engines the operator names. */
@Timeout(60)
class SettingsTest {

    private static StorageFixture fixture(Map<String, String> settings) {
        return new StorageFixture(
                List.of(), settings, List.of(new MemoryStorageEngineFactory(), new TieredStorageEngineFactory()));
    }

    private static void assertRefused(String hot, String cold, String missing) {
        try (StorageFixture fixture = fixture(MovingEngine.settings(hot, cold))) {
            assertThatThrownBy(() -> fixture.openEngine("tiered", "space"))
                    .isInstanceOf(NoSuchEngineException.class)
                    .hasMessageContaining("storage engine " + missing);
        }
    }

    @Test
    void anEngineThatIsNotThereIsAFailureAtTheStart() {
        assertRefused("logs", "memory", "logs");
        assertRefused("memory", "s4", "s4");
    }

    @Test
    void theEngineIsNotBuiltOnItself() {
        assertRefused("tiered", "memory", "tiered");
        assertRefused("memory", "tiered", "tiered");
    }

    @Test
    void withoutAColdEngineItRefusesLogsAndSaysWhy() {
        try (StorageFixture fixture = fixture(Map.of());
                StorageEngine engine = new TieredStorageEngineFactory().open(fixture)) {
            assertThat(await(engine.list())).isEmpty();
            assertThat(await(engine.locations())).isEmpty();
            assertThatThrownBy(() -> await(engine.open(TwoTiers.ID, 1, new TextConfiguration(Map.of()))))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("tiered.cold.engine names no storage engine");
            assertThatThrownBy(() -> await(engine.delete(TwoTiers.ID))).isInstanceOf(StorageException.class);
        }
    }
}
