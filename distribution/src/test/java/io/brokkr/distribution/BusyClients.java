package io.brokkr.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;

/**
 * A stock producer and a stock consumer at work, which must not notice what becomes of plugins that they do not need: no request of theirs fails, no connection
 * of theirs is closed, and each record comes once and in order. The producer does not try anything twice.
 */
final class BusyClients implements AutoCloseable {

    private static final String TOPIC = "busy";
    private static final long PATIENCE_IN_SECONDS = 60;

    private final KafkaProducer<Long, Long> producer;
    private final KafkaConsumer<Long, Long> consumer;
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong consumed = new AtomicLong();
    private final CountDownLatch consumerIsThere = new CountDownLatch(1);
    private final Thread producing = new Thread(() -> watch(this::produce), "busy-producer");
    private final Thread consuming = new Thread(() -> watch(this::consume), "busy-consumer");
    private volatile boolean stopsProducing;
    private volatile boolean stopsConsuming;

    BusyClients(String bootstrapServers) {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "retries", 0, "linger.ms", 1),
                new LongSerializer(),
                new LongSerializer());
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "group.id", "busy", "auto.offset.reset", "earliest"),
                new LongDeserializer(),
                new LongDeserializer());
        for (Thread thread : List.of(producing, consuming)) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Waits until a record has gone all the way. */
    BusyClients awaitBusy() throws InterruptedException {
        assertThat(consumerIsThere.await(PATIENCE_IN_SECONDS, TimeUnit.SECONDS))
                .as("consumed a record; %s", failures)
                .isTrue();
        return this;
    }

    private void produce() throws Exception {
        for (long number = 0; !stopsProducing; number++) {
            producer.send(new ProducerRecord<>(TOPIC, 0, number, number)).get(PATIENCE_IN_SECONDS, TimeUnit.SECONDS);
            acknowledged.incrementAndGet();
        }
    }

    private void consume() {
        consumer.subscribe(List.of(TOPIC));
        while (!stopsConsuming) {
            for (ConsumerRecord<Long, Long> record : consumer.poll(Duration.ofMillis(100))) {
                assertThat(record.value()).isEqualTo(consumed.getAndIncrement());
                consumerIsThere.countDown();
            }
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private void watch(Work work) {
        try {
            work.run();
        } catch (Throwable failure) {
            failures.add(failure);
        }
    }

    /** Ends the producer, lets the consumer catch up, and looks at what they have met. */
    long stopAndCheck() throws InterruptedException {
        stopsProducing = true;
        producing.join(TimeUnit.SECONDS.toMillis(PATIENCE_IN_SECONDS));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_IN_SECONDS);
        while (consumed.get() < acknowledged.get() && failures.isEmpty() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        stopsConsuming = true;
        consuming.join(TimeUnit.SECONDS.toMillis(PATIENCE_IN_SECONDS));
        assertThat(failures).isEmpty();
        assertThat(consumed).hasValue(acknowledged.get());
        assertThat(closedConnections(producer.metrics())).isZero();
        assertThat(closedConnections(consumer.metrics())).isZero();
        return acknowledged.get();
    }

    private static double closedConnections(Map<?, ? extends Metric> metrics) {
        return metrics.values().stream()
                .filter(metric -> metric.metricName().name().equals("connection-close-total"))
                .mapToDouble(metric -> (Double) metric.metricValue())
                .sum();
    }

    @Override
    public void close() {
        stopsProducing = true;
        stopsConsuming = true;
        try {
            producing.join(TimeUnit.SECONDS.toMillis(PATIENCE_IN_SECONDS));
            consuming.join(TimeUnit.SECONDS.toMillis(PATIENCE_IN_SECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ofSeconds(5));
        consumer.close();
    }
}
