package io.brokkr.benchmarks;

import io.brokkr.compatibility.BrokerProcess;
import io.brokkr.compatibility.BrokerProgram;
import java.io.IOException;
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
    double secondsWhenEmpty(BrokerProgram broker) throws Exception {
        Path fresh = bench.freshFolder(broker);
        double seconds = seconds(broker, fresh, "first");
        bench.delete(fresh);
        return seconds;
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
    double secondsOn(BrokerProgram broker, Path folder) throws Exception {
        return seconds(broker, folder, "many-0");
    }

    private static double seconds(BrokerProgram broker, Path folder, String topic) throws Exception {
        int port = BrokerProcess.freePort();
        try (KafkaProducer<byte[], byte[]> producer = new EagerClient("127.0.0.1:" + port).producer()) {
            long start = System.nanoTime();
            try (BrokerProcess process = BrokerProcess.start(broker, folder, port)) {
                producer.send(new ProducerRecord<>(topic, new byte[100])).get();
                double seconds = (System.nanoTime() - start) / 1e9;
                requireJvm(process);
                process.stop();
                return seconds;
            }
        }
    }

    private static void requireJvm(BrokerProcess process) throws IOException {
        ProcessMeter.ofJvm(process.pid());
    }
}
