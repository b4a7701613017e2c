package io.brokkr.compatibility.elders;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** A group member that polls on a thread of its own. Thread-safe. */
final class Member implements ConsumerRebalanceListener {
    private final KafkaConsumer<String, String> consumer;
    private final Queue<String> seen;
    private final Thread thread;
    private final AtomicInteger changes = new AtomicInteger();
    private volatile Set<TopicPartition> owned = Set.of();
    private volatile boolean leaving;
    private volatile Exception failure;

    /** Joins the group {@code group}; {@code seen} gets the values of all records. */
    Member(Connection connection, String group, List<String> topics, Map<String, String> settings, Queue<String> seen) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("group.id", group);
        // Rebalances are noticed with the heartbeat; three seconds each by default are long for a test of many.
        all.put("heartbeat.interval.ms", "300");
        this.consumer = connection.consumer(all);
        this.seen = seen;
        this.thread = new Thread(() -> work(topics), "member");
        thread.start();
    }

    /** The partitions that it may read now. */
    Set<TopicPartition> owned() {
        return owned;
    }

    /** How often its partitions changed. */
    int changes() {
        return changes.get();
    }

    /** Throws what its thread met. */
    void requireHealthy() throws Exception {
        Exception met = failure;
        if (met != null) {
            throw met;
        }
    }

    /** Closes its consumer, which commits, and leaves the group unless it is a static member; waits for that. */
    void leave() throws Exception {
        leaving = true;
        thread.join(20_000);
        Connection.require(!thread.isAlive(), "a member hangs in close");
        requireHealthy();
    }

    @SuppressWarnings("deprecation") // The only poll that these releases share.
    private void work(List<String> topics) {
        try (consumer) {
            consumer.subscribe(topics, this);
            while (!leaving) {
                for (ConsumerRecord<String, String> record : consumer.poll(100)) {
                    seen.add(record.value());
                }
            }
        } catch (Exception e) {
            failure = e;
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        change(partitions, Set.of());
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        change(Set.of(), partitions);
    }

    private void change(Collection<TopicPartition> more, Collection<TopicPartition> gone) {
        Set<TopicPartition> now = new HashSet<>(owned);
        now.addAll(more);
        now.removeAll(gone);
        owned = Set.copyOf(now);
        changes.incrementAndGet();
    }
}
