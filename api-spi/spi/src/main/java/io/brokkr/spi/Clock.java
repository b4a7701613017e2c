package io.brokkr.spi;

/** The time. Thread-safe. */
public interface Clock {

    /** Milliseconds since the epoch, as record timestamps count them; it may jump when the operator sets the clock. */
    long millis();

    /** Nanoseconds from an arbitrary moment, for durations; it never goes back. */
    long nanos();
}
