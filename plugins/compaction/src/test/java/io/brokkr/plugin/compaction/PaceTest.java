package io.brokkr.plugin.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.testkit.time.VirtualClock;
import io.brokkr.testkit.time.VirtualScheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PaceTest {

    private final VirtualClock clock = new VirtualClock();
    private final VirtualScheduler scheduler = new VirtualScheduler(clock, 0);

    @Property(tries = 100)
    void takesTheTimeThatTheRateAsksFor(
            @ForAll List<@IntRange(max = 1_000_000) Integer> sizes,
            @ForAll @IntRange(min = 1_000, max = 10_000_000) int rate) {
        Pace pace = new Pace(scheduler, clock, rate);
        long begin = clock.nanos();
        long total = 0;
        for (int size : sizes) {
            CompletableFuture<Void> spent = pace.spend(size).toCompletableFuture();
            while (!spent.isDone()) {
                scheduler.advance(scheduler.untilNextTask());
            }
            total += size;
        }
        double expected = total * 1e9 / rate;
        // What is shorter than a millisecond is saved up.
        assertThat((double) (clock.nanos() - begin)).isBetween(expected - 1e6 - sizes.size(), expected + 1);
    }

    @Example
    void withoutALimitNothingWaits() {
        Pace pace = new Pace(scheduler, clock, Double.MAX_VALUE);
        assertThat(pace.spend(Long.MAX_VALUE)).isCompleted();
    }

    @Example
    void whoWaitsHearsOfTheEnd() {
        Pace pace = new Pace(scheduler, clock, 1);
        CompletableFuture<Void> spent = pace.spend(1_000).toCompletableFuture();
        assertThat(spent).isNotDone();
        pace.stop();
        assertThat(spent).isCompletedExceptionally();
        assertThat(pace.pause(Duration.ZERO)).isCompletedExceptionally();
    }
}
