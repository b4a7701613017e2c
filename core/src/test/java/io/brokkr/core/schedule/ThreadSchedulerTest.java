package io.brokkr.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.spi.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ThreadSchedulerTest {

    private final ThreadScheduler scheduler = new ThreadScheduler(2);

    @AfterEach
    void close() {
        scheduler.close(Duration.ofSeconds(10));
    }

    @Test
    void startsNoThreadBeforeItIsUsed() {
        ThreadScheduler unused = new ThreadScheduler(2);
        List<String> names = Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .toList();
        assertThat(names).noneMatch(name -> name.startsWith("brokkr-blocking"));
        unused.close(Duration.ZERO);
    }

    @Test
    void repeatsWhatThrows() throws InterruptedException {
        CountDownLatch runs = new CountDownLatch(3);
        scheduler.repeat(Duration.ofMillis(1), () -> {
            runs.countDown();
            throw new IllegalStateException("thrown by the test");
        });
        assertThat(runs.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void cancelledTimersDoNotRun() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch hold = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        scheduler.schedule(Duration.ZERO, () -> {
            held.countDown();
            awaitQuietly(hold);
        });
        held.await();
        // The timer's one thread is busy, so that this task is due and has not begun.
        Scheduler.Timer timer = scheduler.schedule(Duration.ZERO, runs::incrementAndGet);
        timer.cancel();
        timer.cancel();
        CountDownLatch after = new CountDownLatch(1);
        scheduler.schedule(Duration.ZERO, after::countDown);
        hold.countDown();
        assertThat(after.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(runs).hasValue(0);
    }

    @Test
    void blockingWorkRunsSideBySideUpToTheLimit() throws Exception {
        CyclicBarrier both = new CyclicBarrier(3);
        AtomicInteger third = new AtomicInteger();
        CountDownLatch hold = new CountDownLatch(1);
        for (int i = 0; i < 2; i++) {
            scheduler.blocking().execute(() -> {
                meet(both);
                awaitQuietly(hold);
            });
        }
        CountDownLatch done = new CountDownLatch(1);
        scheduler.blocking().execute(() -> {
            third.incrementAndGet();
            done.countDown();
        });
        both.await(20, TimeUnit.SECONDS);
        assertThat(third).hasValue(0);
        hold.countDown();
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void closingLetsWorkUnderWayEndAndTakesNoMore() {
        AtomicInteger done = new AtomicInteger();
        for (int i = 0; i < 100; i++) {
            scheduler.blocking().execute(done::incrementAndGet);
        }
        scheduler.close(Duration.ofSeconds(20));
        assertThat(done).hasValue(100);
        assertThatThrownBy(() -> scheduler.blocking().execute(done::incrementAndGet))
                .isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> scheduler.schedule(Duration.ZERO, done::incrementAndGet))
                .isInstanceOf(RejectedExecutionException.class);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
