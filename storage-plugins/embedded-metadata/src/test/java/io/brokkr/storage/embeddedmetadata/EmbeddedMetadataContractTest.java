package io.brokkr.storage.embeddedmetadata;

import io.brokkr.spi.storage.MetadataStoreFactory;
import io.brokkr.testkit.storage.MetadataStoreContract;

class EmbeddedMetadataContractTest extends MetadataStoreContract {

    @Override
    protected MetadataStoreFactory factory() {
        return new EmbeddedMetadataStoreFactory();
    }
}
