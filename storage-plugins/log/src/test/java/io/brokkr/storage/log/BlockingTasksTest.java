package io.brokkr.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BlockingTasksTest {

    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final List<CompletionStage<?>> handedOver = new ArrayList<>();
    private final BlockingTasks tasks = new BlockingTasks(task -> {
        CompletableFuture<Void> run = CompletableFuture.runAsync(task, threads);
        synchronized (handedOver) {
            handedOver.add(run);
        }
    });

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @Test
    void whoGoesOnFromTheEndOfATaskStaysOnItsThread() throws Exception {
        CompletableFuture<Void> begin = new CompletableFuture<>();
        CompletableFuture<List<Thread>> both = tasks.submit("wait", () -> {
                    begin.join();
                    return Thread.currentThread();
                })
                .thenCompose(first ->
                        tasks.submit("go on", Thread::currentThread).thenApply(second -> List.of(first, second)))
                .toCompletableFuture();
        begin.complete(null);
        List<Thread> ran = both.get(10, TimeUnit.SECONDS);
        assertThat(ran.get(0)).isSameAs(ran.get(1));
        assertThat(handedOver).hasSize(1);
    }

    @Test
    void whoComesFromAnotherThreadDoesNotRunTheTask() throws Exception {
        for (int i = 0; i < 3; i++) {
            Thread ran = tasks.submit("run", Thread::currentThread)
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            assertThat(ran).isNotSameAs(Thread.currentThread());
        }
        assertThat(handedOver).hasSize(3);
    }

    @Test
    void aThreadThatEndedATaskIsAsItWas() throws Exception {
        tasks.submit("run", () -> null).toCompletableFuture().get(10, TimeUnit.SECONDS);
        synchronized (handedOver) {
            handedOver.get(0).toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
        // The pool's other work on the same threads has to hand its tasks over as anybody has.
        for (int i = 0; i < 2; i++) {
            threads.submit(() -> tasks.submit("run", Thread::currentThread)).get(10, TimeUnit.SECONDS);
        }
        assertThat(handedOver).hasSize(3);
    }
}
