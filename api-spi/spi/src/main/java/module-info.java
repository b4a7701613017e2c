/**
 * All that a plugin author compiles against, besides the protocol.
 *
 * <p>{@link io.brokkr.spi} is for authors of API handlers, {@link io.brokkr.spi.storage} for authors of storage engines and
 * metadata stores.
 */
module io.brokkr.spi {
    requires transitive io.brokkr.protocol;
    requires static org.jspecify;

    exports io.brokkr.spi;
    exports io.brokkr.spi.storage;
}
