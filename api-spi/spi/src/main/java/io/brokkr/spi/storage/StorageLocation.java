package io.brokkr.spi.storage;

import java.util.Map;

/**
 * A place where an engine keeps logs.
 *
 * @param name a folder's path, or whatever the operator knows the place by
 * @param totalBytes the size of the volume, -1 if that is not known
 * @param usableBytes what is left of it, -1 if that is not known
 * @param logSizesInBytes what each log takes there
 */
public record StorageLocation(String name, long totalBytes, long usableBytes, Map<LogId, Long> logSizesInBytes) {

    /** Copies the sizes. */
    public StorageLocation {
        logSizesInBytes = Map.copyOf(logSizesInBytes);
    }
}
