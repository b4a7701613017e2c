package io.brokkr.core.partition;

import static io.brokkr.core.partition.TestBroker.errorOf;
import static io.brokkr.core.partition.TestBroker.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.Partition;
import io.brokkr.spi.Partition.Appended;
import io.brokkr.spi.Partition.Durability;
import io.brokkr.spi.Partition.Isolation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Logs of which some batches cannot be read, and for which there is no snapshot of the producers. */
class DamagedLogTest {

    private record Batch(long producer, int sequence, int records, long baseOffset) {
        ByteBuffer bytes() {
            String[] values = IntStream.range(0, records).mapToObj(i -> "value").toArray(String[]::new);
            return TestBatches.idempotent(producer, 0, sequence, values);
        }

        Appended appended() {
            return new Appended(baseOffset, baseOffset + records - 1, -1, 0);
        }
    }

    private final List<Batch> batches = new ArrayList<>();

    private TestBroker write(List<Integer> shapes) {
        TestBroker broker = TestBroker.withTopic(Map.of());
        batches.clear();
        Map<Long, Integer> sequences = new HashMap<>();
        for (int shape : shapes) {
            long producer = shape % 3;
            Batch batch = new Batch(
                    producer,
                    sequences.getOrDefault(producer, 0),
                    1 + shape / 3,
                    broker.partition().logEndOffset());
            sequences.put(producer, batch.sequence() + batch.records());
            assertThat(get(append(broker, batch))).isEqualTo(batch.appended());
            batches.add(batch);
        }
        return broker;
    }

    private static CompletionStage<Appended> append(TestBroker broker, Batch batch) {
        return broker.partition().append(batch.bytes(), Durability.COMMITTED);
    }

    private static void damage(TestBroker broker, Set<Long> baseOffsets) {
        TestEngine.Data log = broker.engine.onlyLog();
        log.checkpoints.remove(ProducerSnapshot.CHECKPOINT);
        log.damaged.addAll(baseOffsets);
        broker.killAndStart();
    }

    private static CompletionStage<Partition.Read> read(Partition partition, long offset) {
        return partition.read(offset, 1, true, Isolation.READ_UNCOMMITTED);
    }

    @Property(tries = 300)
    void opensAndServesWhatIsSound(
            @ForAll @Size(min = 1, max = 30) List<@IntRange(max = 23) Integer> shapes,
            @ForAll @IntRange(max = 29) int first,
            @ForAll @IntRange(min = 1, max = 5) int count) {
        TestBroker broker = write(shapes);
        long end = broker.partition().logEndOffset();
        List<Batch> lost =
                batches.stream().skip(first % shapes.size()).limit(count).toList();
        damage(broker, lost.stream().map(Batch::baseOffset).collect(Collectors.toSet()));

        Partition partition = broker.partition();
        assertThat(partition.logEndOffset()).isEqualTo(end);
        assertThat(partition.highWatermark()).isEqualTo(end);
        for (Batch batch : batches) {
            assertThat(errorOf(read(partition, batch.baseOffset())))
                    .isEqualTo(lost.contains(batch) ? ErrorCode.CORRUPT_MESSAGE : ErrorCode.NONE);
        }
        for (long producer = 0; producer < 3; producer++) {
            long asked = producer;
            List<Batch> sound = batches.stream()
                    .filter(batch -> batch.producer() == asked && !lost.contains(batch))
                    .toList();
            for (Batch batch : sound.subList(Math.max(0, sound.size() - 5), sound.size())) {
                assertThat(get(append(broker, batch))).isEqualTo(batch.appended());
            }
        }
        ByteBuffer plain = TestBatches.batch("plain");
        assertThat(get(partition.append(plain, Durability.COMMITTED))).isEqualTo(new Appended(end, end, -1, 0));
    }

    /** Where the damage is in several places some of what lies between may be passed over, too. */
    @Property(tries = 300)
    void takesNothingForARepetitionThatCannotBeRead(
            @ForAll @Size(min = 1, max = 30) List<@IntRange(max = 23) Integer> shapes,
            @ForAll @Size(max = 8) Set<@IntRange(max = 29) Integer> places) {
        TestBroker broker = write(shapes);
        long end = broker.partition().logEndOffset();
        Set<Long> lost = places.stream()
                .map(place -> batches.get(place % shapes.size()).baseOffset())
                .collect(Collectors.toSet());
        damage(broker, lost);
        assertThat(broker.partition().logEndOffset()).isEqualTo(end);
        for (Batch batch : batches) {
            CompletionStage<Appended> again = append(broker, batch);
            if (errorOf(again) == ErrorCode.NONE && get(again).baseOffset() < end) {
                assertThat(get(again)).isEqualTo(batch.appended());
                assertThat(lost).doesNotContain(batch.baseOffset());
            }
        }
    }

    /** What the device lost must not seem to be there once the log is as long again. */
    @Test
    void aSnapshotBeyondTheEndOfTheLogIsReplaced() {
        for (int kept = 0; kept < 3; kept++) {
            TestBroker broker = write(List.of(0, 0, 0));
            broker.restart();
            broker.engine.loseTail(3 - kept);
            broker.killAndStart();
            for (int i = kept; i < 4; i++) {
                get(append(broker, new Batch(1, i - kept, 1, i)));
            }
            broker.killAndStart();
            Batch lost = batches.get(2);
            CompletionStage<Appended> again = append(broker, lost);
            assertThat(errorOf(again) == ErrorCode.NONE ? get(again).baseOffset() : -1)
                    .as("%s of which %d were kept", lost, kept)
                    .isIn(-1L, 4L);
        }
    }
}
