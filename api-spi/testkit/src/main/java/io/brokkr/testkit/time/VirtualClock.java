package io.brokkr.testkit.time;

import io.brokkr.spi.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that a test turns. Thread-safe. */
public final class VirtualClock implements Clock {

    /** Well after the epoch, so that subtracting years from it stays positive. */
    private static final long SOME_DAY = 1_700_000_000_000L;

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong epochMillisAtZero;

    /** A clock that shows a day in November 2023. */
    public VirtualClock() {
        this(SOME_DAY);
    }

    /** A clock that shows the given epoch milliseconds. */
    public VirtualClock(long epochMillis) {
        epochMillisAtZero = new AtomicLong(epochMillis);
    }

    @Override
    public long millis() {
        return epochMillisAtZero.get() + TimeUnit.NANOSECONDS.toMillis(nanos.get());
    }

    @Override
    public long nanos() {
        return nanos.get();
    }

    /**
     * Lets time pass. Timers do not run by this: to have them run, use {@link VirtualScheduler#advance}.
     *
     * @param duration zero or more
     */
    public void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("time does not go back: " + duration);
        }
        nanos.addAndGet(duration.toNanos());
    }

    /** Sets the wall clock, forward or back, as an operator does; {@link #nanos} takes no notice. */
    public void setMillis(long epochMillis) {
        epochMillisAtZero.addAndGet(epochMillis - millis());
    }
}
