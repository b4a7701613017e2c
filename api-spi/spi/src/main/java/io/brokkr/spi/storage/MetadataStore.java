package io.brokkr.spi.storage;

import io.brokkr.protocol.Bytes;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Small durable values under keys, each with a version: topics, their settings, ids, credentials. Thread-safe.
 *
 * <p>Keys are paths such as {@code topics/orders}: 1 to 1,024 characters, ordered as {@link String} orders them. Values have up to 1 MiB. The version of a value is 1 when the key
 * is created and grows by one with each change.
 */
public interface MetadataStore extends AutoCloseable {

    /** The value of a key, null where there is none. A read sees every change whose stage is complete. */
    CompletionStage<@Nullable Entry> get(String key);

    /** All entries whose key begins with a prefix, in the order of the keys, as they stood at one moment. */
    CompletionStage<List<Entry>> list(String prefix);

    /**
     * Makes changes as one: all of them or none, durable when the stage is complete.
     *
     * @return fails with {@link VersionConflictException} if a version was not as expected: then nothing was changed
     */
    CompletionStage<Void> commit(List<Change> changes);

    /**
     * Tells of every change under a prefix that is made after this call, by whomever, in the order of each key's versions.
     *
     * @param watcher must not block
     */
    Watch watch(String prefix, Watcher watcher);

    /** Ends the store. Blocks until everything is durable. */
    @Override
    void close();

    /**
     * A key with its value.
     *
     * @param version 1 or more
     */
    record Entry(String key, Bytes value, long version) {}

    /**
     * One change.
     *
     * @param value the new value, or null to delete the key
     * @param expectedVersion the version that the key must have; {@link #ABSENT} if it must not be there; {@link #ANY} if it does not matter
     */
    record Change(String key, @Nullable Bytes value, long expectedVersion) {
        /** The key must not be there. */
        public static final long ABSENT = 0;

        /** The change is made whatever is there. */
        public static final long ANY = -1;

        /** Creates a key. */
        public static Change create(String key, Bytes value) {
            return new Change(key, value, ABSENT);
        }

        /** Changes the value of a key as it was read. */
        public static Change replace(Entry read, Bytes value) {
            return new Change(read.key(), value, read.version());
        }

        /** Deletes a key as it was read. */
        public static Change delete(Entry read) {
            return new Change(read.key(), null, read.version());
        }
    }

    /** Is told of changes. */
    @FunctionalInterface
    interface Watcher {
        /**
         * A key has changed.
         *
         * @param entry the new state, null if the key is gone
         */
        void changed(String key, @Nullable Entry entry);
    }

    /** A watcher that is being told. */
    interface Watch {
        /** Ends it. A second call does nothing. */
        void cancel();
    }
}
