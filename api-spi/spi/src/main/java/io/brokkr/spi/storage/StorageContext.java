package io.brokkr.spi.storage;

import io.brokkr.spi.BrokerConfiguration;
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
     * The folders for data on this machine ({@code log.dirs}), one or more, absolute; they exist, can be written, and are locked for
     * this broker. Several plugins share them: what a plugin puts there carries a name that cannot be another's.
     */
    List<Path> dataFolders();

    /** The time. */
    Clock clock();

    /** Timers, and threads for work that blocks. */
    Scheduler scheduler();

    /** Figures for the operator. */
    Metrics metrics();
}
