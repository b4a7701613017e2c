package io.brokkr.storage.memory;

import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageEngineFactory;

/** The entry of the plugin. */
public final class MemoryStorageEngineFactory implements StorageEngineFactory {

    /** Batches are forgotten one by one, but whoever walks through the segments should not meet one for each batch. */
    private static final long SEGMENT_SIZE_IN_BYTES = 1 << 20;

    private final long segmentSizeInBytes;

    /** Called by {@link java.util.ServiceLoader}. */
    public MemoryStorageEngineFactory() {
        this(SEGMENT_SIZE_IN_BYTES);
    }

    /** For tests, which want many segments of few batches. */
    public MemoryStorageEngineFactory(long segmentSizeInBytes) {
        this.segmentSizeInBytes = segmentSizeInBytes;
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public StorageEngine open(StorageContext context) {
        return new MemoryStorageEngine(segmentSizeInBytes);
    }
}
