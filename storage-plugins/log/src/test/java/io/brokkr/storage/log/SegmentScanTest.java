package io.brokkr.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.testkit.storage.Batches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SegmentScanTest {

    private static final int DAMAGED_BYTES = 24 << 20;

    /**
     * In damage there is at many places what looks like the header of a large batch. To sum up the bytes of each, twelve megabytes on the average, would take the better part of an hour.
     */
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whatLooksLikeManyLargeBatchesIsPassedOver() throws IOException {
        RecordBatch first = Batches.of(0, 2, 10, 1_000);
        RecordBatch last = Batches.of(500, 2, 10, 1_000);
        ByteBuffer bytes = ByteBuffer.allocate(first.sizeInBytes() + DAMAGED_BYTES + last.sizeInBytes());
        bytes.put(first.buffer());
        for (int at = bytes.position(); at < DAMAGED_BYTES - RecordBatch.HEADER_SIZE; at += 17) {
            bytes.putLong(at, -at);
            bytes.putInt(at + RecordBatch.LENGTH_POSITION, DAMAGED_BYTES - at);
            bytes.put(at + RecordBatch.MAGIC_POSITION, RecordBatch.MAGIC);
        }
        bytes.position(bytes.limit() - last.sizeInBytes());
        bytes.put(last.buffer()).flip();
        List<Long> batches = new ArrayList<>();
        List<SegmentScan.Damage> damages = new ArrayList<>();
        long end = new SegmentScan(bytes, 0, new SegmentScan.Visitor() {
                    @Override
                    public void batch(int position, RecordBatch batch) {
                        batches.add(batch.baseOffset());
                    }

                    @Override
                    public void damage(SegmentScan.Damage damage, long from) {
                        damages.add(damage);
                    }
                })
                .run();
        assertThat(end).isEqualTo(502);
        assertThat(batches).containsExactly(0L, 500L);
        assertThat(damages).singleElement().satisfies(damage -> {
            assertThat(damage.position()).isEqualTo(first.sizeInBytes());
            assertThat(damage.end()).isEqualTo(first.sizeInBytes() + DAMAGED_BYTES);
        });
    }
}
