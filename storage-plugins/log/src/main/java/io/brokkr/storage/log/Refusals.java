package io.brokkr.storage.log;

import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Says in the broker's log why a log cannot be opened: once for each reason, since whoever needs it tries again and again. Thread-safe. */
final class Refusals {

    private static final Logger LOG = System.getLogger(Refusals.class.getName());

    private final Map<LogId, String> reasons = new ConcurrentHashMap<>();

    /** Opens a log; a refusal that comes out of it is reported unless it is the last one again. */
    PartitionLog watch(LogId id, BlockingTasks.Task<PartitionLog> opening) throws IOException {
        try {
            PartitionLog opened = opening.run();
            reasons.remove(id);
            return opened;
        } catch (FailedFolderException told) {
            throw told;
        } catch (StorageException refusal) {
            report(id, refusal);
            throw refusal;
        } catch (IOException failure) {
            report(id, failure);
            throw failure;
        }
    }

    /** Says why a log could not be opened, unless that was said last. */
    void report(LogId id, Exception refusal) {
        String reason = refusal instanceof StorageException ? String.valueOf(refusal.getMessage()) : refusal.toString();
        if (!reason.equals(reasons.put(id, reason))) {
            LOG.log(Level.ERROR, "the log {0} cannot be opened: {1}", id, reason);
        }
    }

    /** The log is gone for good. */
    void forget(LogId id) {
        reasons.remove(id);
    }
}
