package io.brokkr.storage.log;

import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.testkit.storage.StorageEngineContracts;
import java.util.Map;

/** The contracts, on segments so small that every test has many. */
class LogEngineContractsTest extends StorageEngineContracts {

    @Override
    protected StorageEngineFactory factory() {
        return new LogStorageEngineFactory();
    }

    @Override
    protected Map<String, String> topicSettings() {
        return Map.of("segment.bytes", "1500", "index.interval.bytes", "150", "segment.index.bytes", "100");
    }

    @Override
    protected boolean canReplaceSegments() {
        return true;
    }
}
