package io.brokkr.example.sqlite;

import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.spi.storage.simple.BatchStoreEngine;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.Executor;

/**
 * The entry of the plugin.
 *
 * @param segmentSizeInBytes what retention forgets at a time; tests want many segments of few batches
 */
public record SqliteStorageEngineFactory(long segmentSizeInBytes) implements StorageEngineFactory {

    /** Called by {@link java.util.ServiceLoader}. */
    public SqliteStorageEngineFactory() {
        this(16 << 20);
    }

    @Override
    public String name() {
        return "sqlite";
    }

    @Override
    public StorageEngine open(StorageContext context) {
        Path file = context.dataFolders().get(0).resolve("brokkr-sqlite.db");
        try {
            SqliteStore store = new SqliteStore(file);
            Executor threads = context.scheduler().blocking();
            return new BatchStoreEngine(store, file.toString(), segmentSizeInBytes, threads);
        } catch (SQLException failure) {
            throw new StorageException("the database " + file + " cannot be opened: " + failure.getMessage(), failure);
        }
    }
}
