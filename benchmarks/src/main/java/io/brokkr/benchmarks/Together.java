package io.brokkr.benchmarks;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Tools that load a broker at the same time. */
final class Together {

    private Together() {}

    /** Runs all of them, each on a thread of its own, until the last has ended; fails as the first of them in the list that does. */
    static void run(List<? extends Callable<?>> tools) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(tools.size());
        try {
            for (Future<?> tool : tools.stream().map(threads::submit).toList()) {
                tool.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
