package io.brokkr.plugin.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {

    private final SerialExecutor serial = new SerialExecutor();

    @Test
    void tasksOfManyThreadsRunOneAtATimeAndInTheOrderOfEachThread() throws InterruptedException {
        int threads = 4;
        int tasks = 20_000;
        List<List<Integer>> seen = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            seen.add(new ArrayList<>());
        }
        int[] unguarded = new int[1];
        CountDownLatch done = new CountDownLatch(threads * tasks);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int i = 0; i < threads; i++) {
                int thread = i;
                pool.execute(() -> {
                    for (int j = 0; j < tasks; j++) {
                        int task = j;
                        serial.execute(() -> {
                            unguarded[0]++;
                            seen.get(thread).add(task);
                            done.countDown();
                        });
                    }
                });
            }
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            pool.shutdownNow();
        }
        assertThat(unguarded[0]).isEqualTo(threads * tasks);
        assertThat(seen).allSatisfy(order -> assertThat(order).isSorted().hasSize(tasks));
    }

    @Test
    void taskGivenByATaskRunsAfterIt() {
        List<String> order = new ArrayList<>();
        serial.execute(() -> {
            serial.execute(() -> order.add("inner"));
            order.add("outer");
        });
        assertThat(order).containsExactly("outer", "inner");
    }

    @Test
    void taskThatThrowsDoesNotStopTheNext() {
        List<String> order = new ArrayList<>();
        assertThatThrownBy(() -> serial.execute(() -> {
                    serial.execute(() -> order.add("next"));
                    throw new IllegalStateException("mistake");
                }))
                .hasMessage("mistake");
        assertThat(order).containsExactly("next");
        serial.execute(() -> order.add("later"));
        assertThat(order).containsExactly("next", "later");
    }
}
