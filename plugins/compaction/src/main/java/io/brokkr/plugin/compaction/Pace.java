package io.brokkr.plugin.compaction;

import io.brokkr.spi.Clock;
import io.brokkr.spi.Scheduler;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** How fast compaction goes, and whether it goes on at all. Thread-safe; one waits at a time. */
final class Pace {

    private static final CompletionStage<Void> AT_ONCE = CompletableFuture.completedStage(null);

    /** Shorter pauses are saved up. */
    private static final long SHORTEST_PAUSE_NANOS = 1_000_000;

    private final Scheduler scheduler;
    private final Clock clock;
    private final double bytesPerSecond;
    private long paidUntilNanos;
    private boolean stopped;
    private @Nullable CompletableFuture<Void> waiting;

    Pace(Scheduler scheduler, Clock clock, double bytesPerSecond) {
        this.scheduler = scheduler;
        this.clock = clock;
        this.bytesPerSecond = bytesPerSecond;
        this.paidUntilNanos = clock.nanos();
    }

    /**
     * Counts bytes that were read or written.
     *
     * @return complete when it may go on; fails with {@link CancellationException} if it may not, because the broker stops
     */
    CompletionStage<Void> spend(long sizeInBytes) {
        long pause;
        synchronized (this) {
            long now = clock.nanos();
            // Double.MAX_VALUE, the default, makes this nothing at all.
            long price = (long) (sizeInBytes / bytesPerSecond * 1e9);
            paidUntilNanos = Math.max(paidUntilNanos, now) + price;
            pause = paidUntilNanos - now;
        }
        return pause(pause < SHORTEST_PAUSE_NANOS ? Duration.ZERO : Duration.ofNanos(pause));
    }

    /** Waits; fails as {@link #spend} does. */
    CompletionStage<Void> pause(Duration pause) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        synchronized (this) {
            if (stopped) {
                return CompletableFuture.failedStage(stop());
            }
            if (pause.isZero()) {
                return AT_ONCE;
            }
            waiting = end;
        }
        scheduler.schedule(pause, () -> end.complete(null));
        return end;
    }

    synchronized boolean isStopped() {
        return stopped;
    }

    /** Ends what waits, and all that would wait later. */
    CancellationException stop() {
        CancellationException reason = new CancellationException("the broker stops");
        CompletableFuture<Void> interrupted;
        synchronized (this) {
            stopped = true;
            interrupted = waiting;
            waiting = null;
        }
        if (interrupted != null) {
            interrupted.completeExceptionally(reason);
        }
        return reason;
    }
}
