package io.brokkr.testkit;

import io.brokkr.core.Broker;
import io.brokkr.core.BrokerBuilder;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.storage.MetadataStoreFactory;
import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.testkit.files.FolderTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A broker in this process, with one listener {@code PLAINTEXT} on a free port of the loopback address. Its data folder is a temporary one, deleted by
 * {@link #close}, unless the test names another.
 *
 * <pre>{@code
 * try (EmbeddedBroker broker = EmbeddedBroker.builder()
 *         .extension(MemoryStorageEngineFactory::new)
 *         .extension(ProduceHandlers::new)
 *         .start();
 *      WireClient client = broker.connect()) {
 *     ...
 * }
 * }</pre>
 */
public final class EmbeddedBroker implements AutoCloseable {

    private static final String LISTENER = "PLAINTEXT";

    private final Builder builder;
    private final Path folder;
    private final boolean temporary;
    private Broker broker;

    private EmbeddedBroker(Builder builder, Path folder, boolean temporary) {
        this.builder = builder;
        this.folder = folder;
        this.temporary = temporary;
        this.broker = builder.startBroker(folder);
    }

    /** A broker without any extension. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where clients connect. */
    public InetSocketAddress address() {
        return new InetSocketAddress("localhost", broker.port(LISTENER));
    }

    /** The same as clients' {@code bootstrap.servers} want it. */
    public String bootstrapServers() {
        return "localhost:" + broker.port(LISTENER);
    }

    /** A connection. */
    public WireClient connect() {
        return WireClient.connect(address());
    }

    /** What the plugins of this broker get. */
    public BrokerServices services() {
        return broker.services();
    }

    /** Where the data is. */
    public Path dataFolder() {
        return folder;
    }

    /** Ends the broker and starts it again, on the same data, with extensions that are made anew and another port. */
    public void restart() {
        broker.close();
        broker = builder.startBroker(folder);
    }

    /** Ends the broker and deletes its folder, if that is a temporary one. */
    @Override
    public void close() {
        broker.close();
        if (temporary && Files.exists(folder)) {
            FolderTree.delete(folder);
        }
    }

    /** Says what the broker is made of. */
    public static final class Builder {

        private final List<Supplier<?>> extensions = new ArrayList<>();
        private final Map<String, String> settings = new HashMap<>();
        private final MemoryMetadataStore.Factory memoryMetadata = new MemoryMetadataStore.Factory();
        private @Nullable Path dataFolder;

        private Builder() {}

        /** Adds an extension; it is made anew for every start. The first storage engine is the default of topics. */
        public Builder extension(Supplier<?> extension) {
            extensions.add(extension);
            return this;
        }

        /** Sets a value of the broker's configuration. */
        public Builder setting(String name, String value) {
            settings.put(name, value);
            return this;
        }

        /** Uses a folder of the test instead of a temporary one, and leaves it there. */
        public Builder dataFolder(Path folder) {
            dataFolder = folder;
            return this;
        }

        /**
         * Starts the broker.
         *
         * @throws io.brokkr.core.StartException if it cannot start
         */
        public EmbeddedBroker start() {
            if (dataFolder != null) {
                return new EmbeddedBroker(this, dataFolder, false);
            }
            try {
                return new EmbeddedBroker(this, Files.createTempDirectory("embedded-broker"), true);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        private Broker startBroker(Path folder) {
            BrokerBuilder builder = new BrokerBuilder();
            Map<String, String> all = new HashMap<>();
            all.put("listeners", LISTENER + "://localhost:0");
            all.put("log.dirs", folder.toString());
            boolean metadata = false;
            for (Supplier<?> maker : extensions) {
                Object extension = maker.get();
                builder.extension(extension);
                if (extension instanceof StorageEngineFactory engine) {
                    all.putIfAbsent("storage.engine", engine.name());
                }
                if (extension instanceof MetadataStoreFactory store) {
                    all.put("metadata.store", store.name());
                    metadata = true;
                }
            }
            if (!metadata) {
                builder.extension(memoryMetadata);
                all.put("metadata.store", memoryMetadata.name());
            }
            all.putAll(settings);
            return builder.configuration(all).start();
        }
    }
}
