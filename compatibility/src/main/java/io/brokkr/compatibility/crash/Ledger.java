package io.brokkr.compatibility.crash;

import io.brokkr.compatibility.CheckFailedException;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What was acknowledged, what was seen, and what that says about what must be there. A value is {@code producer:number}; a producer counts its records of a
 * partition from 0 on. Thread-safe.
 */
final class Ledger {

    /** By offset, what a producer was told. */
    private final Map<TopicPartition, TreeMap<Long, String>> acknowledged = new HashMap<>();

    /** By offset, what the consumer saw. */
    private final Map<TopicPartition, TreeMap<Long, String>> seen = new HashMap<>();

    /** The offset of the next record that the consumer is to see. */
    private final Map<TopicPartition, Long> nextSeen = new HashMap<>();

    /** Up to where an administrator deleted, or asked for it. */
    private final Map<TopicPartition, Long> deletedBefore = new HashMap<>();

    private long count;

    /** A producer was told that a record is there. */
    synchronized void acknowledge(TopicPartition partition, long offset, String value) {
        String other = acknowledged
                .computeIfAbsent(partition, unused -> new TreeMap<>())
                .put(offset, value);
        CheckFailedException.unless(
                other == null,
                "the offset " + offset + " of " + partition + " was given to " + other + " and " + value);
        count++;
    }

    synchronized long acknowledgedCount() {
        return count;
    }

    /** The consumer, which began at offset 0, saw a record. */
    synchronized void see(TopicPartition partition, long offset, String value) {
        long next = nextSeen.getOrDefault(partition, 0L);
        CheckFailedException.unless(
                offset == next, "a consumer was at " + next + " of " + partition + ", and then saw " + offset);
        nextSeen.put(partition, offset + 1);
        seen.computeIfAbsent(partition, unused -> new TreeMap<>()).put(offset, value);
    }

    /** The consumer goes on at the start of a partition, since the broker says that what is before was deleted. */
    synchronized void passOver(TopicPartition partition, long start, boolean mayExpire) {
        checkStart(partition, start, mayExpire);
        nextSeen.put(partition, start);
    }

    /** Records before an offset may be gone from now on. */
    synchronized void delete(TopicPartition partition, long before) {
        deletedBefore.merge(partition, before, Math::max);
    }

    /** Where the partitions must end at least. */
    synchronized Map<TopicPartition, Long> leastEnds() {
        Map<TopicPartition, Long> ends = new HashMap<>();
        acknowledged.forEach((partition, records) -> ends.merge(partition, records.lastKey() + 1, Math::max));
        seen.forEach((partition, records) -> ends.merge(partition, records.lastKey() + 1, Math::max));
        return ends;
    }

    /**
     * Judges a partition.
     *
     * @param found all that is there, by offset
     * @param start the start offset that the broker tells
     * @param end the end offset that the broker tells
     * @param mayExpire whether the topic has a retention that may have taken whole segments
     */
    synchronized void checkAll(
            TopicPartition partition, NavigableMap<Long, String> found, long start, long end, boolean mayExpire) {
        checkStart(partition, start, mayExpire);
        checkHolds(partition, found, start, acknowledged.get(partition), "acknowledged");
        checkHolds(partition, found, start, seen.get(partition), "seen by a consumer");
        checkNoGap(partition, found, start, end);
        checkOrder(partition, found);
    }

    private void checkStart(TopicPartition partition, long start, boolean mayExpire) {
        CheckFailedException.unless(
                mayExpire || start <= deletedBefore.getOrDefault(partition, 0L),
                partition + " starts at " + start + ", and nobody deleted what was there");
    }

    private static void checkHolds(
            TopicPartition partition,
            NavigableMap<Long, String> found,
            long start,
            @Nullable NavigableMap<Long, String> expected,
            String what) {
        if (expected != null) {
            expected.tailMap(start, true).forEach((offset, value) -> {
                String there = found.get(offset);
                CheckFailedException.unless(
                        value.equals(there),
                        "record " + value + " was " + what + " at " + offset + " of " + partition + ", and there is "
                                + (there == null ? "nothing" : there));
            });
        }
    }

    /** An offset each from the start to the end. */
    private static void checkNoGap(TopicPartition partition, NavigableMap<Long, String> found, long start, long end) {
        long next = start;
        for (long offset : found.keySet()) {
            CheckFailedException.unless(offset == next, "there is nothing at " + next + " of " + partition);
            next++;
        }
        CheckFailedException.unless(
                next == end, partition + " ends at " + end + ", and its last record is before " + next);
    }

    /** No record twice, none before an earlier one, and none missing between two of the same producer. */
    private static void checkOrder(TopicPartition partition, NavigableMap<Long, String> found) {
        Map<String, Long> last = new HashMap<>();
        found.forEach((offset, value) -> {
            String producer = value.substring(0, value.indexOf(':'));
            long number = Long.parseLong(value.substring(producer.length() + 1));
            Long before = last.put(producer, number);
            CheckFailedException.unless(
                    before == null || number == before + 1,
                    "at " + offset + " of " + partition + " record " + value + " follows " + producer + ":" + before);
        });
    }
}
