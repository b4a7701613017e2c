package io.brokkr.storage.s3;

import io.brokkr.spi.Setting;
import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.spi.storage.StorageException;
import java.util.List;

/** The entry of the plugin. */
public final class S3StorageEngineFactory implements StorageEngineFactory {

    /** Called by {@link java.util.ServiceLoader}. */
    public S3StorageEngineFactory() {}

    @Override
    public String name() {
        return "s3";
    }

    @Override
    public List<Setting<?>> settings() {
        return S3Settings.ALL;
    }

    /** Asks the store once, so that a wrong setting is told at the start and not by the first record. */
    @Override
    public StorageEngine open(StorageContext context) {
        S3Settings settings = S3Settings.of(context.configuration());
        if (settings.bucket().isEmpty()) {
            throw new StorageException("s3.bucket is not set: name the bucket that topics are to be kept in");
        }
        ObjectStore store = new ObjectStore(settings, context.clock(), context.metrics());
        try {
            store.requireBucket();
            return new S3StorageEngine(settings, store, context);
        } catch (RuntimeException failure) {
            store.close();
            throw failure;
        }
    }
}
