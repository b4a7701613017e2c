package io.brokkr.benchmarks;

import io.brokkr.compatibility.ApacheKafka;
import io.brokkr.compatibility.BrokerProcess;
import io.brokkr.compatibility.BrokerProgram;
import io.brokkr.compatibility.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What it costs a broker to take and to give records, under the load of Kafka's own performance tools in processes of their own.
 *
 * @param bench where the brokers run
 * @param tools whose tools make the load
 * @param gigabytes to be measured, in 10^9 bytes of record values
 */
record ThroughputMeasure(Bench bench, ApacheKafka tools, double gigabytes) {
    static final int RECORD_BYTES = 1024;
    static final int BATCH_BYTES = 65_536;
    static final int PARTITIONS = 4;
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** Warms a broker up with half of the load, in a topic of its own, and measures the rest. */
    void measure(BrokerProgram broker, Figures figures) throws Exception {
        Path fresh = bench.freshFolder(broker);
        try (BrokerProcess process = bench.serve(broker, fresh)) {
            EagerClient client = new EagerClient(process.bootstrapServer());
            client.createTopic("warm-up", PARTITIONS);
            client.createTopic("measured", PARTITIONS);
            long records = Math.round(gigabytes * 1e9 / RECORD_BYTES);
            Load produce = new Load(process.bootstrapServer(), fresh, "warm-up", records / 2);
            produce.produce();
            produce.consume();

            ProcessMeter meter = ProcessMeter.ofJvm(process.pid());
            Load measured = new Load(process.bootstrapServer(), fresh, "measured", records);
            Cost produced = Cost.of(meter, measured::produce);
            Cost fetched = Cost.of(meter, measured::consume);
            double gigabytesMoved = records * (double) RECORD_BYTES / 1e9;
            figures.add("produce: broker CPU seconds per GB", broker.name(), produced.cpuSeconds() / gigabytesMoved);
            figures.add("fetch: broker CPU seconds per GB", broker.name(), fetched.cpuSeconds() / gigabytesMoved);
            figures.add(
                    "produce: MB/s, the tool's start included",
                    broker.name(),
                    1000 * gigabytesMoved / produced.seconds());
            figures.add(
                    "fetch: MB/s, the tool's start included", broker.name(), 1000 * gigabytesMoved / fetched.seconds());
            figures.add("loaded: peak resident memory, MB", broker.name(), meter.peakResidentBytes() / 1e6);
            process.stop();
        }
        bench.delete(fresh);
    }

    /** The processor time of a broker and the time on the clock while something ran. */
    private record Cost(double cpuSeconds, double seconds) {
        static Cost of(ProcessMeter meter, Work work) throws Exception {
            double before = meter.cpuSeconds();
            long start = System.nanoTime();
            work.run();
            return new Cost(meter.cpuSeconds() - before, (System.nanoTime() - start) / 1e9);
        }
    }

    /** A tool at work. */
    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    /** The tools, for one topic and number of records. */
    private final class Load {
        private final String bootstrapServer;
        private final Path logFolder;
        private final String topic;
        private final long records;

        Load(String bootstrapServer, Path logFolder, String topic, long records) {
            this.bootstrapServer = bootstrapServer;
            this.logFolder = logFolder;
            this.topic = topic;
            this.records = records;
        }

        void produce() throws Exception {
            run(
                    "org.apache.kafka.tools.ProducerPerformance",
                    "--record-size",
                    Integer.toString(RECORD_BYTES),
                    "--throughput",
                    "-1",
                    "--command-property",
                    "acks=all",
                    "batch.size=" + BATCH_BYTES);
        }

        void consume() throws Exception {
            run("org.apache.kafka.tools.ConsumerPerformance", "--timeout", "60000");
        }

        private void run(String tool, String... arguments) throws Exception {
            List<String> line = new ArrayList<>(tools.stockTool(tool));
            line.addAll(List.of("--bootstrap-server", bootstrapServer, "--topic", topic));
            line.addAll(List.of("--num-records", Long.toString(records)));
            line.addAll(List.of(arguments));
            new Command(line, LIMIT, logFolder.resolve("tool.log")).run();
        }
    }
}
