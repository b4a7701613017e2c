package io.brokkr.testkit.storage;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.OffsetOutOfRangeException;
import io.brokkr.spi.storage.PartitionLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What goes in comes out byte for byte, cut and bounded as asked for. */
abstract class AppendAndReadContract extends EngineContract {

    private final RecordBatch first = Batches.of(0, 5, 20, 1_000);
    private final RecordBatch second = Batches.of(5, 1, 300, 1_001);
    private final RecordBatch third = Batches.of(6, 3, 20, 1_002);

    AppendAndReadContract(StorageEngineContracts tested) {
        super(tested);
    }

    private PartitionLog threeBatches() {
        PartitionLog log = open(id("orders"));
        append(log, first, second, third);
        return log;
    }

    private static byte[] read(PartitionLog log, long offset, int maxBytes, boolean atLeastOneBatch, long endOffset) {
        return take(log.read(offset, maxBytes, atLeastOneBatch, endOffset));
    }

    @Test
    void aNewLogIsEmpty() {
        PartitionLog log = open(id("orders"));
        assertThat(log.startOffset()).isZero();
        assertThat(log.endOffset()).isZero();
        assertThat(log.sizeInBytes()).isZero();
        assertThat(read(log, 0, 1000, true, Long.MAX_VALUE)).isEmpty();
        assertThat(read(log, 7, 1000, true, Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void batchesComeBackByteForByte() {
        PartitionLog log = threeBatches();
        assertThat(log.endOffset()).isEqualTo(9);
        assertThat(log.sizeInBytes()).isEqualTo(first.sizeInBytes() + second.sizeInBytes() + third.sizeInBytes());
        assertThat(readAll(log, 0)).isEqualTo(concatenated(first, second, third));
    }

    @Test
    void directAndHeapBuffersServeAlike() {
        byte[] bytes = Batches.bytes(first);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 7)
                .position(7)
                .put(bytes)
                .position(7);
        PartitionLog log = open(id("orders"));
        append(log, RecordBatch.of(direct));
        assertThat(readAll(log, 0)).isEqualTo(bytes);
    }

    @Test
    void theBytesOfACompletedAppendAreTheCallersAgain() {
        byte[] bytes = Batches.bytes(first);
        ByteBuffer memory = ByteBuffer.wrap(bytes.clone());
        PartitionLog log = open(id("orders"));
        append(log, RecordBatch.of(memory));
        Arrays.fill(memory.array(), (byte) 0x55);
        assertThat(readAll(log, 0)).isEqualTo(bytes);
    }

    @Test
    void aReadBeginsWithTheBatchThatHoldsTheOffset() {
        PartitionLog log = threeBatches();
        assertThat(read(log, 3, 10_000, true, 5)).isEqualTo(concatenated(first));
        assertThat(readAll(log, 4)).isEqualTo(concatenated(first, second, third));
        assertThat(readAll(log, 5)).isEqualTo(concatenated(second, third));
        assertThat(readAll(log, 8)).isEqualTo(concatenated(third));
        assertThat(readAll(log, 9)).isEmpty();
        assertThat(readAll(log, 10)).isEmpty();
    }

    @Test
    void aReadFromAGapBeginsWithTheNextBatch() {
        RecordBatch later = Batches.of(20, 2, 20, 1_003);
        RecordBatch muchLater = Batches.of(5_000_000_000L, 2, 20, 1_004);
        PartitionLog log = threeBatches();
        append(log, later, muchLater);
        assertThat(log.endOffset()).isEqualTo(5_000_000_002L);
        assertThat(readAll(log, 9)).isEqualTo(concatenated(later, muchLater));
        assertThat(readAll(log, 19)).isEqualTo(concatenated(later, muchLater));
        assertThat(readAll(log, 22)).isEqualTo(concatenated(muchLater));
        assertThat(readAll(log, 5_000_000_001L)).isEqualTo(concatenated(muchLater));
    }

    @Test
    void aLogMayBeginAnywhere() {
        RecordBatch batch = Batches.of(123_456_789_012L, 2, 20, 1_000);
        PartitionLog log = open(id("orders"));
        append(log, batch);
        assertThat(log.endOffset()).isEqualTo(123_456_789_014L);
        assertThat(readAll(log, 0)).isEqualTo(concatenated(batch));
    }

    @Test
    void theMostBytesAreNeverExceeded() {
        PartitionLog log = threeBatches();
        byte[] all = concatenated(first, second, third);
        for (int maxBytes = 0; maxBytes <= all.length + 1; maxBytes++) {
            byte[] read = read(log, 0, maxBytes, false, Long.MAX_VALUE);
            assertThat(read.length).isLessThanOrEqualTo(maxBytes);
            assertThat(read).isEqualTo(Arrays.copyOf(all, read.length));
        }
    }

    @Test
    void atLeastOneBatchIsWholeIfTheCallerWantsIt() {
        PartitionLog log = threeBatches();
        for (int maxBytes : new int[] {0, 1, 61, first.sizeInBytes() - 1, first.sizeInBytes()}) {
            assertThat(read(log, 0, maxBytes, true, Long.MAX_VALUE)).isEqualTo(concatenated(first));
            assertThat(read(log, 5, Math.min(maxBytes, 100), true, Long.MAX_VALUE))
                    .isEqualTo(concatenated(second));
        }
    }

    @Test
    void noBatchBeginsAtTheEndOffsetOrBehind() {
        PartitionLog log = threeBatches();
        assertThat(read(log, 0, 10_000, true, 0)).isEmpty();
        assertThat(read(log, 0, 10_000, true, 1)).isEqualTo(concatenated(first));
        assertThat(read(log, 0, 10_000, true, 5)).isEqualTo(concatenated(first));
        assertThat(read(log, 3, 10_000, true, 2)).isEqualTo(concatenated(first));
        assertThat(read(log, 5, 10_000, true, 5)).isEmpty();
        assertThat(read(log, 8, 10_000, true, 6)).isEmpty();
        assertThat(read(log, 8, 10_000, true, 7)).isEqualTo(concatenated(third));
    }

    @Test
    void theNextAppendNeedNotWaitForTheOneBefore() {
        PartitionLog log = open(id("orders"));
        List<CompletionStage<Void>> appends = new ArrayList<>();
        List<RecordBatch> batches = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            RecordBatch batch = Batches.single(i, i);
            batches.add(batch);
            appends.add(log.append(batch));
        }
        appends.forEach(Stages::await);
        assertThat(readAll(log, 0)).isEqualTo(concatenated(batches.toArray(RecordBatch[]::new)));
    }

    @Test
    void anAppendBeforeTheEndIsTheCallersMistake() {
        PartitionLog log = threeBatches();
        assertThatThrownBy(() -> await(log.append(Batches.single(8, 1)))).isInstanceOf(IllegalArgumentException.class);
        append(log, Batches.single(9, 1));
        assertThat(log.endOffset()).isEqualTo(10);
    }

    @Test
    void aReadBeforeTheStartFails() {
        PartitionLog log = threeBatches();
        await(log.trim(5));
        assertThatThrownBy(() -> await(log.read(4, 100, true, Long.MAX_VALUE)))
                .isInstanceOf(OffsetOutOfRangeException.class);
        assertThatThrownBy(() -> await(log.read(-1, 100, true, Long.MAX_VALUE)))
                .isInstanceOf(OffsetOutOfRangeException.class);
    }

    @Test
    void aLargeBatchIsABatch() {
        RecordBatch large = Batches.of(9, 1, 3 << 20, 1_003);
        RecordBatch small = Batches.single(10, 1_004);
        PartitionLog log = threeBatches();
        append(log, large, small);
        assertThat(read(log, 9, 10, true, Long.MAX_VALUE)).isEqualTo(concatenated(large));
        assertThat(readAll(log, 10)).isEqualTo(concatenated(small));
    }

    @Test
    void whatWasReadStaysReadableWhenTheLogIsTrimmedAndClosed() {
        PartitionLog log = threeBatches();
        try (RecordData data = await(log.read(0, 10, true, Long.MAX_VALUE))) {
            await(log.trim(9));
            append(log, Batches.single(9, 1));
            await(log.close());
            assertThat(bytesOf(data)).isEqualTo(concatenated(first));
        }
    }

    @Test
    void whatWasReadStaysReadableWhenTheLogIsDeleted() {
        PartitionLog log = threeBatches();
        try (RecordData data = await(log.read(0, 10, true, Long.MAX_VALUE))) {
            await(engine.delete(log.id()));
            assertThat(bytesOf(data)).isEqualTo(concatenated(first));
        }
    }

    @Test
    void syncIsCompleteForAnEmptyLogAndForManyAtOnce() {
        PartitionLog log = open(id("orders"));
        await(log.sync());
        List<CompletionStage<Void>> syncs = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            append(log, 1);
            syncs.add(log.sync());
            syncs.add(log.sync());
        }
        syncs.forEach(Stages::await);
        assertThat(log.endOffset()).isEqualTo(100);
    }
}
