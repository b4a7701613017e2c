package io.brokkr.benchmarks;

import io.brokkr.compatibility.BrokerProcess;
import io.brokkr.compatibility.BrokerProgram;
import java.nio.file.Path;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The time from the start of a broker's process to the first record that it acknowledges. The client waits for the broker, and not the
 * other way round; see {@link EagerClient}.
 *
 * @param bench where the brokers run
 */
record StartMeasure(Bench bench) {
    /** On an empty folder; the record's topic is made on the way. */
    Start whenEmpty(BrokerProgram broker) throws Exception {
        Path fresh = bench.freshFolder(broker);
        Start start = start(broker, fresh, "first");
        bench.delete(fresh);
        return start;
    }

    /** A folder with so many partitions that hold a record each, left by a broker that was stopped in order. */
    Path folderWith(BrokerProgram broker, int partitions) throws Exception {
        Path folder = bench.freshFolder(broker);
        try (BrokerProcess process = bench.serve(broker, folder)) {
            new EagerClient(process.bootstrapServer()).fill(partitions);
            process.stop();
        }
        return folder;
    }

    /** On a folder of {@link #folderWith}; the record goes to one of its partitions. The broker is stopped in order. */
    Start on(BrokerProgram broker, Path folder) throws Exception {
        return start(broker, folder, "many-0");
    }

    private static Start start(BrokerProgram broker, Path folder, String topic) throws Exception {
        int port = BrokerProcess.freePort();
        try (KafkaProducer<byte[], byte[]> producer = new EagerClient("127.0.0.1:" + port).producer()) {
            long start = System.nanoTime();
            try (BrokerProcess process = BrokerProcess.start(broker, folder, port)) {
                producer.send(new ProducerRecord<>(topic, new byte[100])).get();
                double seconds = (System.nanoTime() - start) / 1e9;
                double cpuSeconds = ProcessMeter.ofJvm(process.pid()).cpuSeconds();
                process.stop();
                return new Start(seconds, cpuSeconds);
            }
        }
    }

    /**
     * One start.
     *
     * @param seconds on the clock
     * @param cpuSeconds of the broker's processor time, which says more than the clock on a busy machine
     */
    record Start(double seconds, double cpuSeconds) {
        void addTo(Figures figures, String folder, String broker) {
            figures.add("start to first acknowledgement, " + folder + ": s", broker, seconds);
            figures.add("start to first acknowledgement, " + folder + ": broker CPU s", broker, cpuSeconds);
        }
    }
}
