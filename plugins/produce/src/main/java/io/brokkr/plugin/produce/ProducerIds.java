package io.brokkr.plugin.produce;

import io.brokkr.protocol.Bytes;
import io.brokkr.spi.storage.MetadataStore;
import io.brokkr.spi.storage.MetadataStore.Change;
import io.brokkr.spi.storage.VersionConflictException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Gives out producer ids, each one once in the life of the cluster. They are reserved in blocks, so that most requests touch memory only; what is left of a
 * block when the broker stops is never given out. Thread-safe.
 */
final class ProducerIds {

    /** Holds the first id that no block has reserved: 8 bytes, big-endian. */
    private static final String KEY = "producer-ids/next";

    private static final int BLOCK = 1_000;

    private final MetadataStore store;
    private long next;
    private long end;
    private @Nullable CompletableFuture<Void> reservation;

    ProducerIds(MetadataStore store) {
        this.store = store;
    }

    CompletionStage<Long> next() {
        CompletableFuture<Void> pending;
        synchronized (this) {
            if (next < end) {
                return CompletableFuture.completedFuture(next++);
            }
            if (reservation == null || reservation.isDone()) {
                reservation = reserve().toCompletableFuture();
            }
            pending = reservation;
        }
        return pending.thenCompose(reserved -> next());
    }

    private CompletionStage<Void> reserve() {
        return store.get(KEY).thenCompose(entry -> {
            long first = entry == null ? 0 : entry.value().toBuffer().getLong();
            Bytes value = Bytes.copyOf(ByteBuffer.allocate(Long.BYTES).putLong(0, first + BLOCK));
            Change change = entry == null ? Change.create(KEY, value) : Change.replace(entry, value);
            return store.commit(List.of(change))
                    .thenAccept(done -> open(first))
                    .exceptionallyCompose(this::reserveAgainAfterConflict);
        });
    }

    /** Another broker has reserved a block at the same moment: the next one is ours to try. */
    private CompletionStage<Void> reserveAgainAfterConflict(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof VersionConflictException ? reserve() : CompletableFuture.failedFuture(failure);
    }

    private synchronized void open(long first) {
        next = first;
        end = first + BLOCK;
    }
}
