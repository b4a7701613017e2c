package io.brokkr.plugin.groups;

import io.brokkr.spi.Clock;
import io.brokkr.spi.Scheduler;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Something that happens at a time unless that time is moved, as it is with every heartbeat. Moving it further away costs a number: the one timer, when it
 * fires too early, is set again for the rest. Confined to the executor.
 */
final class Deadline {

    private final Clock clock;
    private final Scheduler scheduler;
    private final Executor serial;
    private final Runnable onExpiry;

    private boolean set;
    private long dueNanos;
    private long timerDueNanos;
    private Scheduler.@Nullable Timer timer;
    private int timersStarted;

    /**
     * A deadline that is not set.
     *
     * @param serial what the deadline is confined to; runs {@code onExpiry}
     */
    Deadline(Clock clock, Scheduler scheduler, Executor serial, Runnable onExpiry) {
        this.clock = clock;
        this.scheduler = scheduler;
        this.serial = serial;
        this.onExpiry = onExpiry;
    }

    /** Sets the deadline, or moves it. */
    void set(Duration fromNow) {
        long now = clock.nanos();
        set = true;
        dueNanos = now + fromNow.toNanos();
        if (timer == null) {
            startTimer(now);
        } else if (timerDueNanos - dueNanos > 0) {
            timer.cancel();
            startTimer(now);
        }
    }

    boolean isSet() {
        return set;
    }

    void cancel() {
        set = false;
        timersStarted++;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void startTimer(long now) {
        int number = ++timersStarted;
        timerDueNanos = dueNanos;
        timer = scheduler.schedule(
                Duration.ofNanos(Math.max(0, dueNanos - now)), () -> serial.execute(() -> timerFired(number)));
    }

    private void timerFired(int number) {
        if (number != timersStarted) {
            return; // Was cancelled when it had begun already.
        }
        timer = null;
        long now = clock.nanos();
        if (dueNanos - now > 0) {
            startTimer(now);
        } else {
            set = false;
            onExpiry.run();
        }
    }
}
