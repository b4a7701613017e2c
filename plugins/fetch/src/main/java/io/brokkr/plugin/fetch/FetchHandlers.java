package io.brokkr.plugin.fetch;

import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.Setting;
import java.util.List;

/** Makes the handlers of this plugin. */
public final class FetchHandlers implements ApiHandlerFactory {

    /** For {@link java.util.ServiceLoader}. */
    public FetchHandlers() {}

    @Override
    public List<Setting<?>> settings() {
        return List.of(FetchHandler.MAX_BYTES, FetchSessions.SLOTS, ConversionMemory.BYTES);
    }

    @Override
    public List<ApiHandler<?>> create(BrokerServices broker) {
        PartitionAccess access = new PartitionAccess(broker.topics(), broker.partitions());
        FetchSessions sessions =
                new FetchSessions(broker.configuration().get(FetchSessions.SLOTS), broker.clock(), broker.metrics());
        int maxBytes = broker.configuration().get(FetchHandler.MAX_BYTES);
        OldFormatFetch oldFormats = new OldFormatFetch(
                new CompressionCodecs(broker.compressionCodecs()),
                new ConversionMemory(broker.configuration().get(ConversionMemory.BYTES)),
                broker.scheduler().blocking());
        return List.of(
                new FetchHandler(
                        access,
                        sessions,
                        broker.scheduler(),
                        oldFormats,
                        new ZstandardTopics(broker.configuration()),
                        maxBytes),
                new ListOffsetsHandler(access, broker.clock()),
                new OffsetForLeaderEpochHandler(access));
    }
}
