package io.brokkr.storage.embeddedmetadata;

import io.brokkr.spi.storage.MetadataStoreFactory;
import io.brokkr.testkit.storage.MetadataStoreContract;

class MemoryMetadataContractTest extends MetadataStoreContract {

    @Override
    protected MetadataStoreFactory factory() {
        return new MemoryMetadataStoreFactory();
    }

    @Override
    protected boolean isDurable() {
        return false;
    }
}
