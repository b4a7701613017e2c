package io.brokkr.storage.tiered;

import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.storage.StorageEngineContracts;
import java.util.List;
import java.util.Map;

/** The contracts on two tiers in memory, of which nothing is left with the engine's end. */
class MemoryOverMemoryContractsTest extends StorageEngineContracts {

    private static final long SMALL_SEGMENT_IN_BYTES = 700;

    @Override
    protected StorageEngineFactory factory() {
        return new MovingEngine.Factory();
    }

    @Override
    protected List<StorageEngineFactory> otherEngines() {
        return List.of(new MemoryStorageEngineFactory(SMALL_SEGMENT_IN_BYTES));
    }

    @Override
    protected Map<String, String> brokerSettings() {
        return MovingEngine.settings("memory", "memory");
    }

    @Override
    protected Map<String, String> topicSettings() {
        return Map.of("local.retention.bytes", "0");
    }

    @Override
    protected boolean isDurable() {
        return false;
    }
}
