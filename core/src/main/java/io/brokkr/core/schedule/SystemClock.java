package io.brokkr.core.schedule;

import io.brokkr.spi.Clock;

/** The machine's own clock. */
public final class SystemClock implements Clock {

    @Override
    public long millis() {
        return System.currentTimeMillis();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }
}
