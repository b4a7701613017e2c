package io.brokkr.example.sqlite;

import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.testkit.storage.StorageEngineContracts;

class SqliteEngineContractsTest extends StorageEngineContracts {

    @Override
    protected StorageEngineFactory factory() {
        return new SqliteStorageEngineFactory(2_000);
    }
}
