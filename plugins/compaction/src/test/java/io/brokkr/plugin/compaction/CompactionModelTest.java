package io.brokkr.plugin.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.spi.storage.LogSegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;

/** A log that is written, compacted, written and compacted again, and what must be true of it each time. Kafka's own classes write and read it. */
class CompactionModelTest {

    private static final CompactionRule RULE =
            new CompactionRule(Duration.ofHours(1).toMillis(), 0, Long.MAX_VALUE, Long.MAX_VALUE, 0, 2_000);

    /** One record as it was written; whether it counts is known at the end of its transaction. */
    private static final class Written {
        private final long timestamp;
        private final @Nullable String key;
        private final @Nullable String value;
        private @Nullable Boolean committed;
        private long firstCompacted = -1;

        Written(long timestamp, @Nullable String key, @Nullable String value, boolean inTransaction) {
            this.timestamp = timestamp;
            this.key = key;
            this.value = value;
            this.committed = inTransaction ? null : Boolean.TRUE;
        }
    }

    private final TreeMap<Long, Written> model = new TreeMap<>();
    private final TreeMap<Long, ByteBuffer> batches = new TreeMap<>();
    private final Map<Long, Set<Long>> openTransactions = new HashMap<>();
    private final Map<Long, Integer> sequences = new HashMap<>();
    private final TreeMap<Long, Long> producers = new TreeMap<>();
    /** The offsets of markers by the first offset of the transaction. */
    private final TreeMap<Long, Long> transactionEnds = new TreeMap<>();

    private int producerCount = 4;
    private Random random = new Random();

    @Property(tries = 300)
    void keepsTheLastRecordOfEachKey(
            @ForAll long seed,
            @ForAll @IntRange(min = 3, max = 60) int roomForKeys,
            @ForAll @IntRange(min = 1, max = 6) int rounds) {
        begin(seed, 4);
        try (TestLog log = new TestLog(roomForKeys, TestLog.CODECS)) {
            writeAndCompact(log, rounds);
        }
    }

    /** More producers, and more transactions, than a run remembers cost runs and empty batches, and no record. */
    @Property(tries = 100)
    void comesToTheEndHoweverManyProducersThereAre(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 20) int newProducerCount,
            @ForAll @IntRange(min = 1, max = 5) int roomForProducers,
            @ForAll @IntRange(min = 1, max = 6) int rounds) {
        begin(seed, newProducerCount);
        try (TestLog log = new TestLog(20, roomForProducers, TestLog.CODECS)) {
            writeAndCompact(log, rounds);
            int most = batches.size() + 2;
            while (compact(log)) {
                assertThat(most--).as("runs without an end").isPositive();
            }
            assertThat(log.progress().firstDirty()).isEqualTo(firstUndecided(log));
        }
    }

    private void begin(long seed, int newProducerCount) {
        List.of(model, batches, openTransactions, sequences, producers, transactionEnds)
                .forEach(Map::clear);
        random = new Random(seed);
        producerCount = newProducerCount;
    }

    private void writeAndCompact(TestLog log, int rounds) {
        for (int round = 0; round < rounds; round++) {
            int writes = random.nextInt(25);
            for (int i = 0; i < writes; i++) {
                write(log);
            }
            log.clock.advance(Duration.ofMinutes(random.nextInt(70)));
            compact(log);
        }
    }

    /** Where the segment begins that is being written, or the first transaction before that which has not ended by then. */
    private long firstUndecided(TestLog log) {
        List<LogSegment> segments = log.log.segments();
        long end = segments.get(segments.size() - 1).baseOffset();
        return transactionEnds.entrySet().stream()
                .filter(transaction -> transaction.getValue() >= end)
                .mapToLong(Map.Entry::getKey)
                .reduce(Math.min(end, firstOpen(end)), Math::min);
    }

    private void write(TestLog log) {
        log.clock.advance(Duration.ofSeconds(random.nextInt(60)));
        if (!openTransactions.isEmpty() && random.nextInt(4) == 0) {
            endTransaction(log);
        } else {
            writeBatch(log);
        }
    }

    private void endTransaction(TestLog log) {
        long producer = openTransactions.keySet().iterator().next();
        boolean commit = random.nextBoolean();
        long offset = log.log.endOffset();
        ByteBuffer marker = KafkaBatch.marker(offset, log.clock.millis(), producer, commit);
        batches.put(offset, marker);
        log.append(marker.duplicate());
        Set<Long> written = openTransactions.remove(producer);
        written.forEach(each -> model.get(each).committed = commit);
        transactionEnds.put(Collections.min(written), offset);
    }

    private void writeBatch(TestLog log) {
        long base = log.log.endOffset();
        KafkaBatch batch = new KafkaBatch(base);
        long producer = random.nextInt(producerCount + 1) - 1L;
        boolean transactional = producer >= producerCount / 2;
        int count = 1 + random.nextInt(5);
        if (producer >= 0) {
            int sequence = sequences.getOrDefault(producer, 0);
            batch.producer(producer, sequence, transactional);
            sequences.put(producer, sequence + count);
            producers.put(base, producer);
        }
        batch.compressed(
                Compression.of(CompressionType.forId(random.nextInt(5))).build());
        for (int i = 0; i < count; i++) {
            String key = random.nextInt(20) == 0 ? null : "key" + random.nextInt(12);
            String value = random.nextInt(4) == 0 ? null : "value" + random.nextLong();
            long timestamp = log.clock.millis() - random.nextInt(1000);
            batch.add(timestamp, key, value);
            model.put(base + i, new Written(timestamp, key, value, transactional));
            if (transactional) {
                openTransactions
                        .computeIfAbsent(producer, absent -> new HashSet<>())
                        .add(base + i);
            }
        }
        ByteBuffer bytes = batch.build();
        batches.put(base, bytes);
        log.append(bytes.duplicate());
    }

    /** Whether there was anything to do. */
    private boolean compact(TestLog log) {
        long start = log.log.startOffset();
        long end = log.log.endOffset();
        long before = log.progress().firstDirty();
        boolean compacted = log.look(RULE).compacted();
        long bound = log.progress().firstDirty();
        long now = log.clock.millis();

        assertThat(log.log.startOffset()).isEqualTo(start);
        assertThat(log.log.endOffset()).isEqualTo(end);
        assertThat(bound).isBetween(before, firstOpen(end));
        List<MutableRecordBatch> found = log.batches();
        NavigableMap<Long, Record> records = records(found);
        checkRecordsAreAsTheyWere(records);
        checkWhatIsNotCompacted(found, records, bound);
        checkKeys(records, bound, compacted, now);
        checkProducers(found);
        checkMarkers(found);
        assertThat(log.log.segments().get(log.log.segments().size() - 1).endOffset())
                .isEqualTo(end);
        return compacted;
    }

    private long firstOpen(long end) {
        return openTransactions.values().stream()
                .flatMap(Set::stream)
                .mapToLong(Long::longValue)
                .min()
                .orElse(end);
    }

    private static NavigableMap<Long, Record> records(List<MutableRecordBatch> batches) {
        TreeMap<Long, Record> records = new TreeMap<>();
        long last = -1;
        for (MutableRecordBatch batch : batches) {
            assertThat(batch.baseOffset()).isGreaterThan(last);
            for (Record record : batch) {
                assertThat(record.offset()).isBetween(Math.max(last + 1, batch.baseOffset()), batch.lastOffset());
                last = record.offset();
                if (!batch.isControlBatch()) {
                    records.put(record.offset(), record);
                }
            }
            last = batch.lastOffset();
        }
        return records;
    }

    private void checkRecordsAreAsTheyWere(NavigableMap<Long, Record> records) {
        records.forEach((offset, record) -> {
            Written written = model.get(offset);
            assertThat(KafkaBatch.text(record.key())).isEqualTo(written.key);
            assertThat(KafkaBatch.text(record.value())).isEqualTo(written.value);
            assertThat(record.timestamp()).isEqualTo(written.timestamp);
        });
    }

    private void checkWhatIsNotCompacted(
            List<MutableRecordBatch> found, NavigableMap<Long, Record> records, long bound) {
        assertThat(records.tailMap(bound).keySet())
                .isEqualTo(model.tailMap(bound).keySet());
        Map<Long, ByteBuffer> behind = found.stream()
                .filter(batch -> batch.baseOffset() >= bound)
                .collect(Collectors.toMap(MutableRecordBatch::baseOffset, CompactionModelTest::bytes));
        assertThat(behind).isEqualTo(batches.tailMap(bound));
        for (MutableRecordBatch batch : found) {
            ByteBuffer original = batches.get(batch.baseOffset());
            int count = original.getInt(57);
            if (batch.countOrNull() == count && batch.deleteHorizonMs().isEmpty()) {
                assertThat(bytes(batch)).isEqualTo(original);
            }
        }
    }

    private static ByteBuffer bytes(MutableRecordBatch batch) {
        ByteBuffer bytes = ByteBuffer.allocate(batch.sizeInBytes());
        batch.writeTo(bytes);
        return bytes.flip();
    }

    private void checkKeys(NavigableMap<Long, Record> records, long bound, boolean compacted, long now) {
        TreeMap<String, Long> newest = new TreeMap<>();
        model.headMap(bound).forEach((offset, written) -> {
            assertThat(written.committed)
                    .as("a transaction is open before the bound")
                    .isNotNull();
            if (written.key != null && Objects.equals(written.committed, true)) {
                newest.put(written.key, offset);
            }
        });
        Set<Long> expected = new HashSet<>();
        for (long offset : newest.values()) {
            Written written = model.get(offset);
            boolean stays = written.value != null
                    || written.firstCompacted < 0
                    || now < written.firstCompacted + RULE.deleteRetentionMillis()
                    // A deletion goes in the first run after its time, and there was none.
                    || (!compacted && records.containsKey(offset));
            if (stays) {
                expected.add(offset);
            }
            Map.Entry<Long, ByteBuffer> batch = batches.floorEntry(offset);
            // A batch that is compacted in part has no horizon yet.
            if (written.firstCompacted < 0 && batch.getKey() + batch.getValue().getInt(23) < bound) {
                written.firstCompacted = now;
            }
        }
        assertThat(records.headMap(bound).keySet()).isEqualTo(expected);
    }

    /** The last batch of each producer is there, with its last sequence. */
    private void checkProducers(List<MutableRecordBatch> found) {
        Map<Long, Long> lastOfProducer = new HashMap<>();
        producers.forEach((baseOffset, producer) -> lastOfProducer.put(producer, baseOffset));
        lastOfProducer.forEach((producer, baseOffset) -> {
            ByteBuffer original = batches.get(baseOffset);
            int sequence = original.getInt(53);
            int lastOffsetDelta = original.getInt(23);
            assertThat(found).anySatisfy(batch -> {
                assertThat(batch.baseOffset()).isEqualTo(baseOffset);
                assertThat(batch.lastOffset()).isEqualTo(baseOffset + lastOffsetDelta);
                assertThat(batch.producerId()).isEqualTo(producer);
                assertThat(batch.baseSequence()).isEqualTo(sequence);
                assertThat(batch.lastSequence()).isEqualTo(sequence + lastOffsetDelta);
            });
        });
    }

    /** Whoever reads what is committed finds the marker of every transaction of which a batch is left. */
    private void checkMarkers(List<MutableRecordBatch> found) {
        Set<Long> open = new HashSet<>();
        for (MutableRecordBatch batch : found) {
            if (!batch.isControlBatch()) {
                if (batch.isTransactional()) {
                    open.add(batch.producerId());
                }
            } else {
                ByteBuffer key = batch.iterator().next().key();
                assertThat(ControlRecordType.parse(key)).isIn(ControlRecordType.COMMIT, ControlRecordType.ABORT);
                open.remove(batch.producerId());
            }
        }
        assertThat(openTransactions.keySet()).containsAll(open);
    }
}
