package io.brokkr.storage.log;

import io.brokkr.spi.storage.StorageEngineFactory;

class LogEngineContractsTest extends EngineContracts {

    @Override
    StorageEngineFactory engine() {
        return new LogStorageEngineFactory();
    }
}
