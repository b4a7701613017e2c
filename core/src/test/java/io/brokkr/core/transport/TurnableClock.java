package io.brokkr.core.transport;

import io.brokkr.spi.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until it is turned. */
final class TurnableClock implements Clock {

    private final AtomicLong nanos = new AtomicLong(1_000_000_000L);

    void turn(Duration by) {
        nanos.addAndGet(by.toNanos());
    }

    @Override
    public long millis() {
        return nanos.get() / 1_000_000;
    }

    @Override
    public long nanos() {
        return nanos.get();
    }
}
