package io.brokkr.benchmarks;

import io.brokkr.compatibility.BrokerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What a broker costs that served one record and then has nothing to do.
 *
 * @param bench where the brokers run
 * @param idleSeconds over which CPU is measured
 */
record IdleMeasure(Bench bench, int idleSeconds) implements Workload {
    private static final int SETTLE_SECONDS = 20;

    @Override
    public String name() {
        return "idle";
    }

    @Override
    public String description() {
        return "One record, then " + SETTLE_SECONDS + " s to settle, then CPU over " + idleSeconds + " s.";
    }

    @Override
    public List<Durability> durabilities() {
        return List.of(Durability.AS_SHIPPED);
    }

    @Override
    public void measure(Contender contender, Figures figures) throws Exception {
        Path fresh = bench.freshFolder(contender.program());
        try (BrokerProcess process = bench.serve(contender.program(), fresh)) {
            ProcessMeter meter = ProcessMeter.ofJvm(process.pid());
            try (KafkaProducer<byte[], byte[]> producer = new EagerClient(process.bootstrapServer()).producer()) {
                producer.send(new ProducerRecord<>("first", new byte[100])).get();
            }
            addIdle("idle: ", meter, idleSeconds, contender, figures);
            figures.add("idle: threads", contender, (double) meter.threads());
            figures.add("idle: peak resident memory, MB", contender, meter.peakResidentBytes() / 1e6);
            process.stop();
        }
        bench.delete(fresh);
    }

    /** Memory after {@link #SETTLE_SECONDS}, and CPU over the seconds after that. */
    static void addIdle(String label, ProcessMeter meter, int seconds, Contender contender, Figures figures)
            throws Exception {
        Thread.sleep(Duration.ofSeconds(SETTLE_SECONDS).toMillis());
        figures.add(label + "resident memory, MB", contender, meter.residentBytes() / 1e6);
        Cost idle =
                Cost.of(meter, () -> Thread.sleep(Duration.ofSeconds(seconds).toMillis()));
        figures.add(label + "CPU, % of a core", contender, idle.percentOfCore());
    }
}
