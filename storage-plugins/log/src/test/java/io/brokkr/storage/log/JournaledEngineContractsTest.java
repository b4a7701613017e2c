package io.brokkr.storage.log;

import io.brokkr.spi.storage.StorageEngineFactory;

/** The contracts, with every sync that can through a journal so small that it is full again and again. */
class JournaledEngineContractsTest extends LogEngineContractsTest {

    @Override
    protected StorageEngineFactory factory() {
        return new JournaledEngineFactory();
    }
}
