package io.brokkr.plugin.groups;

import io.brokkr.plugin.groups.CoordinatorEvent.OffsetWritten;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One step of a coordinator: what it writes, and whom it answers. What is written is true in memory at once; the answers leave when the log has it, so that no client
 * learns of something that could still be lost.
 */
final class Decision {

    private final GroupRegistry groups;
    private final int maxRecordSizeInBytes;
    private final List<CoordinatorRecord> records = new ArrayList<>(1);
    private final List<Answer<?>> answers = new ArrayList<>(1);

    /**
     * A decision on nothing as yet.
     *
     * @param groups where events take effect
     * @param maxRecordSizeInBytes the most that key and value may take
     */
    Decision(GroupRegistry groups, int maxRecordSizeInBytes) {
        this.groups = groups;
        this.maxRecordSizeInBytes = maxRecordSizeInBytes;
    }

    /** An answer that waits to leave: a value, or a failure where the value is null. */
    private record Answer<T>(CompletableFuture<T> to, @Nullable T value, @Nullable ApiException failure) {

        void leave() {
            if (failure != null) {
                to.completeExceptionally(failure);
            } else {
                to.complete(value);
            }
        }
    }

    /** The groups of the shard. */
    GroupRegistry groups() {
        return groups;
    }

    /**
     * Writes an event and has it take effect.
     *
     * @throws ApiException if the log could not take it; then nothing has happened
     */
    void write(CoordinatorEvent event) {
        CoordinatorRecord entry = CoordinatorRecord.of(event);
        if (entry.sizeInBytes() > maxRecordSizeInBytes) {
            throw new ApiException(
                    event instanceof OffsetWritten
                            ? ErrorCode.INVALID_COMMIT_OFFSET_SIZE
                            : ErrorCode.UNKNOWN_SERVER_ERROR,
                    "a record of group " + event.groupId() + " takes " + entry.sizeInBytes() + " bytes, and "
                            + maxRecordSizeInBytes + " fit into a batch of the offsets topic");
        }
        groups.apply(event);
        records.add(entry);
    }

    /** Answers a request; does nothing for null, since a member may have nobody waiting. */
    <T> void answer(@Nullable CompletableFuture<T> to, T value) {
        if (to != null) {
            answers.add(new Answer<>(to, value, null));
        }
    }

    /** Refuses a request; does nothing for null. */
    <T> void refuse(@Nullable CompletableFuture<T> to, ErrorCode error, String reason) {
        refuse(to, new ApiException(error, reason));
    }

    /** Refuses a request; does nothing for null. */
    <T> void refuse(@Nullable CompletableFuture<T> to, ApiException failure) {
        if (to != null) {
            answers.add(new Answer<>(to, null, failure));
        }
    }

    /** What is to be written, in order; who writes it takes it out. */
    List<CoordinatorRecord> unwritten() {
        return records;
    }

    /** Lets the answers go. */
    void confirm() {
        answers.forEach(Answer::leave);
    }

    /** Refuses everyone who was to be answered, since what was written is not known to be safe. */
    void disown(RuntimeException failure) {
        answers.forEach(answer -> answer.to().completeExceptionally(failure));
    }
}
