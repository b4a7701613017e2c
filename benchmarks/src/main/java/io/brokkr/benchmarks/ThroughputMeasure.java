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
 * @param options how much
 */
record ThroughputMeasure(Bench bench, ApacheKafka tools, Options options) {
    static final int RECORD_BYTES = 1024;
    static final int BATCH_BYTES = 65_536;
    static final int PARTITIONS = 4;
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** Starts a broker on an empty folder and loads it twice: from cold, and then warm. */
    void measure(BrokerProgram broker, Figures figures) throws Exception {
        Path fresh = bench.freshFolder(broker);
        try (BrokerProcess process = bench.serve(broker, fresh)) {
            ProcessMeter meter = ProcessMeter.ofJvm(process.pid());
            Broker measured = new Broker(broker.name(), process.bootstrapServer(), fresh, meter);
            load(measured, "cold", options.coldGigabytes(), figures);
            load(measured, "warm", options.gigabytes(), figures);
            figures.add("loaded: peak resident memory, MB", broker.name(), meter.peakResidentBytes() / 1e6);
            process.stop();
        }
        bench.delete(fresh);
    }

    private void load(Broker broker, String phase, double gigabytes, Figures figures) throws Exception {
        new EagerClient(broker.bootstrapServer()).createTopic(phase, PARTITIONS);
        Load load = new Load(broker, phase, Math.round(gigabytes * 1e9 / RECORD_BYTES));
        Cost produced = Cost.of(broker.meter(), load::produce);
        Cost fetched = Cost.of(broker.meter(), load::consume);
        String cpu = phase + ": broker CPU seconds per GB ";
        figures.add(cpu + "produced", broker.name(), produced.cpuSeconds() / gigabytes);
        figures.add(cpu + "fetched", broker.name(), fetched.cpuSeconds() / gigabytes);
        String speed = phase + ", the tool's own start included: MB/s ";
        figures.add(speed + "produced", broker.name(), 1000 * gigabytes / produced.seconds());
        figures.add(speed + "fetched", broker.name(), 1000 * gigabytes / fetched.seconds());
    }

    /** The broker that is being measured. */
    private record Broker(String name, String bootstrapServer, Path logFolder, ProcessMeter meter) {}

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
        private final Broker broker;
        private final String topic;
        private final long records;

        Load(Broker broker, String topic, long records) {
            this.broker = broker;
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
            line.addAll(List.of("--bootstrap-server", broker.bootstrapServer(), "--topic", topic));
            line.addAll(List.of("--num-records", Long.toString(records)));
            line.addAll(List.of(arguments));
            new Command(line, LIMIT, broker.logFolder().resolve("tool.log")).run();
        }
    }
}
