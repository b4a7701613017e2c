package io.brokkr.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.core.schedule.ThreadScheduler;
import io.brokkr.pluginhost.HostedPlugin;
import io.brokkr.pluginhost.PluginScheduler;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.Scheduler.Timer;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PluginSchedulerTest {

    private static final Duration LONG = Duration.ofHours(1);

    private static final class Factory implements ApiHandlerFactory {
        @Override
        public List<ApiHandler<?>> create(BrokerServices broker) {
            return List.of();
        }
    }

    private final ThreadScheduler threads = new ThreadScheduler(1);
    private final PluginScheduler scheduler = new PluginScheduler(threads, HostedPlugin.of(new Factory()));

    @AfterEach
    void endThreads() {
        threads.close(Duration.ofSeconds(10));
    }

    private static void awaitCollected(WeakReference<?> reference) {
        while (reference.get() != null) {
            System.gc();
        }
    }

    /** Neither by the timer's queue nor by the timers that the plugin was given. */
    @Test
    void nothingHoldsOnToTasksOfAPluginThatHasEnded() {
        AtomicInteger runs = new AtomicInteger();
        List<Timer> timers = new ArrayList<>();
        List<WeakReference<Object>> held = List.of(
                hold(task -> timers.add(scheduler.schedule(LONG, task)), runs),
                hold(task -> timers.add(scheduler.repeat(LONG, task)), runs));
        scheduler.end();
        held.forEach(PluginSchedulerTest::awaitCollected);
        assertThat(timers).hasSize(2);
        assertThat(runs).hasValue(0);
    }

    private static WeakReference<Object> hold(Consumer<Runnable> way, AtomicInteger runs) {
        Object held = new Object();
        way.accept(() -> runs.addAndGet(held.hashCode()));
        return new WeakReference<>(held);
    }

    @Test
    void nothingIsRunForAPluginThatHasEnded() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        scheduler.end();
        scheduler.schedule(Duration.ZERO, runs::incrementAndGet);
        scheduler.repeat(Duration.ofNanos(1), runs::incrementAndGet);
        scheduler.blocking().execute(runs::incrementAndGet);
        CountDownLatch behindThem = new CountDownLatch(2);
        threads.schedule(Duration.ofMillis(1), behindThem::countDown);
        threads.blocking().execute(behindThem::countDown);
        assertThat(behindThem.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(runs).hasValue(0);
    }

    @Test
    void whatHasRunIsLetGoOfAndWhatRepeatsGoesOn() throws Exception {
        CountDownLatch often = new CountDownLatch(3);
        Timer timer = scheduler.repeat(Duration.ofNanos(1), often::countDown);
        assertThat(often.await(30, TimeUnit.SECONDS)).isTrue();
        timer.cancel();
        CountDownLatch once = new CountDownLatch(1);
        Timer kept = scheduler.schedule(Duration.ZERO, once::countDown);
        WeakReference<CountDownLatch> reference = new WeakReference<>(once);
        assertThat(once.await(30, TimeUnit.SECONDS)).isTrue();
        once = null;
        awaitCollected(reference);
        kept.cancel();
    }
}
