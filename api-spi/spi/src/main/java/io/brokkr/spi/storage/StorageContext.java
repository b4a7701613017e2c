package io.brokkr.spi.storage;

import io.brokkr.spi.BrokerConfiguration;
import io.brokkr.spi.BrokerEvents;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Metrics;
import io.brokkr.spi.Scheduler;
import java.nio.file.Path;
import java.util.List;

/** What the broker gives to a storage engine or a metadata store; valid until that is closed. */
public interface StorageContext {

    /** The broker's configuration. */
    BrokerConfiguration configuration();

    /**
     * The folders for data on this machine ({@code log.dirs}), one or more, absolute. The first one exists, could be written at the start, and is locked for this
     * broker; before another one is touched, {@link #requireUsable} is to be called. Several plugins share them: what a plugin puts there carries a
     * name that cannot be another's.
     */
    List<Path> dataFolders();

    /**
     * Makes a data folder if there is none, and locks it for this broker; costs little if that is done. To be called again for a folder that has failed and may
     * be back. Blocks.
     *
     * @throws StorageException if the folder cannot be used: what is wrong with it, and what to do
     */
    void requireUsable(Path dataFolder);

    /**
     * Opens another storage engine as one's own, to build on it: a new instance of the plugin of that name, beside the one that keeps topics, with the same settings of the broker.
     * Its data folders are folders in those of this context, so its logs are nobody else's: neither this engine's other ones nor the topics' that the broker lists. Whoever
     * opens it closes it, after its logs. Blocks.
     *
     * @param name the engine's name, as {@code storage.engine} gives it
     * @param space the name of its folders; it cannot be another plugin's, and each engine that is open has another one
     * @throws NoSuchEngineException if no plugin supplies the engine, or if it is the one that asks, or was opened on the way to that
     * @throws StorageException if the engine cannot be opened
     */
    StorageEngine openEngine(String name, String space);

    /** The time. */
    Clock clock();

    /** Timers, and threads for work that blocks. */
    Scheduler scheduler();

    /** Figures for the operator. */
    Metrics metrics();

    /** Where what happens is told to {@link io.brokkr.spi.BrokerEventListener}s. */
    BrokerEvents events();
}
