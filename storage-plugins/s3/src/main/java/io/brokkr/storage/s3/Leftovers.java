package io.brokkr.storage.s3;

import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.StorageException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Objects of a log that count no more, and are not deleted yet. What is never deleted here is so after the next opening. Thread-safe. */
final class Leftovers {

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private final LogId id;
    private final DataFolder folder;
    private final Set<DataObject> objects = new LinkedHashSet<>();

    Leftovers(LogId id, DataFolder folder) {
        this.id = id;
        this.folder = folder;
    }

    synchronized void add(Collection<DataObject> some) {
        objects.addAll(some);
    }

    /** Deletes them, as far as the store lets it; waits for it. */
    void delete() {
        try {
            requireNone();
        } catch (StorageException later) {
            LOG.debug("what counts no more of the log {} is not deleted yet: {}", id, later.getMessage());
        }
    }

    /** Deletes all of them; waits for the store. */
    void requireNone() {
        for (DataObject next = next(); next != null; next = next()) {
            folder.delete(next);
            remove(next);
        }
    }

    private synchronized @Nullable DataObject next() {
        return objects.isEmpty() ? null : objects.iterator().next();
    }

    private synchronized void remove(DataObject deleted) {
        objects.remove(deleted);
    }
}
