package io.brokkr.storage.tiered;

import io.brokkr.spi.storage.NoSuchEngineException;
import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The engine of the cold tier. One that cannot be opened at the start is opened when somebody needs it and it can be. Thread-safe. */
final class ColdEngine {

    private static final Logger LOG = System.getLogger(ColdEngine.class.getName());
    private static final String SPACE = "tiered-cold";

    private final StorageContext context;
    private final String name;

    /** Under the monitor, as all else. */
    private @Nullable CompletableFuture<StorageEngine> opened;

    private boolean closed;

    private ColdEngine(StorageContext context, String name) {
        this.context = context;
        this.name = name;
    }

    /**
     * Opens it now, or says why it cannot be.
     *
     * @throws NoSuchEngineException if it never can be
     */
    static ColdEngine open(StorageContext context, String name) {
        ColdEngine cold = new ColdEngine(context, name);
        try {
            cold.opened = CompletableFuture.completedFuture(context.openEngine(name, SPACE));
        } catch (NoSuchEngineException misnamed) {
            throw misnamed;
        } catch (StorageException unreachable) {
            LOG.log(
                    Level.WARNING,
                    "the cold tier {0} cannot be opened: {1}. Until it can, which is tried again and again, nothing is moved there, and what is there cannot be read",
                    name,
                    unreachable.getMessage());
        }
        return cold;
    }

    /** What the operator calls it. */
    String name() {
        return name;
    }

    /** The engine; fails if it cannot be opened, and the next call tries again. */
    synchronized CompletionStage<StorageEngine> get() {
        if (closed) {
            return CompletableFuture.failedStage(new StorageException("the engine tiered is closed"));
        }
        CompletableFuture<StorageEngine> known = opened;
        if (known == null || known.isCompletedExceptionally()) {
            known = CompletableFuture.supplyAsync(
                    () -> context.openEngine(name, SPACE), context.scheduler().blocking());
            opened = known;
        }
        return known;
    }

    /** Closes it if it is open, and waits for that. One that is just being opened is closed when it is. */
    void close() {
        CompletableFuture<StorageEngine> last;
        synchronized (this) {
            closed = true;
            last = opened;
        }
        if (last == null || last.isCompletedExceptionally()) {
            return;
        }
        if (last.isDone()) {
            last.join().close();
        } else {
            CompletionStage<Void> later = last.thenAccept(StorageEngine::close);
            later.exceptionally(neverOpened -> null);
        }
    }
}
