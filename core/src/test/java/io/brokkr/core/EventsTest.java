package io.brokkr.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.core.metrics.MetricsRegistry;
import io.brokkr.core.schedule.SystemClock;
import io.brokkr.pluginhost.HostedPlugin;
import io.brokkr.spi.BrokerEvent;
import io.brokkr.spi.BrokerEventListener;
import io.brokkr.spi.MetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who listens hears what there is room for, in order, and holds nobody up. */
@Timeout(60)
class EventsTest {

    private static final int MOST_WAITING = 1_000;

    private final MetricsRegistry metrics = new MetricsRegistry();
    private final Events events = new Events(new SystemClock(), metrics);
    private final List<Runnable> ends = new ArrayList<>();

    private record Listener(Consumer<BrokerEvent> work) implements BrokerEventListener {
        @Override
        public void happened(BrokerEvent event) {
            work.accept(event);
        }
    }

    private void listen(Consumer<BrokerEvent> work) {
        Listener listener = new Listener(work);
        ends.add(events.listen(HostedPlugin.of(listener), listener));
    }

    @AfterEach
    void end() {
        ends.forEach(Runnable::run);
        ends.clear();
    }

    private void raise(int number) {
        events.raise("number.raised", Integer.toString(number), Map.of());
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    @Test
    void everyListenerHearsEverythingInOrder() {
        List<Queue<String>> heard = List.of(new ConcurrentLinkedQueue<>(), new ConcurrentLinkedQueue<>());
        heard.forEach(queue -> listen(event -> queue.add(event.subject())));
        for (int number = 0; number < MOST_WAITING; number++) {
            raise(number);
        }
        end();
        raise(MOST_WAITING);
        assertThat(heard).allSatisfy(queue -> assertThat(queue).containsExactlyElementsOf(numbers(MOST_WAITING)));
    }

    @Test
    void aListenerThatIsSlowHoldsNobodyUpAndLosesWhatThereIsNoRoomFor() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        listen(event -> {
            begun.countDown();
            try {
                assertThat(goOn.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException hurry) {
                throw new IllegalStateException(hurry);
            }
            heard.add(event.subject());
        });
        raise(0);
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        for (int number = 1; number < MOST_WAITING + 8; number++) {
            raise(number);
        }
        assertThat(heard).isEmpty();
        assertThat(metrics.snapshot())
                .filteredOn(family -> family.name().equals("brokkr_events_dropped_total"))
                .flatExtracting(MetricFamily::samples)
                .extracting(MetricFamily.Sample::value)
                .containsExactly(7.0);
        goOn.countDown();
        end();
        assertThat(heard).containsExactlyElementsOf(numbers(MOST_WAITING + 1));
    }

    @Test
    void aListenerThatFailsHearsTheNextOne() {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        listen(event -> {
            heard.add(event.subject());
            throw new NoClassDefFoundError("bug");
        });
        raise(0);
        raise(1);
        end();
        assertThat(heard).containsExactly("0", "1");
    }

    @Test
    void thePluginsClassLoaderIsTheThreadsOwn() {
        Queue<ClassLoader> seen = new ConcurrentLinkedQueue<>();
        listen(event -> seen.add(Thread.currentThread().getContextClassLoader()));
        raise(0);
        end();
        assertThat(seen).containsExactly(EventsTest.class.getClassLoader());
    }
}
