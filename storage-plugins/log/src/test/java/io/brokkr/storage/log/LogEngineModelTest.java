package io.brokkr.storage.log;

import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.testkit.storage.ModelContract;
import java.util.Map;

class LogEngineModelTest extends ModelContract {

    @Override
    protected StorageEngineFactory factory() {
        return new LogStorageEngineFactory();
    }

    @Override
    protected Map<String, String> topicSettings() {
        return Map.of("segment.bytes", "1500", "index.interval.bytes", "150", "segment.index.bytes", "100");
    }
}
