package io.brokkr.plugin.groups;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Partition;
import io.brokkr.spi.Partition.Durability;
import io.brokkr.spi.Partition.Isolation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** The log of a shard in a partition of the broker. */
final class PartitionOffsetsLog implements OffsetsLog {

    private final Partition partition;
    private final Executor blocking;
    private final int readSizeInBytes;
    private final int maxBatchSizeInBytes;

    PartitionOffsetsLog(Partition partition, Executor blocking, int readSizeInBytes, int maxBatchSizeInBytes) {
        this.partition = partition;
        this.blocking = blocking;
        this.readSizeInBytes = readSizeInBytes;
        this.maxBatchSizeInBytes = maxBatchSizeInBytes;
    }

    @Override
    public int maxBatchSizeInBytes() {
        return maxBatchSizeInBytes;
    }

    @Override
    public CompletionStage<?> append(ByteBuffer batch) {
        return partition.append(batch, Durability.COMMITTED);
    }

    @Override
    public CompletionStage<?> replay(Consumer<RecordBatch> reader) {
        return replay(partition.logStartOffset(), reader);
    }

    private CompletionStage<?> replay(long offset, Consumer<RecordBatch> reader) {
        if (offset >= partition.logEndOffset()) {
            return CompletableFuture.completedStage(null);
        }
        return partition
                .read(offset, readSizeInBytes, true, Isolation.LOG_END)
                .thenComposeAsync(
                        read -> {
                            long next = read(offset, read.records(), reader);
                            return next == offset ? CompletableFuture.completedStage(null) : replay(next, reader);
                        },
                        blocking);
    }

    /** Reads what was fetched, and returns the offset behind it. */
    private long read(long offset, RecordData records, Consumer<RecordBatch> reader) {
        long next = offset;
        try (records) {
            for (RecordBatch batch : RecordBatches.possiblyCut(records.toBuffer())) {
                batch.verify();
                if (!batch.isControl()) {
                    reader.accept(batch);
                }
                next = batch.nextOffset();
            }
            return next;
        } catch (IOException failure) {
            throw new ApiException(
                    ErrorCode.KAFKA_STORAGE_ERROR, partition.name() + " cannot be read at offset " + offset, failure);
        }
    }
}
