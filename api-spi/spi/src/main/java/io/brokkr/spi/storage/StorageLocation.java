package io.brokkr.spi.storage;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place where an engine keeps logs.
 *
 * @param name a folder's path, or whatever the operator knows the place by
 * @param totalBytes the size of the volume, -1 if that is not known
 * @param usableBytes what is left of it, -1 if that is not known
 * @param logSizesInBytes what each log takes there; empty if the place cannot be used
 * @param failure why the place cannot be used at the moment; null if it can
 */
public record StorageLocation(
        String name, long totalBytes, long usableBytes, Map<LogId, Long> logSizesInBytes, @Nullable String failure) {

    /** Copies the sizes. */
    public StorageLocation {
        logSizesInBytes = Map.copyOf(logSizesInBytes);
    }

    /** One that can be used. */
    public StorageLocation(String name, long totalBytes, long usableBytes, Map<LogId, Long> logSizesInBytes) {
        this(name, totalBytes, usableBytes, logSizesInBytes, null);
    }

    /** One that cannot be used, of which nothing is known but the reason. */
    public static StorageLocation failed(String name, String failure) {
        return new StorageLocation(name, -1, -1, Map.of(), failure);
    }
}
