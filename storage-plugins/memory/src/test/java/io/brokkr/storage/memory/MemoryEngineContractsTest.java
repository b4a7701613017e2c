package io.brokkr.storage.memory;

import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.testkit.storage.StorageEngineContracts;

/** The contracts, on segments so small that every test has many. */
class MemoryEngineContractsTest extends StorageEngineContracts {

    private static final long SMALL_SEGMENT_IN_BYTES = 2_000;

    @Override
    protected StorageEngineFactory factory() {
        return new MemoryStorageEngineFactory(SMALL_SEGMENT_IN_BYTES);
    }

    @Override
    protected boolean isDurable() {
        return false;
    }

    @Override
    protected boolean canReplaceSegments() {
        return true;
    }
}
