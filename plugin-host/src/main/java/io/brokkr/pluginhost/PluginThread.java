package io.brokkr.pluginhost;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread for code of a plugin that is not yet known to come back, and for how long it is waited for. */
public final class PluginThread {

    /** Five seconds. */
    public static final PluginThread WHILE_RUNNING = new PluginThread(Duration.ofSeconds(5));

    /** Thirty seconds: a machine that starts may have much to do, and whoever is left out then is missed until the next start. */
    public static final PluginThread AT_START = new PluginThread(Duration.ofSeconds(30));

    private static final Logger LOG = LoggerFactory.getLogger(PluginThread.class);

    private final Duration limit;

    private PluginThread(Duration limit) {
        this.limit = limit;
    }

    /**
     * Runs the code, each time on a thread of its own, and waits for it for so long.
     *
     * @param plugin its id, for the name of the thread
     * @param late gets, on that thread, what comes after that time
     * @throws RejectionException that tells what the code threw, or that it takes longer
     */
    public <T> T call(String plugin, Supplier<T> code, Consumer<T> late) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        Thread thread = new Thread(() -> run(code, outcome, late), "brokkr-plugin-" + plugin);
        thread.setDaemon(true);
        thread.start();
        try {
            outcome.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException hanging) {
            if (outcome.completeExceptionally(new HangingPluginException(limit))) {
                thread.interrupt();
            }
        } catch (InterruptedException unexpected) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException failed) {
            LOG.debug("the plugin {} failed", plugin, failed);
        }
        try {
            return outcome.join();
        } catch (CompletionException failed) {
            throw rejection(failed.getCause() == null ? failed : failed.getCause());
        }
    }

    private static <T> void run(Supplier<T> code, CompletableFuture<T> outcome, Consumer<T> late) {
        try {
            T made = code.get();
            if (!outcome.complete(made)) {
                late.accept(made);
            }
        } catch (Throwable failure) {
            // Errors too: a class that cannot be initialised is one.
            outcome.completeExceptionally(failure);
        }
    }

    private static RejectionException rejection(Throwable cause) {
        return cause instanceof RejectionException told ? told : new RejectionException(PluginFailure.reason(cause));
    }
}
