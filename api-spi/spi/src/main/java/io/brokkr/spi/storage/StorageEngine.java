package io.brokkr.spi.storage;

import io.brokkr.spi.Configuration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Opens, lists and deletes the logs of partitions. Thread-safe. */
public interface StorageEngine extends AutoCloseable {

    /**
     * Opens a log, and creates it where there is none. What a crash left behind is set right first: the log then ends behind the last batch that is whole,
     * and holds at least everything that was synced.
     *
     * @param leaderEpoch the epoch of the opener; it fences those who opened with a lower one
     * @param configuration the topic's settings in force
     * @return fails with {@link LogFencedException} if somebody opened under a higher epoch, with {@link StorageException} if the log cannot be opened
     */
    CompletionStage<PartitionLog> open(LogId id, int leaderEpoch, Configuration configuration);

    /** Deletes a log and all its data; does nothing where there is none. An open one is unusable from then on. */
    CompletionStage<Void> delete(LogId id);

    /** The logs that exist, open or not. */
    CompletionStage<List<LogId>> list();

    /** Where the engine keeps its logs, and what they take there: for the operator. A log that is in several places takes its size in all of them together. */
    CompletionStage<List<StorageLocation>> locations();

    /** Ends the engine; its logs are closed before. Blocks until everything that was appended is as durable as the engine can make it. */
    @Override
    void close();
}
