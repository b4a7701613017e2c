package io.brokkr.storage.log;

import io.brokkr.spi.Clock;
import io.brokkr.spi.Metrics;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The logs of one data folder that wait for the device. A few of them are forced each by itself, several at the same time; many get one access to the device together, through the
 * {@link Journal}. Thread-safe; its monitor is never held while somebody waits for the device.
 */
final class SyncQueue {

    /** As many as help a file system to bring together what it is asked for. */
    private static final int MOST_AT_ONCE = SyncThreads.MOST_THREADS;

    /**
     * How many logs are brought to the device at the same time so that files of the journal become free, beside those that somebody waits for. With 2, on a busy device, a thousand
     * logs filled the journal sooner than it was freed, and then waited each for itself.
     */
    private static final int MOST_FREEING = 4;

    private final Executor threads;
    private final Journal journal;
    private final Clock clock;
    private final Metrics.Timings timings;
    private final Queue<GroupCommit> waiting = new ArrayDeque<>();

    /** Rounds that have begun, of logs that the journal did not take. */
    private final Queue<GroupCommit.Round> alone = new ArrayDeque<>();

    /** Logs that files of the journal are waited for from. */
    private final Queue<SegmentedLog> freeing = new ArrayDeque<>();

    private boolean sharedRoundRuns;
    private int freeingAtOnce;

    /** Tasks that the threads have and have not begun. */
    private int submitted;

    /** Tasks under way. */
    private int running;

    SyncQueue(Executor threads, Journal journal, Clock clock, Metrics.Timings timings) {
        this.threads = threads;
        this.journal = journal;
        this.clock = clock;
        this.timings = timings;
    }

    /** The folder's threads, for others who wait for the same device. */
    Executor threads() {
        return threads;
    }

    void add(GroupCommit log) {
        synchronized (this) {
            waiting.add(log);
        }
        submit();
    }

    private void submit() {
        int missing;
        synchronized (this) {
            missing = Math.min(ready() - submitted, MOST_AT_ONCE - submitted - running);
            submitted += Math.max(0, missing);
        }
        for (int i = 0; i < missing; i++) {
            threads.execute(this::runNext);
        }
    }

    /** How many threads would find work. */
    private int ready() {
        return alone.size()
                + Math.min(freeing.size(), MOST_FREEING - freeingAtOnce)
                + (sharedRoundRuns ? 0 : waiting.size());
    }

    private void runNext() {
        Runnable task;
        synchronized (this) {
            submitted--;
            running++;
            task = take();
        }
        try {
            if (task != null) {
                task.run();
            }
        } finally {
            synchronized (this) {
                running--;
            }
            submit();
        }
    }

    private @Nullable Runnable take() {
        if (!alone.isEmpty()) {
            return alone.remove()::force;
        }
        if (!freeing.isEmpty() && freeingAtOnce < MOST_FREEING) {
            freeingAtOnce++;
            SegmentedLog log = freeing.remove();
            return () -> free(log);
        }
        if (waiting.isEmpty() || sharedRoundRuns) {
            return null;
        }
        if (waiting.size() < journal.settings().fewestLogs() || !journal.isReady()) {
            return waiting.remove().begin()::force;
        }
        sharedRoundRuns = true;
        List<GroupCommit> many = new ArrayList<>(waiting);
        waiting.clear();
        return () -> share(many);
    }

    private void free(SegmentedLog log) {
        try {
            log.leaveJournal();
        } finally {
            synchronized (this) {
                freeingAtOnce--;
            }
        }
    }

    private void share(List<GroupCommit> many) {
        SharedRound round = new SharedRound(journal);
        try {
            long began = clock.nanos();
            round.run(many);
            timings.record(clock.nanos() - began);
        } finally {
            List<SegmentedLog> toForce = journal.logsToForce();
            synchronized (this) {
                sharedRoundRuns = false;
                alone.addAll(round.alone());
                waiting.addAll(round.again());
                if (freeing.isEmpty()) {
                    freeing.addAll(toForce);
                }
            }
            // The next round begins while those of this one are answered.
            submit();
            round.answer();
        }
    }
}
