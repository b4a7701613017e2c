package io.brokkr.storage.log;

import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageEngineFactory;
import java.security.SecureRandom;

/** Of engines that use their journal even for a single log. */
final class JournaledEngineFactory implements StorageEngineFactory {

    @Override
    public String name() {
        return "journaled";
    }

    @Override
    public StorageEngine open(StorageContext context) {
        SyncThreads.ByFolder threads = new SyncThreads.ByFolder();
        return new LogStorageEngine(
                context,
                FileOperations.SYSTEM,
                threads::of,
                threads::close,
                new JournalSettings(1 << 16, 3, 1, 1 << 13, 1 << 14),
                new SecureRandom()::nextLong);
    }
}
