package io.brokkr.pluginhost;

import io.brokkr.spi.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A log for what anybody who reaches a port can cause as often as they like: so many lines in a period, then the number of those
 * that were left out. Thread-safe.
 */
public final class BoundedLog {

    private static final int MOST_LINES = 20;
    private static final long PERIOD_NANOS = Duration.ofSeconds(10).toNanos();

    private final Logger log;
    private final Clock clock;
    private long periodStart;
    private int lines;
    private long leftOut;

    /** A log with its own count. */
    public BoundedLog(Logger log, Clock clock) {
        this.log = log;
        this.clock = clock;
        this.periodStart = clock.nanos();
    }

    /** Somebody at the other end did something wrong. */
    public void warn(String format, Object... arguments) {
        if (mayWrite()) {
            log.warn(format, arguments);
        }
    }

    /** Something here is wrong, with its stack. */
    public void error(String message, @Nullable Throwable cause) {
        if (mayWrite()) {
            log.error(message, cause);
        }
    }

    private synchronized boolean mayWrite() {
        long now = clock.nanos();
        if (now - periodStart >= PERIOD_NANOS) {
            if (leftOut > 0) {
                log.warn("{} more lines of this kind were left out", leftOut);
            }
            periodStart = now;
            lines = 0;
            leftOut = 0;
        }
        if (lines < MOST_LINES) {
            lines++;
            return true;
        }
        leftOut++;
        return false;
    }
}
