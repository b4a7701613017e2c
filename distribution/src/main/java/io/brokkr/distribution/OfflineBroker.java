package io.brokkr.distribution;

import io.brokkr.core.Broker;
import io.brokkr.core.StartException;
import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodec;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.CommandLineContext;
import io.brokkr.spi.InstalledPlugin;
import io.brokkr.spi.storage.StorageException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A broker that is opened for a tool when the tool first asks for it. Used by one thread. */
final class OfflineBroker implements AutoCloseable {

    private final Options options;
    private @Nullable Broker broker;

    OfflineBroker(Options options) {
        this.options = options;
    }

    /** What the tool gets. */
    CommandLineContext context(Map<Compression, CompressionCodec> codecs) {
        return new CommandLineContext() {
            @Override
            public PrintStream out() {
                return System.out;
            }

            @Override
            public PrintStream err() {
                return System.err;
            }

            @Override
            public Path installation() {
                return Options.home();
            }

            @Override
            public List<InstalledPlugin> plugins(List<Path> further) {
                return PluginInspection.of(options, further);
            }

            @Override
            public Map<Compression, CompressionCodec> compressionCodecs() {
                return codecs;
            }

            @Override
            public BrokerServices openBroker() {
                return open().services();
            }
        };
    }

    private Broker open() {
        Broker opened = broker;
        if (opened == null) {
            try {
                opened = options.builder().startOffline();
            } catch (StartException mendable) {
                throw new StorageException(String.valueOf(mendable.getMessage()), mendable);
            }
            broker = opened;
        }
        return opened;
    }

    @Override
    public void close() {
        if (broker != null) {
            broker.close();
        }
    }
}
