package io.brokkr.compatibility.kafkaclients;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A group member that polls on a thread of its own. Thread-safe. */
final class Member implements ConsumerRebalanceListener {
    private final KafkaConsumer<String, String> consumer;
    private final Queue<String> seen;
    private final Thread thread;
    private final AtomicInteger rebalances = new AtomicInteger();
    private volatile Set<TopicPartition> owned = Set.of();
    private volatile boolean leaving;
    private volatile boolean stalled;
    private volatile @Nullable Exception failure;

    /**
     * Joins the group.
     *
     * @param seen gets the values of all records
     */
    Member(Connection connection, String topic, Map<String, String> settings, Queue<String> seen) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("group.id", topic);
        // Rebalances are noticed with the heartbeat; three seconds each by default are long for a test of many.
        all.put("heartbeat.interval.ms", "300");
        // A member that stalls is given up after this.
        all.put("max.poll.interval.ms", "3000");
        this.consumer = connection.consumer(all);
        this.seen = seen;
        this.thread = new Thread(() -> work(topic), "member");
        thread.start();
    }

    /** The partitions that it may read now. */
    Set<TopicPartition> owned() {
        return owned;
    }

    /** How often its partitions changed. */
    int rebalances() {
        return rebalances.get();
    }

    /** Throws what its thread met. */
    void requireHealthy() throws Exception {
        Exception met = failure;
        if (met != null) {
            throw met;
        }
    }

    /** Stops polling without a word. */
    void stall() {
        stalled = true;
    }

    /** Closes its consumer, which leaves the group unless it is a static member, and waits for that. */
    void leave() throws Exception {
        leaving = true;
        thread.join(TimeUnit.SECONDS.toMillis(20));
        Connection.require(!thread.isAlive(), "a member hangs in close");
        requireHealthy();
    }

    private void work(String topic) {
        try (consumer) {
            consumer.subscribe(List.of(topic), this);
            while (!leaving) {
                if (stalled) {
                    Thread.sleep(20);
                    continue;
                }
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
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
        rebalances.incrementAndGet();
    }
}
