package io.brokkr.plugin.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.protocol.record.InvalidRecordBatchException;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.CorruptLogException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a log is compacted, and what goes when, on a clock that the test turns. */
class LogLookTest {

    private static final Duration RETENTION = Duration.ofHours(2);

    /** So large that every batch of it is a segment of its own. */
    private static final String LARGE = "x".repeat((int) TestLog.SEGMENT_SIZE_IN_BYTES);

    private TestLog log = new TestLog();

    @AfterEach
    void close() {
        log.close();
    }

    private static CompactionRule rule(double minDirtyRatio, Duration minLag, long maxLag) {
        return rule(minDirtyRatio, minLag, maxLag, Long.MAX_VALUE);
    }

    private static CompactionRule rule(double minDirtyRatio, Duration minLag, long maxLag, long segmentAge) {
        return new CompactionRule(RETENTION.toMillis(), minLag.toMillis(), maxLag, segmentAge, minDirtyRatio, 1);
    }

    private static CompactionRule rule() {
        return rule(0, Duration.ZERO, Long.MAX_VALUE);
    }

    private void write(String key, String value) {
        long now = log.clock.millis();
        log.append(new KafkaBatch(log.log.endOffset()).add(now, key, value).build());
    }

    /** The keys that are there, in the order of their records; deletions with a minus. */
    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        log.batches().stream()
                .filter(batch -> !batch.isControlBatch())
                .forEach(batch -> batch.forEach(
                        record -> keys.add((record.hasValue() ? "" : "-") + KafkaBatch.text(record.key()))));
        return keys;
    }

    @Test
    void waitsUntilEnoughIsDirty() {
        CompactionRule half = rule(0.5, Duration.ZERO, Long.MAX_VALUE);
        write("a", LARGE);
        write("b", LARGE);
        write("c", LARGE);
        write("last", LARGE);
        assertThat(log.look(half).compacted()).isTrue();
        write("a", LARGE);
        write("b", LARGE);
        assertThat(log.look(half).compacted()).isFalse();
        write("a", LARGE);
        write("last", LARGE);
        // Four of seven finished segments are new.
        assertThat(log.look(half).compacted()).isTrue();
        assertThat(keys()).containsExactly("c", "last", "b", "a", "last");
        assertThat(log.look(half).compacted()).isFalse();
    }

    @Test
    void leavesTheSegmentThatIsBeingWrittenAndWhatIsNotStable() {
        write("a", LARGE);
        write("a", LARGE);
        write("a", LARGE);
        write("a", LARGE);
        TestLog.get(log.look(rule(), 2));
        assertThat(keys()).containsExactly("a", "a", "a");
        assertThat(log.progress().firstDirty()).isEqualTo(2);
        log.look(rule());
        assertThat(keys()).containsExactly("a", "a");
    }

    @Test
    void leavesWhatIsYoungerThanTheLag() {
        CompactionRule lagging = rule(0, Duration.ofMinutes(10), Long.MAX_VALUE);
        write("a", LARGE);
        log.clock.advance(Duration.ofMinutes(8));
        write("a", LARGE);
        write("last", LARGE);
        log.clock.advance(Duration.ofMinutes(9));
        log.look(lagging);
        assertThat(keys()).containsExactly("a", "a", "last");
        log.clock.advance(Duration.ofMinutes(1));
        log.look(lagging);
        assertThat(keys()).containsExactly("a", "last");
    }

    @Test
    void compactsWhatIsOlderThanTheHighestLag() {
        CompactionRule never = rule(1, Duration.ZERO, Duration.ofMinutes(30).toMillis());
        write("a", LARGE);
        long due = log.clock.millis() + Duration.ofMinutes(30).toMillis();
        write("a", LARGE);
        write("last", LARGE);
        LogLook.Seen early = log.look(never);
        assertThat(early.compacted()).isFalse();
        assertThat(early.dueAt()).isEqualTo(due);
        log.clock.advance(Duration.ofMinutes(30));
        assertThat(log.look(never).compacted()).isTrue();
        assertThat(keys()).containsExactly("a", "last");
    }

    /** KIP-354, and more than Kafka does: it waits for somebody who appends. */
    @Test
    void endsTheSegmentWhoseFirstRecordIsOlderThanTheHighestLag() {
        CompactionRule never = rule(1, Duration.ZERO, Duration.ofMinutes(30).toMillis());
        write("a", "1");
        long due = log.clock.millis() + Duration.ofMinutes(30).toMillis();
        log.clock.advance(Duration.ofMinutes(29));
        write("a", "2");
        LogLook.Seen early = log.look(never);
        assertThat(early.compacted()).isFalse();
        assertThat(early.dueAt()).isEqualTo(due);
        assertThat(log.log.segments()).hasSize(1);
        log.clock.advance(Duration.ofMinutes(1));
        assertThat(log.look(never).compacted()).isTrue();
        assertThat(keys()).containsExactly("a");
        LogLook.Seen idle = log.look(never);
        assertThat(idle.compacted()).isFalse();
        assertThat(idle.dueAt()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void endsTheSegmentThatIsOldEnoughThoughNobodyAppends() {
        CompactionRule hourly =
                rule(0, Duration.ZERO, Long.MAX_VALUE, Duration.ofHours(1).toMillis());
        write("a", "1");
        write("a", "2");
        long due = log.clock.millis() + Duration.ofHours(1).toMillis();
        assertThat(log.look(hourly).dueAt()).isEqualTo(due);
        log.clock.advance(Duration.ofHours(1));
        assertThat(log.look(hourly).compacted()).isTrue();
        assertThat(keys()).containsExactly("a");
        assertThat(log.look(hourly).dueAt()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whatIsYoungerThanTheLeastLagIsDueWhenItIsNot() {
        CompactionRule both =
                rule(1, Duration.ofMinutes(30), Duration.ofMinutes(30).toMillis());
        write("a", "1");
        log.clock.advance(Duration.ofMinutes(29));
        write("a", "2");
        long due = log.clock.millis() + Duration.ofMinutes(30).toMillis();
        log.clock.advance(Duration.ofMinutes(1));
        LogLook.Seen early = log.look(both);
        assertThat(early.compacted()).isFalse();
        assertThat(early.dueAt()).isEqualTo(due);
        log.clock.advance(Duration.ofMinutes(29));
        assertThat(log.look(both).compacted()).isTrue();
        assertThat(keys()).containsExactly("a");
    }

    /** Records that are copied from elsewhere bring their old timestamps: a run for each look would read the whole log every few seconds. */
    @Test
    void oldTimestampsDoNotMakeEachLookARun() {
        CompactionRule never = rule(1, Duration.ZERO, Duration.ofMinutes(30).toMillis());
        int runs = 0;
        for (int minute = 0; minute < 60; minute++) {
            log.append(
                    new KafkaBatch(log.log.endOffset()).add(1_000, "a", LARGE).build());
            log.append(new KafkaBatch(log.log.endOffset()).add(1_000, "a", "1").build());
            runs += log.look(never).compacted() ? 1 : 0;
            log.clock.advance(Duration.ofMinutes(1));
        }
        assertThat(runs).isEqualTo(2);
        log.clock.advance(Duration.ofMinutes(30));
        log.look(never);
        assertThat(keys()).containsExactly("a");
    }

    /** KIP-534: a deletion stays for its time after it was first compacted, and then goes although nobody writes. */
    @Test
    void deletionsGoAfterTheirTime() {
        write("a", LARGE);
        write("a", null);
        write("b", LARGE);
        write("last", LARGE);
        log.look(rule());
        long horizon = log.clock.millis() + RETENTION.toMillis();
        assertThat(keys()).containsExactly("-a", "b", "last");
        MutableRecordBatch deletion = log.batches().get(0);
        assertThat(deletion.deleteHorizonMs()).isEqualTo(OptionalLong.of(horizon));
        assertThat(deletion.iterator().next().timestamp()).isEqualTo(log.clock.millis());
        assertThat(log.progress().latestHorizon()).isEqualTo(horizon);

        log.clock.advance(RETENTION.minusMillis(1));
        LogLook.Seen early = log.look(rule());
        assertThat(early.compacted()).isFalse();
        assertThat(early.dueAt()).isEqualTo(horizon);
        assertThat(keys()).containsExactly("-a", "b", "last");
        log.clock.advance(Duration.ofMillis(1));
        assertThat(log.look(rule()).compacted()).isTrue();
        assertThat(log.look(rule()).dueAt()).isEqualTo(Progress.NEVER);
        assertThat(keys()).containsExactly("b", "last");
    }

    @Test
    void theMarkerOfATransactionGoesAfterItsData() {
        long now = log.clock.millis();
        log.append(
                new KafkaBatch(0).producer(7, 0, true).add(now, "a", "aborted").build());
        log.append(KafkaBatch.marker(1, now, 7, false));
        log.append(new KafkaBatch(2)
                .producer(7, 1, true)
                .add(now, "b", "committed")
                .build());
        log.append(KafkaBatch.marker(3, now, 7, true));
        write("b", LARGE);
        write("last", LARGE);
        log.look(rule());
        // The last batch of the producer stays for as long as the broker remembers it, and with it its marker.
        assertThat(shape()).containsExactly("abort", "empty", "commit", "data", "data");
        write("last", LARGE);
        log.look(rule());
        assertThat(shape()).containsExactly("abort", "empty", "commit", "data", "data", "data");
        log.clock.advance(RETENTION);
        log.look(rule());
        assertThat(shape()).containsExactly("empty", "commit", "data", "data", "data");

        log.clock.advance(TestLog.PRODUCER_EXPIRATION);
        write("last", LARGE);
        log.look(rule());
        assertThat(shape()).containsExactly("commit", "data", "data", "data");
        write("last", LARGE);
        log.look(rule());
        assertThat(shape()).containsExactly("commit", "data", "data", "data");
        log.clock.advance(RETENTION);
        log.look(rule());
        assertThat(shape()).containsExactly("data", "data", "data");
    }

    private List<String> shape() {
        return log.batches().stream()
                .map(batch -> batch.isControlBatch()
                        ? KafkaBatch.isCommit(batch) ? "commit" : "abort"
                        : batch.countOrNull() == 0 ? "empty" : "data")
                .toList();
    }

    @Test
    void aTransactionWithoutAnEndHoldsCompactionBack() {
        long now = log.clock.millis();
        write("a", LARGE);
        write("a", LARGE);
        log.append(new KafkaBatch(2).producer(7, 0, true).add(now, "a", LARGE).build());
        write("a", LARGE);
        write("last", LARGE);
        log.look(rule());
        assertThat(log.progress().firstDirty()).isEqualTo(2);
        assertThat(keys()).containsExactly("a", "a", "a", "last");
    }

    @Test
    void withoutTheCodecTheLogIsLeftAlone() {
        log.close();
        log = new TestLog(1_000, CompressionCodecs.NONE);
        write("a", LARGE);
        write("a", LARGE);
        log.append(new KafkaBatch(2)
                .compressed(Compression.of(CompressionType.ZSTD).build())
                .add(log.clock.millis(), "a", LARGE)
                .build());
        write("a", LARGE);
        write("last", LARGE);
        List<MutableRecordBatch> before = log.batches();
        assertThatThrownBy(() -> log.look(rule()))
                .hasRootCauseInstanceOf(InvalidRecordBatchException.class)
                .hasMessageContaining("offset 2")
                .hasMessageContaining("ZSTD");
        assertThat(log.batches()).isEqualTo(before);
        assertThat(log.progress()).isEqualTo(Progress.NONE);
    }

    @Test
    void aCorruptBatchIsNamedAndTheLogLeftAlone() {
        write("a", LARGE);
        write("a", LARGE);
        ByteBuffer corrupt =
                new KafkaBatch(2).add(log.clock.millis(), "a", LARGE).build();
        corrupt.put(RecordBatch.HEADER_SIZE + 20, (byte) 'y');
        log.append(corrupt);
        write("last", LARGE);
        long size = log.log.sizeInBytes();
        assertThatThrownBy(() -> log.look(rule()))
                .hasStackTraceContaining(CorruptLogException.class.getName())
                .hasMessageContaining("offset 2 of t-0")
                .hasMessageContaining("checksum");
        assertThat(log.log.sizeInBytes()).isEqualTo(size);
    }

    @Test
    void aRunThatIsStoppedLeavesASoundLog() {
        write("a", LARGE);
        write("a", LARGE);
        write("last", LARGE);
        log.pace.stop();
        assertThatThrownBy(() -> log.look(rule())).hasRootCauseInstanceOf(CancellationException.class);
        assertThat(keys()).containsExactly("a", "a", "last");
    }

    /** What was cut off at the end and written anew was not compacted. */
    @Test
    void aLogThatBecameShorterIsCompactedFromItsStart() {
        write("a", LARGE);
        write("b", LARGE);
        write("a", LARGE);
        write("a", LARGE);
        write("last", LARGE);
        log.look(rule());
        TestLog.get(log.log.truncate(2));
        write("b", LARGE);
        write("last", LARGE);
        log.look(rule());
        assertThat(keys()).containsExactly("b", "last");
    }
}
