package io.brokkr.compatibility.crash;

import io.brokkr.compatibility.CheckFailedException;
import io.brokkr.compatibility.compaction.CompactedTopic;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** A producer with its default settings on the compacted topic. It can be made to pause, so that all that it sent is known. */
final class CompactedWorker extends Worker {

    private static final int IN_FLIGHT = 500;
    private static final long PAUSE_LIMIT_SECONDS = 60;

    private final String bootstrapServer;
    private final CompactedTopic topic;
    private final Random random;

    /** Fair: who wants all of them at once gets them. */
    private final Semaphore inFlight = new Semaphore(IN_FLIGHT, true);

    CompactedWorker(String bootstrapServer, CompactedTopic topic, Random random) {
        super("producer-of-compacted");
        this.bootstrapServer = bootstrapServer;
        this.topic = topic;
        this.random = random;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the callback has the outcome
    void work() throws InterruptedException {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServer, "reconnect.backoff.max.ms", 100);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            while (goesOn()) {
                inFlight.acquire();
                ProducerRecord<String, String> record = topic.next(random);
                producer.send(record, (metadata, error) -> {
                    if (error != null) {
                        fail(error);
                    } else {
                        account(record, metadata.offset());
                    }
                    inFlight.release();
                });
            }
        }
    }

    private void account(ProducerRecord<String, String> record, long offset) {
        try {
            topic.acknowledge(record, offset);
        } catch (RuntimeException wrong) {
            fail(wrong);
        }
    }

    /** Reads the topic and judges it, while everything that was sent is acknowledged and nothing more is sent. */
    CompactedTopic.Left checkTopic() throws InterruptedException {
        CheckFailedException.unless(
                inFlight.tryAcquire(IN_FLIGHT, PAUSE_LIMIT_SECONDS, TimeUnit.SECONDS),
                "what was sent to the compacted topic is not acknowledged within " + PAUSE_LIMIT_SECONDS + " s");
        try {
            check();
            return topic.check(bootstrapServer);
        } finally {
            inFlight.release(IN_FLIGHT);
        }
    }
}
