package io.brokkr.core.partition;

import io.brokkr.spi.Metrics;
import java.util.Map;
import java.util.function.IntSupplier;

/** What the operator sees of the partitions, all of them together. Thread-safe. */
final class PartitionMetrics {

    private final Metrics.Counter bytes;
    private final Metrics.Counter records;

    PartitionMetrics(Metrics metrics, IntSupplier openPartitions) {
        bytes = metrics.counter("brokkr_appended_bytes_total", "Bytes of record batches appended.", Map.of());
        records = metrics.counter("brokkr_appended_records_total", "Records appended.", Map.of());
        metrics.gauge("brokkr_partitions_open", "Partitions whose logs are open.", Map.of(), openPartitions::getAsInt);
    }

    void appended(ValidBatches batches) {
        bytes.add(batches.sizeInBytes());
        records.add(batches.recordCount());
    }
}
