package io.brokkr.core.plugin;

import io.brokkr.protocol.record.CompressionCodec;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.spi.Setting;
import io.brokkr.spi.storage.MetadataStoreFactory;
import io.brokkr.spi.storage.StorageEngineFactory;
import java.util.ArrayList;
import java.util.List;

/** What a plugin provides. */
public record Extensions(
        List<ApiHandlerFactory> apis,
        List<StorageEngineFactory> engines,
        List<MetadataStoreFactory> metadataStores,
        List<CompressionCodec> codecs) {

    static final Extensions NONE = new Extensions(List.of(), List.of(), List.of(), List.of());

    /**
     * One extension.
     *
     * @throws IllegalArgumentException if the object is none
     */
    public static Extensions of(Object extension) {
        Extensions extensions = new Extensions(
                extension instanceof ApiHandlerFactory api ? List.of(api) : List.of(),
                extension instanceof StorageEngineFactory engine ? List.of(engine) : List.of(),
                extension instanceof MetadataStoreFactory store ? List.of(store) : List.of(),
                extension instanceof CompressionCodec codec ? List.of(codec) : List.of());
        if (extensions.isEmpty()) {
            throw new IllegalArgumentException(extension.getClass().getName() + " is no extension");
        }
        return extensions;
    }

    boolean isEmpty() {
        return apis.isEmpty() && engines.isEmpty() && metadataStores.isEmpty() && codecs.isEmpty();
    }

    /** All settings that the extensions declare. */
    List<Setting<?>> settings() {
        List<Setting<?>> settings = new ArrayList<>();
        apis.forEach(api -> settings.addAll(api.settings()));
        for (StorageEngineFactory engine : engines) {
            settings.addAll(engine.settings());
            settings.addAll(engine.topicSettings());
        }
        metadataStores.forEach(store -> settings.addAll(store.settings()));
        return settings;
    }
}
