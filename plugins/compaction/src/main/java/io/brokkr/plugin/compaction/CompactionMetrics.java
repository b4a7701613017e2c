package io.brokkr.plugin.compaction;

import io.brokkr.spi.Metrics;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** Figures for the operator. Thread-safe. */
final class CompactionMetrics {

    private static final Map<String, String> NO_LABELS = Map.of();

    private final Metrics.Counter runs;
    private final Metrics.Counter readBytes;
    private final Metrics.Counter writtenBytes;
    private final Metrics.Counter removedRecords;

    /**
     * Registers them.
     *
     * @param failing the number of logs that cannot be compacted
     */
    CompactionMetrics(Metrics metrics, DoubleSupplier failing) {
        runs = metrics.counter("brokkr_compaction_runs_total", "Runs of compaction over a log.", NO_LABELS);
        readBytes = metrics.counter(
                "brokkr_compaction_read_bytes_total", "Bytes of segments that compaction has replaced.", NO_LABELS);
        writtenBytes = metrics.counter(
                "brokkr_compaction_written_bytes_total",
                "Bytes that compaction has put in the place of segments.",
                NO_LABELS);
        removedRecords = metrics.counter("brokkr_compaction_removed_records_total", "Records taken out.", NO_LABELS);
        metrics.gauge(
                "brokkr_compaction_failing_logs",
                "Logs that could not be compacted when they were last tried; the broker's log says why.",
                NO_LABELS,
                failing);
    }

    void replaced(long readSizeInBytes, long writtenSizeInBytes) {
        readBytes.add(readSizeInBytes);
        writtenBytes.add(writtenSizeInBytes);
    }

    void ended(long recordsRemoved) {
        runs.add(1);
        removedRecords.add(recordsRemoved);
    }
}
