package io.brokkr.storage.tiered;

import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.storage.log.LogStorageEngineFactory;
import io.brokkr.testkit.storage.StorageEngineContracts;
import java.util.List;
import java.util.Map;

/** The contracts on two tiers of files, which outlive the process, and between which every full segment moves. */
class LogOverLogContractsTest extends StorageEngineContracts {

    @Override
    protected StorageEngineFactory factory() {
        return new MovingEngine.Factory();
    }

    @Override
    protected List<StorageEngineFactory> otherEngines() {
        return List.of(new LogStorageEngineFactory());
    }

    @Override
    protected Map<String, String> brokerSettings() {
        return MovingEngine.settings("log", "log");
    }

    @Override
    protected Map<String, String> topicSettings() {
        return Map.of(
                "segment.bytes", "6000",
                "index.interval.bytes", "150",
                "segment.index.bytes", "500",
                "local.retention.bytes", "0");
    }
}
