package io.brokkr.core.partition;

import io.brokkr.spi.Partition.Appended;
import io.brokkr.spi.Partition.Durability;
import java.util.concurrent.CompletableFuture;

/** An append that is on its way, and the stage that its caller holds. */
final class PendingAppend extends CompletableFuture<Appended> {

    private final Appended outcome;
    private final Durability durability;
    /** Whether the engine has done its part, and needs the bytes no more; guarded by the partition's lock. */
    private boolean written;

    PendingAppend(Appended outcome, Durability durability, boolean written) {
        this.outcome = outcome;
        this.durability = durability;
        this.written = written;
    }

    /** The offset behind it. */
    long endOffset() {
        return outcome.lastOffset() + 1;
    }

    boolean waitsForCommit() {
        return durability == Durability.COMMITTED;
    }

    boolean isWritten() {
        return written;
    }

    void setWritten() {
        written = true;
    }

    void succeed() {
        complete(outcome);
    }
}
