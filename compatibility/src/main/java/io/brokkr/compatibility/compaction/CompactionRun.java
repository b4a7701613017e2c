package io.brokkr.compatibility.compaction;

import io.brokkr.compatibility.BrokerProcess;
import io.brokkr.compatibility.BrokerProgram;
import io.brokkr.compatibility.CheckFailedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/** Has a broker compact what an idempotent producer and one that is not wrote, and leaves the segments to others to look at. */
public final class CompactionRun {
    /** The compacted topic. */
    public static final String TOPIC = "compacted";

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int RECORDS_OF_EACH = 6_000;

    /** What is left at most. Two segments that are being written, and the newest value of each key, are a sixth. */
    private static final double LEFT = 0.3;

    private static final Map<String, Object> IDEMPOTENT = Map.of("batch.size", 3_000);

    /** Without attempts after a failure, which could write a record twice. */
    private static final Map<String, Object> OTHER =
            Map.of("enable.idempotence", false, "retries", 0, "batch.size", 3_000, "compression.type", "gzip");

    private final BrokerProgram program;
    private final Path workingFolder;
    private final CompactedTopic topic = new CompactedTopic(TOPIC);

    private record Sent(ProducerRecord<String, String> record, Future<RecordMetadata> outcome) {}

    /** A run on a prepared folder, of a broker that has {@link CompactedTopic#BROKER_SETTINGS}. */
    public CompactionRun(BrokerProgram program, Path workingFolder) {
        this.program = program;
        this.workingFolder = workingFolder;
    }

    /** Ends with the broker stopped in order, so that its files can be looked at. Throws {@link CheckFailedException} that names what is wrong. */
    public void run() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(program, workingFolder, BrokerProcess.freePort())) {
            broker.awaitReady(LIMIT);
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServer()))) {
                topic.create(admin, program);
            }
            Random random = new Random(1);
            write(broker.bootstrapServer(), IDEMPOTENT, random);
            write(broker.bootstrapServer(), OTHER, random);
            awaitCompaction(broker.bootstrapServer());
            broker.stop();
        }
    }

    private void write(String bootstrapServer, Map<String, Object> producerSettings, Random random) throws Exception {
        Map<String, Object> settings = new HashMap<>(producerSettings);
        settings.put("bootstrap.servers", bootstrapServer);
        List<Sent> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < RECORDS_OF_EACH; i++) {
                ProducerRecord<String, String> record = topic.next(random);
                sent.add(new Sent(record, producer.send(record)));
            }
        }
        for (Sent one : sent) {
            topic.acknowledge(one.record(), one.outcome().get().offset());
        }
    }

    private void awaitCompaction(String bootstrapServer) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        CompactedTopic.Left left = topic.check(bootstrapServer);
        while (left.count() > left.written() * LEFT) {
            CheckFailedException.unless(System.nanoTime() < deadline, left + " after " + LIMIT);
            TimeUnit.MILLISECONDS.sleep(100);
            left = topic.check(bootstrapServer);
        }
    }
}
