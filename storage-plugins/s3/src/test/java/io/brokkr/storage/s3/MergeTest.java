package io.brokkr.storage.s3;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.testkit.storage.Batches;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small objects become larger ones, and nobody notices. */
class MergeTest extends ServerTest {

    private static void appendAndSync(PartitionLog log, int objects) {
        for (int i = 0; i < objects; i++) {
            append(log, 2);
            await(log.sync());
        }
    }

    /** The last merges may come after the last sync, when the log is closed already. */
    @Test
    void manySyncsLeaveFewObjects() {
        PartitionLog log = open(engine(), 1);
        appendAndSync(log, 300);
        await(log.close());
        assertThat(objects()).hasSizeLessThan(100);
        PartitionLog again = open(engine(), 1);
        assertThat(again.endOffset()).isEqualTo(600);
        assertThat(again.sizeInBytes()).isEqualTo(expected(0, 600).length);
        assertThat(readAll(again, 0)).isEqualTo(expected(0, 600));
    }

    @Test
    void noObjectBecomesLargerThanItMay() {
        int size = Batches.single(0, 0).sizeInBytes();
        PartitionLog log = open(engine("s3.object.bytes=" + 100 * size), 1);
        appendAndSync(log, 300);
        await(log.close());
        PartitionLog again = open(engine(), 1);
        assertThat(again.segments()).allMatch(segment -> segment.sizeInBytes() <= 100L * size);
        assertThat(again.segments()).hasSizeBetween(6, 120);
        assertThat(readAll(again, 0)).isEqualTo(expected(0, 600));
    }

    @Test
    void nothingIsMergedWithoutBytesForIt() {
        PartitionLog log = open(engine("s3.object.bytes=0"), 1);
        appendAndSync(log, 40);
        await(log.close());
        assertThat(objects()).hasSize(40);
    }

    /** Each process is left behind without a close, as by a kill, sometimes in the middle of a merge. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void trimsTruncationsAndKillsComeBetween(long seed) {
        Random random = new Random(seed);
        PartitionLog log = open(engine("s3.object.bytes=10000"), 1);
        long start = 0;
        long end = 0;
        for (int i = 0; i < 12; i++) {
            int objects = random.nextInt(25);
            appendAndSync(log, objects);
            end += 2L * objects;
            switch (random.nextInt(4)) {
                case 0 -> start += random.nextLong((end - start) / 2 + 1);
                case 1 -> end -= random.nextLong(Math.min(end - start, 20) + 1);
                case 2 -> log = open(engine("s3.object.bytes=10000"), 1);
                default -> {}
            }
            await(log.trim(start));
            await(log.truncate(end));
            assertThat(log.startOffset()).isEqualTo(start);
            assertThat(log.endOffset()).isEqualTo(end);
            assertThat(readAll(log, start)).isEqualTo(expected(start, end));
        }
    }

    @Test
    void segmentsFollowEachOtherAfterMerges() {
        PartitionLog log = open(engine(), 1);
        appendAndSync(log, 100);
        long end = 0;
        for (LogSegment segment : log.segments()) {
            assertThat(segment.baseOffset()).isEqualTo(end);
            end = segment.endOffset();
        }
        assertThat(end).isEqualTo(200);
    }
}
