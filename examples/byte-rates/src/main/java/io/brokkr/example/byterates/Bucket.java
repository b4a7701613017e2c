package io.brokkr.example.byterates;

import java.time.Duration;

/**
 * A bucket into which bytes flow at a steady rate, and out of which a client takes them. It holds what flows in within a second, so that a client may be that much ahead. Who takes more than
 * there is gets it, and has to pause until the bucket would be level again. Immutable.
 *
 * @param debt how long it takes until nothing is missing; negative for as long as something is there, down to {@link #BURST}
 * @param remainder what comes on top of that, in parts of a nanosecond: as many as the rate has bytes
 * @param nanos when that was so, by the broker's clock
 */
record Bucket(Duration debt, long remainder, long nanos) {

    /** What a bucket holds, as the time in which it flows in. */
    static final Duration BURST = Duration.ofSeconds(1);

    /** In bytes per second; with more, numbers would overflow. */
    static final long HIGHEST_RATE = 9_000_000_000L;

    private static final Duration FULL = BURST.negated();
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    static Bucket full(long now) {
        return new Bucket(FULL, 0, now);
    }

    /** The bucket after a client took so many bytes. */
    Bucket take(long bytes, long rate, long now) {
        Bucket before = isFull(now) ? full(now) : new Bucket(debtAt(now), remainder, now);
        long parts = bytes % rate * NANOS_PER_SECOND + before.remainder;
        return new Bucket(before.debt.plus(Duration.ofSeconds(bytes / rate, parts / rate)), parts % rate, now);
    }

    /** How long the client has to pause from the moment on when it took something: to the nanosecond, of which a begun one counts. */
    Duration pause() {
        Duration pause = remainder == 0 ? debt : debt.plusNanos(1);
        return pause.isNegative() ? Duration.ZERO : pause;
    }

    /** Whether this is as good as a bucket from which nobody took anything. */
    boolean isFull(long now) {
        int compared = debtAt(now).compareTo(FULL);
        return compared < 0 || (compared == 0 && remainder == 0);
    }

    private Duration debtAt(long now) {
        return debt.minusNanos(now - nanos);
    }
}
