package io.brokkr.testkit.storage;

import io.brokkr.spi.storage.MetadataStoreFactory;
import io.brokkr.testkit.MemoryMetadataStore;

/** The store that tests use is as good as any but for its memory. */
class MemoryMetadataStoreTest extends MetadataStoreContract {

    @Override
    protected MetadataStoreFactory factory() {
        return new MemoryMetadataStore.Factory();
    }

    @Override
    protected boolean isDurable() {
        return false;
    }
}
