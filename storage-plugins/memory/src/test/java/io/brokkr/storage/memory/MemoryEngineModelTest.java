package io.brokkr.storage.memory;

import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.testkit.storage.ModelContract;

class MemoryEngineModelTest extends ModelContract {

    @Override
    protected StorageEngineFactory factory() {
        return new MemoryStorageEngineFactory(MemoryEngineContractsTest.SMALL_SEGMENT_IN_BYTES);
    }

    @Override
    protected boolean isDurable() {
        return false;
    }
}
