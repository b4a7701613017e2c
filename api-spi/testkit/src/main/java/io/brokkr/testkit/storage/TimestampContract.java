package io.brokkr.testkit.storage;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.PartitionLog;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The search by time, over timestamps that need not ascend. */
abstract class TimestampContract extends EngineContract {

    TimestampContract(StorageEngineContracts tested) {
        super(tested);
    }

    /** What is found must lie in the log, and no batch before it may have the timestamp or a later one. */
    private static void assertFinds(PartitionLog log, List<RecordBatch> batches, long timestamp) {
        var first = batches.stream()
                .filter(batch -> batch.lastOffset() >= log.startOffset() && batch.maxTimestamp() >= timestamp)
                .findFirst();
        var found = await(log.findTimestamp(timestamp));
        assertThat(found.isPresent()).as("timestamp %d", timestamp).isEqualTo(first.isPresent());
        first.ifPresent(batch -> assertThat(found.get())
                .as("timestamp %d", timestamp)
                .isBetween(log.startOffset(), Math.max(log.startOffset(), batch.baseOffset())));
    }

    private static List<RecordBatch> appendWith(PartitionLog log, long... timestamps) {
        List<RecordBatch> batches = new ArrayList<>();
        for (long timestamp : timestamps) {
            RecordBatch batch = Batches.of(log.endOffset(), 3, 30, timestamp);
            append(log, batch);
            batches.add(batch);
        }
        return batches;
    }

    @Test
    void anEmptyLogHasNone() {
        PartitionLog log = open(id("orders"));
        assertThat(await(log.findTimestamp(0))).isEmpty();
        assertThat(await(log.findTimestamp(-1))).isEmpty();
        assertThat(log.segments()).extracting(LogSegment::maxTimestamp).containsOnly(-1L);
    }

    @Test
    void theFirstBatchThatIsLateEnough() {
        PartitionLog log = open(id("orders"));
        List<RecordBatch> batches = appendWith(log, 100, 200, 300);
        for (long timestamp = 99; timestamp <= 301; timestamp++) {
            assertFinds(log, batches, timestamp);
        }
    }

    @Test
    void timestampsMayGoBack() {
        PartitionLog log = open(id("orders"));
        long[] timestamps = new long[300];
        for (int i = 0; i < timestamps.length; i++) {
            timestamps[i] = 1_000 + (i * 7919L) % 400 + i;
        }
        List<RecordBatch> batches = appendWith(log, timestamps);
        for (long timestamp = 990; timestamp < 1_710; timestamp += 3) {
            assertFinds(log, batches, timestamp);
        }
    }

    @Test
    void batchesWithoutTimestampsAreNeverFound() {
        PartitionLog log = open(id("orders"));
        List<RecordBatch> batches = appendWith(log, -1, -1, 50, -1);
        assertFinds(log, batches, 0);
        assertFinds(log, batches, 50);
        assertFinds(log, batches, 51);
    }

    @Test
    void whatWasTrimmedIsNotFound() {
        PartitionLog log = open(id("orders"));
        List<RecordBatch> batches = appendWith(log, 900, 100, 200, 300);
        await(log.trim(4));
        for (long timestamp : new long[] {0, 100, 150, 200, 300, 301, 900}) {
            assertFinds(log, batches, timestamp);
        }
    }

    @Test
    void segmentsTellTheirLargestTimestamp() {
        PartitionLog log = open(id("orders"));
        appendWith(log, 100, 700, 300);
        assertThat(log.segments().stream().mapToLong(LogSegment::maxTimestamp).max())
                .hasValue(700);
    }

    @Test
    void closingAndOpeningChangesNothing() {
        PartitionLog log = open(id("orders"));
        List<RecordBatch> batches = appendWith(log, 100, 400, 300, 350, 500, 200);
        await(log.close());
        PartitionLog again = open(id("orders"));
        for (long timestamp = 90; timestamp < 510; timestamp += 10) {
            assertFinds(again, batches, timestamp);
        }
    }
}
