package io.brokkr.compatibility;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Threads side by side, each of which takes the next piece of work until none is left. Most of what clients do is waiting. */
final class Lanes {
    private Lanes() {}

    /** Returns when all is done. The pieces are begun in their order. */
    static <T> void run(int lanes, Collection<T> pieces, Work<T> work) throws InterruptedException {
        Queue<T> left = new ConcurrentLinkedQueue<>(pieces);
        List<Thread> threads = new ArrayList<>();
        for (int lane = 0; lane < lanes; lane++) {
            Thread thread = new Thread(() -> {
                try {
                    for (T next = left.poll(); next != null; next = left.poll()) {
                        work.on(next);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** What is done with a piece. */
    @FunctionalInterface
    interface Work<T> {
        /** Does it; an interruption ends the lane. */
        void on(T piece) throws InterruptedException;
    }
}
