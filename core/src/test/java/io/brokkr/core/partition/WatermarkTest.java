package io.brokkr.core.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.spi.Partition;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WatermarkTest {

    @Property
    void callsThoseWhoseOffsetIsPassedOnceInTheirOrderAndNoOther(
            @ForAll @Size(max = 30) List<@IntRange(max = 10) Integer> offsets,
            @ForAll @Size(max = 30) List<Boolean> cancelled,
            @ForAll @IntRange(max = 12) int end) {
        Watermark watermark = new Watermark();
        List<Integer> called = new ArrayList<>();
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < offsets.size(); i++) {
            int number = i;
            Partition.Wait wait = watermark.await(offsets.get(i), () -> called.add(number));
            if (i < cancelled.size() && cancelled.get(i)) {
                wait.cancel();
                wait.cancel();
            } else if (offsets.get(i) < end) {
                expected.add(i);
            }
        }
        watermark.moveTo(end);
        watermark.wake();
        watermark.wake();
        assertThat(called).isEqualTo(expected);
    }

    @Test
    void neverGoesBack() {
        Watermark watermark = new Watermark();
        watermark.moveTo(7);
        watermark.moveTo(5);
        assertThat(watermark.offset()).isEqualTo(7);
    }

    @Test
    void whoComesLateIsCalledAtOnce() {
        Watermark watermark = new Watermark();
        watermark.moveTo(5);
        AtomicInteger calls = new AtomicInteger();
        Partition.Wait passed = watermark.await(4, calls::incrementAndGet);
        Partition.Wait notYet = watermark.await(5, calls::incrementAndGet);
        assertThat(calls).hasValue(1);
        passed.cancel();
        notYet.cancel();
    }

    @Test
    void anInterruptWakesAllAndLetsNobodyWaitUntilTheRestart() {
        Watermark watermark = new Watermark();
        AtomicInteger calls = new AtomicInteger();
        watermark.await(100, calls::incrementAndGet);
        watermark.interrupt();
        watermark.await(100, calls::incrementAndGet);
        assertThat(calls).hasValue(2);
        watermark.restart(3);
        watermark.await(3, calls::incrementAndGet);
        assertThat(calls).hasValue(2);
        assertThat(watermark.offset()).isEqualTo(3);
    }

    @Test
    void aListenerThatThrowsHarmsNobodyElse() {
        Watermark watermark = new Watermark();
        AtomicInteger calls = new AtomicInteger();
        watermark.await(0, () -> {
            throw new IllegalStateException("a listener's own fault");
        });
        watermark.await(0, calls::incrementAndGet);
        watermark.moveTo(1);
        watermark.wake();
        assertThat(calls).hasValue(1);
    }

    /** The mover goes on only when all have seen the last move: were one wake-up lost, nothing would ever move again. */
    @Property(tries = 10)
    void noWakeUpIsLostBetweenThreads(@ForAll @IntRange(min = 1, max = 2) int readers) throws InterruptedException {
        int moves = 5_000;
        Watermark watermark = new Watermark();
        Semaphore seen = new Semaphore(0);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < readers; i++) {
            Thread reader = new Thread(() -> follow(watermark, moves, seen));
            reader.start();
            threads.add(reader);
        }
        for (int offset = 1; offset <= moves; offset++) {
            watermark.moveTo(offset);
            watermark.wake();
            assertThat(seen.tryAcquire(readers, 20, TimeUnit.SECONDS)).isTrue();
        }
        for (Thread thread : threads) {
            thread.join(20_000);
            assertThat(thread.isAlive()).isFalse();
        }
    }

    private static void follow(Watermark watermark, int end, Semaphore seen) {
        Semaphore woken = new Semaphore(0);
        for (int offset = 0; offset < end; offset++) {
            watermark.await(offset, woken::release);
            woken.acquireUninterruptibly();
            seen.release();
        }
    }
}
