package io.brokkr.core.partition;

import static io.brokkr.core.partition.TestBroker.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.Partition;
import io.brokkr.spi.Partition.Appended;
import io.brokkr.spi.Partition.Durability;
import io.brokkr.spi.Partition.Isolation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Random histories of producers, restarts and crashes, held against a list in memory. */
class PartitionHistoryTest {

    private enum What {
        PLAIN,
        NEXT,
        REPEAT,
        GAP,
        OLD_EPOCH,
        NEW_EPOCH,
        NEW_EPOCH_NOT_FROM_0,
        RESTART,
        KILL,
        POWER_CUT,
        LOSE_TAIL,
        LOSE_SNAPSHOT,
        DAMAGE_SNAPSHOT
    }

    /** One step; producer, records and back say whose batch, of how many records, and which of the last ones is repeated. */
    private record Step(What what, int producer, int records, int back, boolean committed) {}

    private record Batch(long producer, int epoch, int sequence, long baseOffset, List<String> values) {
        int lastSequence() {
            return (int) ((sequence + (long) values.size() - 1) % (1L << 31));
        }

        long lastOffset() {
            return baseOffset + values.size() - 1;
        }
    }

    /** What a partition is: a list of batches. All that is known of producers follows from it. */
    private static final class Model {
        final List<Batch> batches = new ArrayList<>();

        long end() {
            return batches.isEmpty() ? 0 : batches.get(batches.size() - 1).lastOffset() + 1;
        }

        List<Batch> of(long producer) {
            List<Batch> all = batches.stream()
                    .filter(batch -> batch.producer() == producer)
                    .toList();
            int epoch = all.isEmpty() ? 0 : all.get(all.size() - 1).epoch();
            return all.stream().filter(batch -> batch.epoch() == epoch).toList();
        }

        List<String> records() {
            List<String> records = new ArrayList<>();
            batches.forEach(batch -> {
                for (int i = 0; i < batch.values().size(); i++) {
                    records.add((batch.baseOffset() + i) + ":" + batch.values().get(i));
                }
            });
            return records;
        }
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        Arbitrary<What> whats = Arbitraries.frequencyOf(
                Tuple.of(20, Arbitraries.of(What.PLAIN, What.NEXT, What.NEXT, What.REPEAT)),
                Tuple.of(4, Arbitraries.of(What.GAP, What.OLD_EPOCH, What.NEW_EPOCH, What.NEW_EPOCH_NOT_FROM_0)),
                Tuple.of(
                        3,
                        Arbitraries.of(
                                What.RESTART,
                                What.KILL,
                                What.POWER_CUT,
                                What.LOSE_TAIL,
                                What.LOSE_SNAPSHOT,
                                What.DAMAGE_SNAPSHOT)));
        return Combinators.combine(
                        whats,
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.integers().between(0, 6),
                        Arbitraries.of(true, false))
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(60);
    }

    @Property(tries = 400)
    void theListInMemoryAndThePartitionAreTheSame(
            @ForAll("histories") List<Step> history,
            @ForAll boolean synced,
            @ForAll boolean nearTheLastSequence,
            @ForAll boolean minimalStages) {
        TestBroker broker = TestBroker.withTopic(Map.of("durability", synced ? "synced" : "written"));
        broker.engine.minimalStages = minimalStages;
        Model model = new Model();
        int firstSequence = nearTheLastSequence ? Integer.MAX_VALUE - 3 : 0;
        int serial = 0;
        for (Step step : history) {
            perform(broker, model, step, firstSequence, serial++);
            check(broker.partition(), model);
        }
    }

    private static void perform(TestBroker broker, Model model, Step step, int firstSequence, int serial) {
        long producer = 1_000L + step.producer();
        List<Batch> known = model.of(producer);
        Batch last = known.isEmpty() ? null : known.get(known.size() - 1);
        int epoch = last == null ? 3 : last.epoch();
        int next = last == null ? firstSequence : (last.lastSequence() + 1) & Integer.MAX_VALUE;
        switch (step.what()) {
            case PLAIN -> append(broker, model, step, -1, -1, -1, serial, ErrorCode.NONE);
            case NEXT -> append(broker, model, step, producer, epoch, next, serial, ErrorCode.NONE);
            case NEW_EPOCH -> append(broker, model, step, producer, epoch + 1, 0, serial, ErrorCode.NONE);
            case NEW_EPOCH_NOT_FROM_0 -> {
                if (last != null) {
                    append(broker, model, step, producer, epoch + 1, 1, serial, ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
                }
            }
            case OLD_EPOCH -> {
                if (last != null) {
                    append(broker, model, step, producer, epoch - 1, next, serial, ErrorCode.INVALID_PRODUCER_EPOCH);
                }
            }
            case GAP -> {
                if (last != null) {
                    int later = (next + 1 + step.back()) & Integer.MAX_VALUE;
                    append(broker, model, step, producer, epoch, later, serial, ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
                }
            }
            case REPEAT -> {
                if (step.back() < known.size()) {
                    repeat(broker, known.get(known.size() - 1 - step.back()), step);
                }
            }
            case RESTART -> broker.restart();
            case KILL -> broker.killAndStart();
            case POWER_CUT -> {
                broker.cutPowerAndStart();
                long kept = broker.partition().logEndOffset();
                model.batches.removeIf(batch -> batch.baseOffset() >= kept);
            }
            case LOSE_TAIL -> {
                // The snapshot is on the device, and the batches that it tells of are not.
                broker.restart();
                broker.engine.loseTail(step.back());
                broker.killAndStart();
                long kept = broker.partition().logEndOffset();
                model.batches.removeIf(batch -> batch.baseOffset() >= kept);
            }
            case LOSE_SNAPSHOT -> {
                broker.engine.disk.values().forEach(data -> data.checkpoints.clear());
                broker.killAndStart();
            }
            case DAMAGE_SNAPSHOT -> {
                broker.engine
                        .disk
                        .values()
                        .forEach(data ->
                                data.checkpoints.replaceAll((name, content) -> Bytes.copyOf(new byte[] {0, 1, 2, 3})));
                broker.killAndStart();
            }
        }
    }

    private static void append(
            TestBroker broker,
            Model model,
            Step step,
            long producer,
            int epoch,
            int sequence,
            int serial,
            ErrorCode expected) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < step.records(); i++) {
            values.add(serial + "/" + i);
        }
        String[] texts = values.toArray(String[]::new);
        CompletionStage<Appended> stage = broker.partition()
                .append(
                        producer < 0
                                ? TestBatches.batch(texts)
                                : TestBatches.idempotent(producer, epoch, sequence, texts),
                        step.committed() ? Durability.COMMITTED : Durability.WRITTEN);
        assertThat(TestBroker.errorOf(stage)).isEqualTo(expected);
        if (expected == ErrorCode.NONE) {
            Batch appended = new Batch(producer, epoch, sequence, model.end(), values);
            assertThat(get(stage)).isEqualTo(new Appended(appended.baseOffset(), appended.lastOffset(), -1, 0));
            model.batches.add(appended);
        }
    }

    private static void repeat(TestBroker broker, Batch original, Step step) {
        CompletionStage<Appended> stage = broker.partition()
                .append(
                        TestBatches.idempotent(
                                original.producer(),
                                original.epoch(),
                                original.sequence(),
                                original.values().toArray(String[]::new)),
                        step.committed() ? Durability.COMMITTED : Durability.WRITTEN);
        if (step.back() < 5) {
            assertThat(get(stage)).isEqualTo(new Appended(original.baseOffset(), original.lastOffset(), -1, 0));
        } else {
            assertThat(TestBroker.errorOf(stage)).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        }
    }

    private static void check(Partition partition, Model model) {
        assertThat(partition.logEndOffset()).isEqualTo(model.end());
        assertThat(partition.highWatermark()).isEqualTo(model.end());
        assertThat(TestBatches.records(get(partition.read(0, Integer.MAX_VALUE, true, Isolation.READ_UNCOMMITTED))
                        .records()))
                .isEqualTo(model.records());
        Map<Long, RecordBatch> stored = new TreeMap<>();
        TestBatches.batches(get(partition.read(0, Integer.MAX_VALUE, true, Isolation.LOG_END))
                        .records())
                .forEach(batch -> stored.put(batch.baseOffset(), batch));
        model.batches.forEach(batch -> {
            RecordBatch kept = stored.get(batch.baseOffset());
            assertThat(kept.isCrcValid()).isTrue();
            assertThat(kept.partitionLeaderEpoch()).isZero();
        });
    }
}
