package io.brokkr.core.plugin;

import io.brokkr.protocol.record.CompressionCodec;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.spi.CommandLineTool;
import io.brokkr.spi.storage.MetadataStoreFactory;
import io.brokkr.spi.storage.StorageEngineFactory;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A kind of extension. {@link #ALL} is the one list of them, beside the {@code uses} of the module descriptor, without which {@link java.util.ServiceLoader} finds none.
 *
 * @param type what extensions of the kind implement
 * @param description tells one of them to the operator
 */
record ExtensionKind<E>(Class<E> type, Function<E, String> description) {

    static final List<ExtensionKind<?>> ALL = List.of(
            new ExtensionKind<>(ApiHandlerFactory.class, api -> "API handlers"),
            new ExtensionKind<>(StorageEngineFactory.class, engine -> "storage engine " + engine.name()),
            new ExtensionKind<>(MetadataStoreFactory.class, store -> "metadata store " + store.name()),
            new ExtensionKind<>(
                    CompressionCodec.class,
                    codec -> "compression " + codec.compression().text()),
            new ExtensionKind<>(CommandLineTool.class, tool -> "command " + tool.name()));

    Stream<String> describe(HostedPlugin plugin) {
        return plugin.extensions(type).stream().map(description);
    }
}
