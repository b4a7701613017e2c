package io.brokkr.benchmarks;

import io.brokkr.compatibility.BrokerProcess;
import io.brokkr.compatibility.BrokerProgram;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What a broker costs that served one record and then has nothing to do.
 *
 * @param bench where the brokers run
 * @param idleSeconds over which CPU is measured
 */
record IdleMeasure(Bench bench, int idleSeconds) {
    void measure(BrokerProgram broker, Figures figures) throws Exception {
        Path fresh = bench.freshFolder(broker);
        try (BrokerProcess process = bench.serve(broker, fresh)) {
            ProcessMeter meter = ProcessMeter.ofJvm(process.pid());
            try (KafkaProducer<byte[], byte[]> producer = new EagerClient(process.bootstrapServer()).producer()) {
                producer.send(new ProducerRecord<>("first", new byte[100])).get();
            }
            Thread.sleep(Duration.ofSeconds(Options.SETTLE_SECONDS).toMillis());
            figures.add("idle: resident memory, MB", broker.name(), meter.residentBytes() / 1e6);
            figures.add("idle: threads", broker.name(), (double) meter.threads());
            double before = meter.cpuSeconds();
            long start = System.nanoTime();
            Thread.sleep(Duration.ofSeconds(idleSeconds).toMillis());
            double elapsed = (System.nanoTime() - start) / 1e9;
            figures.add("idle: CPU, % of a core", broker.name(), 100 * (meter.cpuSeconds() - before) / elapsed);
            figures.add("idle: peak resident memory, MB", broker.name(), meter.peakResidentBytes() / 1e6);
            process.stop();
        }
        bench.delete(fresh);
    }
}
