package io.brokkr.plugin.groups;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.ApiException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A log in memory that is as slow and as unreliable as the test wants it. Survives the shards that write it. */
final class MemoryOffsetsLog implements OffsetsLog {

    private final List<ByteBuffer> batches = new ArrayList<>();
    private final int maxBatchSizeInBytes;
    private @Nullable CompletableFuture<Void> held;
    private boolean holding;
    private boolean failing;
    private int opened;

    MemoryOffsetsLog(int maxBatchSizeInBytes) {
        this.maxBatchSizeInBytes = maxBatchSizeInBytes;
    }

    MemoryOffsetsLog() {
        this(1024 * 1024);
    }

    @Override
    public int maxBatchSizeInBytes() {
        return maxBatchSizeInBytes;
    }

    /** As a shard opens it: who opened it before can write no more. */
    CompletionStage<OffsetsLog> open() {
        int epoch = ++opened;
        held = null;
        return CompletableFuture.completedStage(new OffsetsLog() {
            @Override
            public int maxBatchSizeInBytes() {
                return maxBatchSizeInBytes;
            }

            @Override
            public CompletionStage<?> replay(Consumer<RecordBatch> reader) {
                return MemoryOffsetsLog.this.replay(reader);
            }

            @Override
            public CompletionStage<?> append(ByteBuffer batch) {
                return epoch == opened
                        ? MemoryOffsetsLog.this.append(batch)
                        : CompletableFuture.failedStage(
                                new ApiException(ErrorCode.NOT_LEADER_OR_FOLLOWER, "opened again since"));
            }
        });
    }

    @Override
    public CompletionStage<?> replay(Consumer<RecordBatch> reader) {
        batches.forEach(batch -> reader.accept(RecordBatch.of(batch.duplicate())));
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> append(ByteBuffer batch) {
        if (held != null) {
            throw new IllegalStateException("a second append while one is under way");
        }
        if (failing) {
            return CompletableFuture.failedStage(new ApiException(ErrorCode.KAFKA_STORAGE_ERROR, "the disk is full"));
        }
        RecordBatch.of(batch.duplicate()).verify();
        batches.add(batch);
        if (!holding) {
            return CompletableFuture.completedStage(null);
        }
        held = new CompletableFuture<>();
        return held;
    }

    /** Batches go into the log, and nobody hears that they did. */
    void hold() {
        holding = true;
    }

    /** Says what is in the log. */
    void release() {
        holding = false;
        CompletableFuture<Void> now = held;
        held = null;
        if (now != null) {
            now.complete(null);
        }
    }

    void failAppends(boolean fail) {
        failing = fail;
    }

    int batchCount() {
        return batches.size();
    }

    List<ByteBuffer> batches() {
        return batches;
    }
}
