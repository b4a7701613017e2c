package io.brokkr.spi.storage.simple;

import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.LogId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Keeps batches and a few numbers for {@link BatchStoreEngine}, with a library that does the rest.
 *
 * <ol>
 *   <li><b>Threads.</b> One call at a time, in order, on threads that may block; not always the same thread.
 *   <li><b>Durability.</b> What was changed can be read at once, and is durable when {@link #commit} returns. Until then a crash may take back all of it or any part that was changed last,
 *       but nothing in between.
 *   <li><b>Failure.</b> A method may throw what it likes; the caller is told {@code KAFKA_STORAGE_ERROR} with its message. After a change or a commit that failed comes {@link #rollback}, and
 *       logs that were open take no more writes until they are opened and {@link #load}ed again.
 *   <li><b>Arguments.</b> The engine has checked them: offsets ascend, logs exist before anything is put into them.
 * </ol>
 */
public interface BatchStore {

    /** The logs that exist. */
    List<LogId> list() throws Exception;

    /** What is kept of a log; empty where there is none. Called when the log is opened, and after {@link #remove}. */
    Optional<StoredLog> load(LogId id) throws Exception;

    /** Keeps these numbers for a log, which is made if there is none. */
    void save(LogId id, int leaderEpoch, long startOffset, long endOffset) throws Exception;

    /** Deletes a log with its batches and notes, if there is one. */
    void delete(LogId id) throws Exception;

    /**
     * Puts a batch behind all others of its log.
     *
     * @param segment what the batch belongs to, for {@link StoredLog#segments()}; ascends
     * @param batch its bytes are the store's until the method returns
     */
    void append(LogId id, long segment, RecordBatch batch) throws Exception;

    /** Removes the batches whose last offset is at least the one given and below the other one. */
    void remove(LogId id, long fromOffset, long toOffset) throws Exception;

    /**
     * Hands batches to a reader, in the order of their offsets, until it wants no more: from the first one whose last offset is at least the one given. Batches
     * behind what the reader wants must not be loaded, since logs are larger than memory.
     */
    void read(LogId id, long offset, Reader reader) throws Exception;

    /** Keeps a note in the place of an older one of the same name. */
    void writeCheckpoint(LogId id, String name, Bytes content) throws Exception;

    /** The note of a name. */
    Optional<Bytes> readCheckpoint(LogId id, String name) throws Exception;

    /** Makes all changes durable: they survive the loss of power. Costs little if there is none. */
    void commit() throws Exception;

    /** Forgets the changes since the last commit, after a failure. */
    void rollback() throws Exception;

    /** Lets go of everything; called once, after {@link #commit}. */
    void close() throws Exception;

    /** Who reads. */
    @FunctionalInterface
    interface Reader {

        /**
         * Takes a batch.
         *
         * @param batch its bytes, from the position to the limit; the reader's from now on
         * @return whether it wants the next one
         */
        boolean take(ByteBuffer batch);
    }
}
