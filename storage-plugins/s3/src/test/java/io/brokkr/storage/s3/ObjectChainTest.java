package io.brokkr.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.spi.storage.CorruptLogException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Which of the objects in a folder make the log, whatever a crash has left beside them. */
class ObjectChainTest {

    private static DataObject object(long base, long end, long generation) {
        return new DataObject(base, end, end, generation, 1, (int) (end - base), (int) (end - base) + 12);
    }

    private static ObjectChain chain(long startOffset, List<DataObject> listed) {
        return ObjectChain.of("s3://bucket/data/", listed, startOffset);
    }

    /** Objects that follow each other, the generations ascending. */
    private static List<DataObject> written(Random random, int count) {
        List<DataObject> objects = new ArrayList<>();
        long end = 0;
        long generation = 1;
        for (int i = 0; i < count; i++) {
            long next = end + 1 + random.nextInt(100);
            generation += random.nextInt(3) / 2;
            objects.add(object(end, next, generation));
            end = next;
        }
        return objects;
    }

    @Property
    void whateverTheOrderOfTheListing(@ForAll long seed, @ForAll @IntRange(max = 50) int count) {
        Random random = new Random(seed);
        List<DataObject> objects = written(random, count);
        List<DataObject> listed = new ArrayList<>(objects);
        Collections.shuffle(listed, random);
        assertThat(chain(0, listed).objects()).isEqualTo(objects);
        assertThat(chain(0, listed).leftovers()).isEmpty();
    }

    @Property
    void partsOfAMergeAreLeftovers(@ForAll long seed, @ForAll @IntRange(min = 2, max = 50) int count) {
        Random random = new Random(seed);
        List<DataObject> objects = written(random, count);
        int from = random.nextInt(count - 1);
        List<DataObject> parts = objects.subList(from, count);
        DataObject merged = object(
                parts.get(0).baseOffset(),
                objects.get(count - 1).endOffset(),
                objects.get(count - 1).generation());
        List<DataObject> listed = new ArrayList<>(objects);
        listed.removeIf(part -> parts.contains(part) && random.nextInt(4) == 0);
        listed.add(merged);
        List<DataObject> expected = new ArrayList<>(objects.subList(0, from));
        expected.add(merged);
        assertThat(chain(0, listed).objects()).isEqualTo(expected);
        assertThat(chain(0, listed).leftovers()).allMatch(parts::contains).hasSize(listed.size() - expected.size());
    }

    /** They never count from where somebody of a later generation has written. */
    @Property
    void whatSomebodyPutTooLateIsALeftover(@ForAll long seed, @ForAll @IntRange(min = 1, max = 50) int count) {
        Random random = new Random(seed);
        List<DataObject> objects = written(random, count);
        long end = objects.get(count - 1).endOffset();
        long generation = objects.get(count - 1).generation();
        objects.add(object(end, end + 10, generation + 1));
        List<DataObject> listed = new ArrayList<>(objects);
        long late = end;
        for (int i = 0; i < 5; i++) {
            long next = late + 1 + random.nextInt(10);
            listed.add(object(late, next, generation));
            late = next;
        }
        Collections.shuffle(listed, random);
        assertThat(chain(0, listed).objects()).isEqualTo(objects);
        assertThat(chain(0, listed).leftovers()).hasSize(5);
    }

    @Property
    void whatWasTrimmedIsALeftover(@ForAll long seed, @ForAll @IntRange(min = 1, max = 50) int count) {
        Random random = new Random(seed);
        List<DataObject> objects = written(random, count);
        long start = random.nextLong(objects.get(count - 1).endOffset() + 1);
        List<DataObject> kept =
                objects.stream().filter(object -> object.endOffset() > start).toList();
        assertThat(chain(start, objects).objects()).isEqualTo(kept);
        assertThat(chain(start, kept).objects()).isEqualTo(kept);
    }

    @Property
    void aGapIsDamage(@ForAll long seed, @ForAll @IntRange(min = 2, max = 50) int count) {
        Random random = new Random(seed);
        List<DataObject> objects = written(random, count);
        DataObject lost = objects.remove(random.nextInt(count - 1));
        assertThatThrownBy(() -> chain(0, objects))
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining("from " + lost.baseOffset() + " to " + lost.endOffset());
    }

    /** The rest of the object that was cut was put, and nothing deleted yet: the next generation may take either for the end, this one takes the old. */
    @Test
    void aTruncationThatACrashCutShortLeavesALog() {
        List<DataObject> before = List.of(object(0, 10, 1), object(10, 20, 1), object(20, 30, 1));
        List<DataObject> listed = new ArrayList<>(before);
        listed.add(object(10, 15, 1));
        assertThat(chain(0, listed).objects()).isEqualTo(before);
        listed.remove(object(20, 30, 1));
        assertThat(chain(0, listed).objects()).isEqualTo(before.subList(0, 2));
        listed.remove(object(10, 20, 1));
        assertThat(chain(0, listed).objects()).containsExactly(object(0, 10, 1), object(10, 15, 1));
        assertThat(chain(0, List.of(object(0, 10, 1), object(10, 20, 1), object(20, 30, 1), object(10, 15, 2)))
                        .objects())
                .containsExactly(object(0, 10, 1), object(10, 15, 2));
    }

    @Property
    void namesAreReadAsTheyWereWritten(
            @ForAll @IntRange int base,
            @ForAll @IntRange(min = 1) int length,
            @ForAll long maxTimestamp,
            @ForAll @IntRange int generation,
            @ForAll @IntRange int number,
            @ForAll @IntRange int size) {
        long baseOffset = base * 3_000_000_000L;
        DataObject object =
                new DataObject(baseOffset, baseOffset + length, maxTimestamp, generation, number, size, size);
        assertThat(DataObject.parse(object.name(), size)).contains(object);
        assertThat(DataObject.parse(object.name(), size - 1L)).isEmpty();
        assertThat(DataObject.parse(object.name() + "x", size)).isEmpty();
    }

    @Property
    void logObjectsAreReadAsTheyWereWritten(
            @ForAll int leaderEpoch, @ForAll @IntRange int generation, @ForAll @IntRange int start) {
        LogObject object = new LogObject(leaderEpoch, generation, start * 3_000_000_000L, "opener");
        assertThat(LogObject.parse("key", object.toBytes())).isEqualTo(object);
        byte[] later = new String(object.toBytes(), java.nio.charset.StandardCharsets.UTF_8)
                .replace("s3-log 1", "s3-log 2")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        assertThatThrownBy(() -> LogObject.parse("key", later))
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining("key");
    }
}
