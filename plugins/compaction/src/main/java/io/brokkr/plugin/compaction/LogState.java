package io.brokkr.plugin.compaction;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is remembered of a log from one look to the next. Used by one thread at a time, but for the problem. */
final class LogState {

    /** An idle log is looked at so seldom at last: ten thousand of them are three looks a second. */
    static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private static final int FACTOR = 4;
    private static final long UNSEEN = -1;

    private final Duration shortestWait;
    private Map<String, String> overrides = Map.of();
    private Duration wait;
    private long nextLook = Long.MIN_VALUE;
    private long dueAt = Long.MAX_VALUE;
    private long endOffset = UNSEEN;
    private Arrivals arrivals = Arrivals.UNKNOWN;
    private boolean exists;
    private boolean active;
    private volatile @Nullable String problem;

    LogState(Duration shortestWait) {
        this.shortestWait = shortestWait;
        this.wait = shortestWait;
    }

    /** Whoever changes the settings of a topic does not wait for the end of a long pause. */
    void configured(Map<String, String> newOverrides) {
        if (!newOverrides.equals(overrides)) {
            overrides = newOverrides;
            nextLook = Long.MIN_VALUE;
            wait = shortestWait;
        }
    }

    /** The log has an end that it may not have had at the last look: whoever begins to write to an idle log does not wait for the end of a long pause either. */
    void written(long newEndOffset) {
        if (newEndOffset != endOffset && problem == null) {
            nextLook = Long.MIN_VALUE;
            active = true;
        }
    }

    boolean isDue(long now) {
        return nextLook <= now;
    }

    /** Epoch milliseconds. */
    long nextLook() {
        return nextLook;
    }

    /** Whether nothing happened since the look before the last one, and nothing is known to be due. */
    boolean isIdle(long now) {
        return !active && dueAt > now;
    }

    /** Whether nobody has looked at the log yet. */
    boolean isUnseen() {
        return endOffset == UNSEEN;
    }

    /** What the last look knew of when records arrived. */
    Arrivals arrivals() {
        return arrivals;
    }

    boolean exists() {
        return exists;
    }

    /** Why the log could not be compacted when it was last tried, null if it could. */
    @Nullable
    String problem() {
        return problem;
    }

    void seen(LogLook.Seen seen, long now) {
        exists = true;
        problem = null;
        active = seen.compacted() || seen.endOffset() != endOffset;
        endOffset = seen.endOffset();
        arrivals = seen.arrivals();
        dueAt = seen.dueAt();
        nextLook = active ? waitShortly(now) : Math.min(waitLonger(now), Math.max(seen.dueAt(), now));
    }

    /** There is no log, or it changed under way. */
    void nothingSeen(long now) {
        dueAt = Long.MAX_VALUE;
        nextLook = waitLonger(now);
    }

    /**
     * It cannot be compacted.
     *
     * @return whether that is news
     */
    boolean failed(String reason, long now) {
        boolean news = !reason.equals(problem);
        problem = reason;
        dueAt = Long.MAX_VALUE;
        nextLook = waitLonger(now);
        return news;
    }

    private long waitShortly(long now) {
        wait = shortestWait;
        return now + wait.toMillis();
    }

    private long waitLonger(long now) {
        active = false;
        Duration longer = wait.multipliedBy(FACTOR);
        wait = longer.compareTo(LONGEST_WAIT) < 0 ? longer : LONGEST_WAIT;
        return now + wait.toMillis();
    }
}
