package io.brokkr.plugin.groups;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatchBuilder;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes decisions to the log, in their order, and lets their answers go when they are safe.
 *
 * <p>One batch is under way at a time; whatever is decided meanwhile goes into the next one together. So a slow log makes larger batches and
 * not a longer queue. A decision that wrote nothing waits for those before it all the same, since its answers may tell what they wrote.
 *
 * <p>Confined to the shard's executor.
 */
final class Journal {

    /** The most that a record takes besides its key and value: lengths, deltas, attributes and the number of headers. */
    private static final int RECORD_OVERHEAD_IN_BYTES = 32;

    private final OffsetsLog log;
    private final Clock clock;
    private final Executor serial;
    private final Duration timeout;
    private final Consumer<RuntimeException> onFailure;
    private final Deadline deadline;

    private final Deque<Decision> waiting = new ArrayDeque<>();
    private List<Decision> underWay = new ArrayList<>();
    private boolean writing;
    private boolean closed;

    /**
     * A journal with nothing to write.
     *
     * @param timeout how long answers wait for the log
     * @param onFailure called when the log refused a batch; the journal is closed then
     */
    Journal(
            OffsetsLog log,
            Clock clock,
            Scheduler scheduler,
            Executor serial,
            Duration timeout,
            Consumer<RuntimeException> onFailure) {
        this.log = log;
        this.clock = clock;
        this.serial = serial;
        this.timeout = timeout;
        this.onFailure = onFailure;
        this.deadline = new Deadline(clock, scheduler, serial, this::timedOut);
    }

    /** The most that the key and the value of a record may take. */
    static int maxRecordSizeInBytes(OffsetsLog log) {
        return log.maxBatchSizeInBytes() - RecordBatch.HEADER_SIZE - RECORD_OVERHEAD_IN_BYTES;
    }

    /** Takes in a decision. */
    void add(Decision decision) {
        waiting.add(decision);
        write();
    }

    private void write() {
        while (!writing && !waiting.isEmpty()) {
            if (waiting.element().unwritten().isEmpty()) {
                waiting.remove().confirm();
            } else {
                append(nextBatch());
            }
        }
    }

    private RecordBatchBuilder nextBatch() {
        RecordBatchBuilder batch = new RecordBatchBuilder();
        while (!waiting.isEmpty() && takeFirst(batch)) {
            underWay.add(waiting.remove());
        }
        return batch;
    }

    /**
     * Puts the records of the first decision into a batch: all of them, or none if there is no room, or as many as fit if even an empty batch cannot
     * hold them all.
     *
     * @return whether none is left
     */
    private boolean takeFirst(RecordBatchBuilder batch) {
        List<CoordinatorRecord> records = waiting.element().unwritten();
        int size = records.stream().mapToInt(Journal::sizeInBatch).sum();
        if (batch.recordCount() > 0 && !hasRoom(batch, size)) {
            return false;
        }
        long now = clock.millis();
        int taken = 0;
        while (taken < records.size() && hasRoom(batch, sizeInBatch(records.get(taken)))) {
            CoordinatorRecord next = records.get(taken++);
            batch.append(now, next.key(), next.value());
        }
        records.subList(0, taken).clear();
        return records.isEmpty();
    }

    private boolean hasRoom(RecordBatchBuilder batch, int sizeInBytes) {
        return batch.sizeInBytes() + sizeInBytes <= log.maxBatchSizeInBytes();
    }

    private static int sizeInBatch(CoordinatorRecord entry) {
        return entry.sizeInBytes() + RECORD_OVERHEAD_IN_BYTES;
    }

    private void append(RecordBatchBuilder batch) {
        writing = true;
        deadline.set(timeout);
        log.append(batch.build()).whenComplete((done, failure) -> serial.execute(() -> appended(failure)));
    }

    private void appended(@Nullable Throwable failure) {
        if (closed) {
            return;
        }
        writing = false;
        if (failure == null) {
            confirm();
            write();
        } else {
            RuntimeException refusal = CoordinatorErrors.ofAppend(failure);
            close(refusal);
            onFailure.accept(refusal);
        }
    }

    private void confirm() {
        List<Decision> safe = underWay;
        underWay = new ArrayList<>();
        safe.forEach(Decision::confirm);
    }

    /** The decisions stand, and may yet become safe; but their clients are not left waiting. */
    private void timedOut() {
        if (!writing) {
            return;
        }
        disown(new ApiException(
                ErrorCode.COORDINATOR_NOT_AVAILABLE, "the offsets topic has not taken a batch for " + timeout));
        deadline.set(timeout);
    }

    private void disown(RuntimeException failure) {
        underWay.forEach(decision -> decision.disown(failure));
        waiting.forEach(decision -> decision.disown(failure));
    }

    /** Refuses everyone who waits for an answer; nothing more is written. */
    void close(RuntimeException reason) {
        closed = true;
        deadline.cancel();
        disown(reason);
        underWay.clear();
        waiting.clear();
    }
}
