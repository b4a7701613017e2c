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

/** A thread for code of a plugin that is not yet known to come back. */
public final class PluginThread {

    private static final Logger LOG = LoggerFactory.getLogger(PluginThread.class);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private PluginThread() {}

    /**
     * Runs the code, and waits for it for five seconds.
     *
     * @param plugin its id, for the name of the thread
     * @param late gets, on that thread, what comes after that time
     * @throws RejectionException that tells what the code threw, or that it takes longer
     */
    public static <T> T call(String plugin, Supplier<T> code, Consumer<T> late) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        Thread thread = new Thread(() -> run(code, outcome, late), "brokkr-plugin-" + plugin);
        thread.setDaemon(true);
        thread.start();
        try {
            outcome.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException hanging) {
            if (outcome.completeExceptionally(new HangingPluginException(LIMIT))) {
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
