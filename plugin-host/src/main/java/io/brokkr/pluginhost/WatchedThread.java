package io.brokkr.pluginhost;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A thread that many wait for, and what holds it at the moment. {@link #begin} and {@link #end} are for the thread itself, and cost it a write each; the rest is for the {@link
 * CallWatch}.
 */
public final class WatchedThread {

    private final Thread thread;
    private final BiConsumer<String, @Nullable Throwable> log;
    private final AtomicReference<@Nullable Object> current = new AtomicReference<>();
    private @Nullable Object seen;
    private long seenNanos;
    private int looks;
    private boolean told;

    WatchedThread(Thread thread, BiConsumer<String, @Nullable Throwable> log) {
        this.thread = thread;
        this.log = log;
    }

    /**
     * Plugins are called from now on, until {@link #end}.
     *
     * @param request an object of this one, whose text says what it is
     */
    public void begin(Object request) {
        // Without a fence, which would cost more than all the rest: whoever looks has time.
        current.lazySet(request);
    }

    /** Plugins are not called any more. */
    public void end() {
        current.lazySet(null);
    }

    /** Looks, and tells of a request that was seen in so many looks behind its first one, once. */
    void look(int looksUntilTold) {
        Object now = current.get();
        if (now != seen) {
            if (told) {
                log.accept(thread.getName() + " is free again after " + seenMillis() + " ms with " + seen, null);
            }
            seen = now;
            seenNanos = System.nanoTime();
            looks = 0;
            told = false;
            return;
        }
        // Looks are counted, and not time, so that nobody is blamed for a process that stood still as a whole.
        looks++;
        if (now != null && !told && looks >= looksUntilTold) {
            told = tell(now);
        }
    }

    /** Unless the request comes back in this moment. */
    private boolean tell(Object request) {
        Throwable stack = new Throwable("what " + thread.getName() + " is doing");
        stack.setStackTrace(thread.getStackTrace());
        String owner = thread.getContextClassLoader() instanceof PluginClassLoader loader
                ? "the plugin " + loader.plugin()
                : "a handler or hook";
        if (current.get() != request) {
            return false;
        }
        log.accept(
                owner + " has held up the thread " + thread.getName() + ", and all connections that it serves, for "
                        + seenMillis() + " ms with " + request + "; what takes long belongs on Scheduler.blocking()",
                stack);
        return true;
    }

    private long seenMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - seenNanos);
    }
}
