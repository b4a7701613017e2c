package io.brokkr.storage.s3;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.testkit.storage.Batches;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Reads in objects of many blocks, which nobody has in memory. */
class ReadTest extends ServerTest {

    private static final int BATCHES = 3_000;

    private final List<RecordBatch> batches = new ArrayList<>();
    private byte[] content = new byte[0];

    /** One object of some 3 MB, with gaps between its offsets, read by another process. */
    private PartitionLog largeObject(CountedRequests requests, String... settings) {
        PartitionLog log = open(engine("s3.upload.max.bytes=100000000"), 1);
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        for (int i = 0; i < BATCHES; i++) {
            RecordBatch batch = Batches.of(log.endOffset() + i % 3, 1 + i % 4, 100 + i % 600, 1_000 + i);
            await(log.append(batch));
            batches.add(batch);
            all.writeBytes(Batches.bytes(batch));
        }
        content = all.toByteArray();
        await(log.close());
        assertThat(objects()).hasSize(1);
        return open(engine(fixture().scheduler(), requests, settings), 1);
    }

    private int indexFrom(long offset) {
        int index = 0;
        while (batches.get(index).lastOffset() < offset) {
            index++;
        }
        return index;
    }

    @Test
    void everyReadBeginsAndEndsWhereItShould() {
        PartitionLog log = largeObject(new CountedRequests(), "s3.cache.bytes=1000000");
        Random random = new Random(7);
        int[] starts = new int[BATCHES + 1];
        for (int i = 0; i < BATCHES; i++) {
            starts[i + 1] = starts[i] + batches.get(i).sizeInBytes();
        }
        for (int i = 0; i < 300; i++) {
            long offset = random.nextLong(log.endOffset());
            int first = indexFrom(offset);
            int maxBytes = random.nextInt(random.nextBoolean() ? 2_000 : 800_000);
            boolean whole = random.nextBoolean();
            int last = Math.min(BATCHES - 1, first + random.nextInt(1_000));
            byte[] read = bytesOf(
                    await(log.read(offset, maxBytes, whole, batches.get(last).nextOffset())));
            int most = whole ? Math.max(maxBytes, batches.get(first).sizeInBytes()) : maxBytes;
            int end = Math.min(starts[last + 1], starts[first] + most);
            // Too little of a last batch to know its offset may be left out.
            assertThat(read.length).isBetween(end - starts[first] - 12, end - starts[first]);
            assertThat(read).isEqualTo(Arrays.copyOfRange(content, starts[first], starts[first] + read.length));
        }
    }

    /** One block of batches, one of the index, and what lies between the beginning of a block and the batch. */
    @Test
    void aSmallReadFetchesLittle() {
        CountedRequests requests = new CountedRequests();
        PartitionLog log = largeObject(requests);
        long before = requests.count("in");
        byte[] read = bytesOf(await(log.read(batches.get(1_500).baseOffset(), 1_000, true, Long.MAX_VALUE)));
        assertThat(read).hasSize(1_000);
        assertThat(requests.count("in") - before).isBetween(1_000L, 3L * BlockCache.BLOCK_BYTES);
        long asked = requests.count("get");
        await(log.read(batches.get(1_501).baseOffset(), 1_000, true, Long.MAX_VALUE))
                .close();
        assertThat(requests.count("get")).isEqualTo(asked);
    }

    @Test
    void consumersThatGoThroughItFetchItOnce() {
        CountedRequests requests = new CountedRequests();
        PartitionLog log = largeObject(requests);
        long offset = 0;
        int size = 0;
        while (offset < log.endOffset()) {
            byte[] read = bytesOf(await(log.read(offset, 100_000, true, Long.MAX_VALUE)));
            RecordBatch last = null;
            int whole = 0;
            for (RecordBatch batch :
                    io.brokkr.protocol.record.RecordBatches.possiblyCut(java.nio.ByteBuffer.wrap(read))) {
                last = batch;
                whole += batch.sizeInBytes();
            }
            assertThat(last).isNotNull();
            offset = last.nextOffset();
            size += whole;
        }
        assertThat(size).isEqualTo(content.length);
        assertThat(requests.count("in")).isLessThan(content.length + 2L * BlockCache.BLOCK_BYTES);
    }

    @Test
    void timestampsAreFoundInObjectsThatNobodyHasRead() {
        PartitionLog log = largeObject(new CountedRequests());
        assertThat(await(log.findTimestamp(1_000 + BATCHES))).isEmpty();
        assertThat(await(log.findTimestamp(2_000))).hasValueSatisfying(found -> assertThat(found)
                .isBetween(0L, batches.get(1_000).baseOffset()));
        await(log.trim(batches.get(2_000).baseOffset()));
        assertThat(await(log.findTimestamp(3_500))).hasValueSatisfying(found -> assertThat(found)
                .isBetween(log.startOffset(), batches.get(2_500).baseOffset()));
    }
}
