package io.brokkr.pluginhost;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for threads that a plugin leaves behind: those of its own, and those of the broker that are caught in its code. */
final class LeftThreads {

    private static final Logger LOG = LoggerFactory.getLogger(LeftThreads.class);
    private static final long PATIENCE_IN_MILLIS = 200;

    private LeftThreads() {}

    /** Gives them a moment to end by themselves, and then names and interrupts them. */
    static void interrupt(HostedPlugin plugin) {
        long start = System.nanoTime();
        List<Thread> left = List.of();
        boolean waits = true;
        while (waits) {
            left = of(plugin.loader());
            waits = !left.isEmpty()
                    && TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) < PATIENCE_IN_MILLIS
                    && awaitEnd(left.get(0));
        }
        if (!left.isEmpty()) {
            LOG.warn(
                    "the plugin {} has left {} behind, which are interrupted now; its classes stay in memory until they end",
                    plugin,
                    left.stream().map(Thread::getName).toList());
            left.forEach(Thread::interrupt);
        }
    }

    private static List<Thread> of(ClassLoader loader) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getContextClassLoader() == loader
                        || thread.getClass().getClassLoader() == loader)
                .toList();
    }

    private static boolean awaitEnd(Thread thread) {
        try {
            thread.join(PATIENCE_IN_MILLIS);
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
