/** The APIs of those who read partitions: Fetch, ListOffsets, OffsetForLeaderEpoch. */
module io.brokkr.plugin.fetch {
    requires io.brokkr.spi;
    requires static org.jspecify;

    provides io.brokkr.spi.ApiHandlerFactory with
            io.brokkr.plugin.fetch.FetchHandlers;
}
