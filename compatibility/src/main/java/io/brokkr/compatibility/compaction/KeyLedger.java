package io.brokkr.compatibility.compaction;

import io.brokkr.compatibility.CheckFailedException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What was acknowledged of records with keys, and what that says about what compaction must leave. Thread-safe. */
final class KeyLedger {

    private final Map<TopicPartition, Map<Long, Written>> acknowledged = new HashMap<>();

    /** By key, the record with the highest offset. */
    private final Map<TopicPartition, Map<String, Written>> newest = new HashMap<>();

    private long count;

    /** A producer was told that a record is there. */
    synchronized void acknowledge(TopicPartition partition, Written record) {
        Written other = acknowledged
                .computeIfAbsent(partition, unused -> new HashMap<>())
                .put(record.offset(), record);
        CheckFailedException.unless(
                other == null, "in " + partition + " were acknowledged " + other + " and " + record);
        newest.computeIfAbsent(partition, unused -> new HashMap<>())
                .merge(record.key(), record, (one, next) -> one.offset() > next.offset() ? one : next);
        count++;
    }

    synchronized long count() {
        return count;
    }

    /**
     * Judges a partition to which nobody writes.
     *
     * @param found all that is there, in the order in which a consumer saw it from the beginning
     */
    synchronized void check(TopicPartition partition, List<Written> found) {
        Map<Long, Written> known = acknowledged.getOrDefault(partition, Map.of());
        Map<String, Written> last = new HashMap<>();
        long before = -1;
        for (Written record : found) {
            CheckFailedException.unless(
                    record.offset() > before, "in " + partition + " comes " + record + " behind offset " + before);
            before = record.offset();
            CheckFailedException.unless(
                    record.equals(known.get(before)),
                    "in " + partition + " is " + record + ", and acknowledged was " + known.get(before));
            last.put(record.key(), record);
        }
        newest.getOrDefault(partition, Map.of())
                .forEach((key, record) -> checkNewest(partition, record, last.get(key)));
    }

    /** A deletion may be gone, and then all before it. */
    private static void checkNewest(TopicPartition partition, Written newest, @Nullable Written there) {
        CheckFailedException.unless(
                newest.equals(there) || (newest.isDeletion() && there == null),
                "in " + partition + " the newest of its key is " + newest + ", and there is "
                        + (there == null ? "nothing" : there));
    }
}
