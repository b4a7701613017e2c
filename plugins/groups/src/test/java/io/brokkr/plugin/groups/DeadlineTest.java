package io.brokkr.plugin.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.testkit.time.VirtualClock;
import io.brokkr.testkit.time.VirtualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    /** Each move is a time after the one before, and the new distance; it expires exactly where the last move that came in time put it. */
    @Property
    void expiresWhereItWasMovedTo(@ForAll @Size(min = 1, max = 30) List<@IntRange(min = 1, max = 100) Integer> moves) {
        VirtualClock clock = new VirtualClock();
        VirtualScheduler scheduler = new VirtualScheduler(clock, 1);
        List<Duration> expiries = new ArrayList<>();
        Deadline deadline =
                new Deadline(clock, scheduler, Runnable::run, () -> expiries.add(Duration.ofNanos(clock.nanos())));
        long due = -1;
        List<Duration> expected = new ArrayList<>();
        for (int i = 0; i + 1 < moves.size(); i += 2) {
            scheduler.advance(Duration.ofMillis(moves.get(i)));
            long now = Duration.ofNanos(clock.nanos()).toMillis();
            if (due >= 0 && due <= now) {
                expected.add(Duration.ofMillis(due));
            }
            due = now + moves.get(i + 1);
            deadline.set(Duration.ofMillis(moves.get(i + 1)));
            assertThat(scheduler.taskCount()).isEqualTo(1);
        }
        scheduler.advance(Duration.ofSeconds(1));
        if (due >= 0) {
            expected.add(Duration.ofMillis(due));
        }
        assertThat(expiries).isEqualTo(expected);
        assertThat(scheduler.taskCount()).isZero();
    }

    @Test
    void doesNotExpireOnceCancelled() {
        VirtualClock clock = new VirtualClock();
        VirtualScheduler scheduler = new VirtualScheduler(clock, 1);
        AtomicInteger expiries = new AtomicInteger();
        Deadline deadline = new Deadline(clock, scheduler, Runnable::run, expiries::incrementAndGet);
        deadline.set(Duration.ofSeconds(1));
        deadline.cancel();
        assertThat(deadline.isSet()).isFalse();
        scheduler.advance(Duration.ofSeconds(2));
        assertThat(expiries).hasValue(0);
    }
}
