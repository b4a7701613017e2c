/** The API by which clients learn what this broker serves: ApiVersions. */
module io.brokkr.plugin.apiversions {
    requires io.brokkr.spi;
    requires static org.jspecify;

    provides io.brokkr.spi.ApiHandlerFactory with
            io.brokkr.plugin.apiversions.ApiVersionsHandlers;
}
