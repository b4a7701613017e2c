/**
 * All that a plugin author compiles against, besides the protocol.
 *
 * <p>{@link io.brokkr.spi} is for authors of API handlers, {@link io.brokkr.spi.record} for those who check or change records, {@link io.brokkr.spi.security} for those
 * who say who clients are and what they may do, {@link io.brokkr.spi.storage} for authors of storage
 * engines and metadata stores, and {@link io.brokkr.spi.storage.simple} for those who have a library that keeps bytes.
 */
module io.brokkr.spi {
    requires transitive io.brokkr.protocol;
    requires static org.jspecify;

    exports io.brokkr.spi;
    exports io.brokkr.spi.record;
    exports io.brokkr.spi.security;
    exports io.brokkr.spi.storage;
    exports io.brokkr.spi.storage.simple;
}
