package io.brokkr.core.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Bytes;
import io.brokkr.spi.Partition.EpochEnd;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What the core keeps beside a log. */
class CheckpointTest {

    @Provide
    Arbitrary<ProducerState> producers() {
        Arbitrary<ProducedBatch> batches = Combinators.combine(
                        Arbitraries.integers(),
                        Arbitraries.integers(),
                        Arbitraries.longs(),
                        Arbitraries.longs(),
                        Arbitraries.longs())
                .as(ProducedBatch::new);
        return Combinators.combine(
                        Arbitraries.longs().greaterOrEqual(0),
                        Arbitraries.shorts(),
                        Arbitraries.longs(),
                        batches.list().ofMinSize(1).ofMaxSize(8))
                .as((id, epoch, lastUsed, all) -> {
                    ProducerState state = new ProducerState(id, epoch);
                    all.forEach(batch -> state.add(epoch, batch, lastUsed));
                    return state;
                });
    }

    @Property
    void aSnapshotGivesBackWhatWasWritten(
            @ForAll long offset, @ForAll @Size(max = 10) List<@From("producers") ProducerState> all) {
        ProducerStates states = new ProducerStates();
        all.forEach(states::restore);
        ProducerSnapshot read =
                ProducerSnapshot.read(ProducerSnapshot.write(offset, states)).orElseThrow();
        assertThat(read.offset()).isEqualTo(offset);
        assertThat(described(read.states())).isEqualTo(described(states));
    }

    private static Map<Long, String> described(ProducerStates states) {
        Map<Long, String> described = new TreeMap<>();
        states.all().forEach(state -> {
            List<ProducedBatch> batches = new ArrayList<>();
            for (int i = 0; i < state.batchCount(); i++) {
                batches.add(state.batch(i));
            }
            described.put(state.producerId(), state.epoch() + " " + state.lastUsed() + " " + batches);
        });
        return described;
    }

    @Property
    void aChangedBitIsSeen(
            @ForAll long offset,
            @ForAll @Size(max = 4) List<@From("producers") ProducerState> all,
            @ForAll @IntRange(max = 10_000) int bit) {
        ProducerStates states = new ProducerStates();
        all.forEach(states::restore);
        byte[] bytes = ProducerSnapshot.write(offset, states).toArray();
        int changed = bit % (bytes.length * 8);
        bytes[changed / 8] ^= (byte) (1 << (changed % 8));
        assertThat(ProducerSnapshot.read(Bytes.copyOf(bytes))).isEmpty();
    }

    @Property
    void anythingElseIsNoSnapshot(@ForAll byte[] bytes) {
        assertThat(ProducerSnapshot.read(Bytes.copyOf(bytes))).isEmpty();
    }

    @Test
    void onlyFiveBatchesOfAProducerAreRemembered() {
        ProducerState state = new ProducerState(1, (short) 0);
        for (int i = 0; i < 12; i++) {
            state.add((short) 0, new ProducedBatch(i, i, i, i, -1), 0);
        }
        assertThat(state.batchCount()).isEqualTo(5);
        assertThat(state.batch(0).baseSequence()).isEqualTo(7);
        assertThat(state.batch(4).baseSequence()).isEqualTo(11);
    }

    @Test
    void leaderEpochsAreWrittenAsKafkasToolsReadThem() {
        LeaderEpochs epochs = LeaderEpochs.NONE.with(0, 0).with(3, 120);
        assertThat(new String(epochs.write().toArray(), StandardCharsets.UTF_8)).isEqualTo("0\n2\n0 0\n3 120\n");
    }

    @Property
    void leaderEpochsGiveBackWhatWasWritten(@ForAll("epochs") NavigableMap<Integer, Integer> starts) {
        LeaderEpochs epochs = epochs(starts);
        LeaderEpochs read = LeaderEpochs.read(epochs.write()).orElseThrow();
        assertThat(read.write()).isEqualTo(epochs.write());
    }

    @Property
    void anythingElseIsNoListOfEpochs(@ForAll byte[] bytes) {
        assertThat(LeaderEpochs.read(Bytes.copyOf(bytes))).isEmpty();
    }

    /** Against a list in which every offset has its epoch. */
    @Property
    void everyOffsetHasTheEpochItWasWrittenUnderAndEveryEpochItsEnd(
            @ForAll("epochs") NavigableMap<Integer, Integer> starts, @ForAll @IntRange(max = 60) int asked) {
        LeaderEpochs epochs = epochs(starts);
        int end = 200;
        int current = starts.isEmpty() ? 0 : starts.lastKey();
        for (int offset = 0; offset < end; offset++) {
            int at = offset;
            int expected = starts.entrySet().stream()
                    .filter(entry -> entry.getValue() <= at)
                    .mapToInt(Map.Entry::getKey)
                    .max()
                    .orElse(-1);
            assertThat(epochs.epochOf(offset)).isEqualTo(expected);
        }
        EpochEnd found = epochs.endOf(asked, current, end);
        if (asked > current) {
            assertThat(found).isEqualTo(EpochEnd.UNDEFINED);
        } else if (asked == current) {
            assertThat(found).isEqualTo(new EpochEnd(asked, end));
        } else {
            Integer floor = starts.floorKey(asked);
            long next = starts.higherEntry(asked).getValue();
            assertThat(found).isEqualTo(new EpochEnd(floor == null ? asked : floor, next));
        }
    }

    @Provide
    Arbitrary<NavigableMap<Integer, Integer>> epochs() {
        return Arbitraries.maps(
                        Arbitraries.integers().between(0, 50),
                        Arbitraries.integers().between(1, 30))
                .ofMaxSize(6)
                .map(steps -> {
                    NavigableMap<Integer, Integer> starts = new TreeMap<>();
                    int start = 0;
                    for (Map.Entry<Integer, Integer> step : new TreeMap<>(steps).entrySet()) {
                        starts.put(step.getKey(), start);
                        start += step.getValue();
                    }
                    return starts;
                });
    }

    private static LeaderEpochs epochs(NavigableMap<Integer, Integer> starts) {
        LeaderEpochs epochs = LeaderEpochs.NONE;
        for (Map.Entry<Integer, Integer> start : starts.entrySet()) {
            epochs = epochs.with(start.getKey(), start.getValue());
        }
        return epochs;
    }

    @Test
    void anEpochThatHasWrittenNothingYetEndsWhereTheLogDoes() {
        LeaderEpochs epochs = LeaderEpochs.NONE.with(2, 0);
        assertThat(epochs.endOf(5, 5, 40)).isEqualTo(new EpochEnd(5, 40));
        assertThat(epochs.endOf(2, 5, 40)).isEqualTo(new EpochEnd(2, 40));
        assertThat(epochs.endOf(-1, 5, 40)).isEqualTo(EpochEnd.UNDEFINED);
        assertThat(epochs.endOf(6, 5, 40)).isEqualTo(EpochEnd.UNDEFINED);
    }

    @Test
    void epochsBehindTheEndOfTheLogAreForgotten() {
        LeaderEpochs epochs = LeaderEpochs.NONE.with(0, 0).with(1, 10).with(2, 20);
        assertThat(epochs.before(20).write())
                .isEqualTo(LeaderEpochs.NONE.with(0, 0).with(1, 10).write());
        assertThat(epochs.before(0).isEmpty()).isTrue();
    }
}
