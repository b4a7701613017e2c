/** Log compaction: keeps the last record of each key where a topic wants it. */
module io.brokkr.plugin.compaction {
    requires io.brokkr.spi;
    requires static org.jspecify;

    provides io.brokkr.spi.ApiHandlerFactory with
            io.brokkr.plugin.compaction.LogCompaction;
}
