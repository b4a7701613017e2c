package io.brokkr.plugin.fetch;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.RecordData;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Partition;
import io.brokkr.spi.Partition.AbortedTransaction;
import io.brokkr.spi.Partition.EpochEnd;
import io.brokkr.spi.Partition.Read;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What came of one partition of a fetch. The records belong to whoever holds this.
 *
 * @param partition null if it could not be opened
 * @param diverging where the log and the client's history part, if they do: there are no records then (KIP-595)
 */
record PartitionFetch(
        FetchTarget target,
        ErrorCode error,
        @Nullable Partition partition,
        RecordData records,
        long highWatermark,
        long lastStableOffset,
        long logStartOffset,
        List<AbortedTransaction> abortedTransactions,
        @Nullable EpochEnd diverging) {

    private static final long UNKNOWN = -1;

    static PartitionFetch of(FetchTarget target, Partition partition, Read read) {
        return new PartitionFetch(
                target,
                ErrorCode.NONE,
                partition,
                read.records(),
                read.highWatermark(),
                read.lastStableOffset(),
                read.logStartOffset(),
                read.abortedTransactions(),
                null);
    }

    static PartitionFetch diverging(FetchTarget target, Partition partition, EpochEnd diverging) {
        return withoutRecords(target, partition, ErrorCode.NONE, diverging);
    }

    /** What came of a failure that has an error code; any other is thrown on, as a {@link CompletionException}. */
    static PartitionFetch failed(FetchTarget target, @Nullable Partition partition, Throwable failure) {
        ApiException reason = ApiException.in(failure);
        if (reason == null) {
            throw new CompletionException(failure);
        }
        return withoutRecords(target, partition, reason.error(), null);
    }

    /** The same with the records in another form; the caller closes those that were here. */
    PartitionFetch with(RecordData converted) {
        return new PartitionFetch(
                target,
                error,
                partition,
                converted,
                highWatermark,
                lastStableOffset,
                logStartOffset,
                abortedTransactions,
                diverging);
    }

    /** Clients rely on the watermarks where there is an error too, so they are told wherever the partition is known. */
    private static PartitionFetch withoutRecords(
            FetchTarget target, @Nullable Partition partition, ErrorCode error, @Nullable EpochEnd diverging) {
        return new PartitionFetch(
                target,
                error,
                partition,
                RecordData.empty(),
                partition == null ? UNKNOWN : partition.highWatermark(),
                partition == null ? UNKNOWN : partition.lastStableOffset(),
                partition == null ? UNKNOWN : partition.logStartOffset(),
                List.of(),
                diverging);
    }

    /** Whether the client must hear of it at once, however few bytes there are. */
    boolean isUrgent() {
        return error != ErrorCode.NONE || diverging != null;
    }
}
