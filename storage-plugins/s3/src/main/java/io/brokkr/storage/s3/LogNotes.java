package io.brokkr.storage.s3;

import io.brokkr.protocol.Bytes;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The checkpoints of a log, an object each. They are written in turns of their own, so that they do not wait behind batches. */
final class LogNotes {

    private final LogKeys keys;
    private final LogEnvironment environment;
    private final LogOwner owner;
    private final Turns turns;

    LogNotes(LogKeys keys, LogEnvironment environment, LogOwner owner) {
        this.keys = keys;
        this.environment = environment;
        this.owner = owner;
        this.turns = new Turns(environment.writes());
    }

    /** A writer that was shut out overwrites nothing, but for what it puts in the very moment in which it is. */
    CompletionStage<Void> write(String name, Bytes content) {
        return turns.<@Nullable Void>submit(() -> {
            owner.requireCurrent();
            environment.store().put(keys.notes() + name, content.toArray());
            return null;
        });
    }

    CompletionStage<Optional<Bytes>> read(String name) {
        return CompletableFuture.supplyAsync(
                () -> environment.store().get(keys.notes() + name).map(found -> Bytes.copyOf(found.bytes())),
                environment.reads());
    }
}
