package io.brokkr.storage.memory;

import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.testkit.storage.ModelContract;

class MemoryEngineModelTest extends ModelContract {

    @Override
    protected StorageEngineFactory factory() {
        return new MemoryStorageEngineFactory();
    }

    @Override
    protected boolean isDurable() {
        return false;
    }
}
