package io.brokkr.testkit.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.spi.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class VirtualSchedulerTest {

    private final VirtualClock clock = new VirtualClock();
    private final VirtualScheduler scheduler = new VirtualScheduler(clock, 1);

    @Property
    void tasksRunAtTheirTimeWhateverTheSteps(
            @ForAll long seed,
            @ForAll @Size(max = 20) List<@IntRange(max = 1000) Integer> delays,
            @ForAll @Size(max = 20) List<@IntRange(max = 200) Integer> steps) {
        VirtualClock ownClock = new VirtualClock();
        VirtualScheduler own = new VirtualScheduler(ownClock, seed);
        List<Long> ran = new ArrayList<>();
        delays.forEach(delay -> own.schedule(
                Duration.ofMillis(delay),
                () -> ran.add(Duration.ofNanos(ownClock.nanos()).toMillis() - delay)));
        int count = steps.stream()
                .mapToInt(step -> own.advance(Duration.ofMillis(step)))
                .sum();
        long end = steps.stream().mapToLong(Integer::longValue).sum();
        assertThat(ownClock.nanos()).isEqualTo(Duration.ofMillis(end).toNanos());
        assertThat(ran).containsOnly(delays.isEmpty() || count == 0 ? new Long[0] : new Long[] {0L});
        long due = delays.stream().filter(delay -> delay <= end).count();
        if (!steps.isEmpty()) {
            assertThat(count).isEqualTo((int) due);
            assertThat(own.taskCount()).isEqualTo((int) (delays.size() - due));
        }
    }

    private static List<Integer> orderOf(long seed) {
        VirtualScheduler scheduler = new VirtualScheduler(new VirtualClock(), seed);
        List<Integer> order = new ArrayList<>();
        IntStream.range(0, 5).forEach(i -> scheduler.schedule(Duration.ofSeconds(1), () -> order.add(i)));
        scheduler.advance(Duration.ofSeconds(1));
        return order;
    }

    @Property(tries = 50)
    void theSeedDecidesTheOrderOfSimultaneousTasks(@ForAll long seed) {
        assertThat(orderOf(seed)).isEqualTo(orderOf(seed)).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    }

    @Example
    void differentSeedsGiveDifferentOrders() {
        Set<List<Integer>> orders = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            orders.add(orderOf(seed));
        }
        assertThat(orders).hasSizeGreaterThan(10);
    }

    @Example
    void taskMayScheduleAnotherInTheSameStep() {
        List<Duration> ran = new ArrayList<>();
        scheduler.schedule(
                Duration.ofSeconds(1),
                () -> scheduler.schedule(Duration.ofSeconds(1), () -> ran.add(Duration.ofNanos(clock.nanos()))));
        scheduler.advance(Duration.ofSeconds(5));
        assertThat(ran).containsExactly(Duration.ofSeconds(2));
    }

    @Example
    void repeatedTaskRunsUntilItIsCancelled() {
        List<Duration> ran = new ArrayList<>();
        Scheduler.Timer timer = scheduler.repeat(Duration.ofSeconds(2), () -> ran.add(Duration.ofNanos(clock.nanos())));
        scheduler.advance(Duration.ofSeconds(5));
        assertThat(ran).containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(4));
        timer.cancel();
        scheduler.advance(Duration.ofSeconds(5));
        assertThat(ran).hasSize(2);
        assertThat(scheduler.taskCount()).isZero();
        assertThat(scheduler.untilNextTask()).isNull();
    }

    @Example
    void repeatedTaskMayCancelItself() {
        List<Scheduler.Timer> timers = new ArrayList<>();
        List<String> ran = new ArrayList<>();
        timers.add(scheduler.repeat(Duration.ofSeconds(1), () -> {
            ran.add("once");
            timers.get(0).cancel();
        }));
        scheduler.advance(Duration.ofSeconds(5));
        assertThat(ran).hasSize(1);
    }

    @Example
    void whatATaskThrowsComesOutAndTheRestIsStillThere() {
        scheduler.repeat(Duration.ofSeconds(1), () -> {
            throw new IllegalStateException("mistake");
        });
        assertThatThrownBy(() -> scheduler.advance(Duration.ofSeconds(3))).hasMessage("mistake");
        assertThat(scheduler.untilNextTask()).isEqualTo(Duration.ofSeconds(1));
    }

    @Example
    void blockingWorkRunsWithoutTimePassing() {
        List<String> ran = new ArrayList<>();
        scheduler.blocking().execute(() -> ran.add("work"));
        assertThat(ran).isEmpty();
        assertThat(scheduler.runDueTasks()).isEqualTo(1);
        assertThat(ran).containsExactly("work");
        assertThat(clock.nanos()).isZero();
    }

    @Example
    void operatorMaySetTheWallClockBack() {
        clock.advance(Duration.ofHours(1));
        clock.setMillis(1000);
        assertThat(clock.millis()).isEqualTo(1000);
        assertThat(clock.nanos()).isEqualTo(Duration.ofHours(1).toNanos());
        clock.advance(Duration.ofSeconds(1));
        assertThat(clock.millis()).isEqualTo(2000);
        assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
    }
}
