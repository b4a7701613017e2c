package io.brokkr.benchmarks;

import io.brokkr.compatibility.BrokerProcess;
import io.brokkr.compatibility.BrokerProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The time from the start of a broker's process to the first record that it acknowledges. The client waits for the broker, and not the
 * other way round; see {@link EagerClient}.
 */
final class StartMeasure implements Workload {
    private final Bench bench;
    private final Options options;

    /** With partitions, by contender and number; filled once, and served in each round. */
    private final Map<String, Path> folders = new HashMap<>();

    StartMeasure(Bench bench, Options options) {
        this.bench = bench;
        this.options = options;
    }

    @Override
    public String name() {
        return "start";
    }

    @Override
    public String description() {
        return "From the start of the process to the first acknowledgement that a producer sees, on folders that were left in order, with a"
                + " record in each partition.";
    }

    @Override
    public List<Durability> durabilities() {
        return List.of(Durability.AS_SHIPPED);
    }

    /** The contender's first start goes uncounted, for it warms the client in this process and the disk's cache up. */
    @Override
    public void measure(Contender contender, Figures figures) throws Exception {
        if (!folders.containsKey(contender.broker())) {
            folders.put(contender.broker(), bench.freshFolder(contender.program()));
            start(contender.program(), folders.get(contender.broker()), "first");
        }
        Path fresh = bench.freshFolder(contender.program());
        start(contender.program(), fresh, "first").addTo(figures, "empty", contender);
        bench.delete(fresh);
        for (int partitions : sizes(contender)) {
            String key = contender.broker() + partitions;
            if (!folders.containsKey(key)) {
                folders.put(key, folderWith(contender.program(), partitions));
            }
            start(contender.program(), folders.get(key), "many-0")
                    .addTo(figures, Options.grouped(partitions) + " partitions", contender);
        }
    }

    @Override
    public void close() throws IOException {
        for (Path folder : folders.values()) {
            bench.delete(folder);
        }
    }

    private List<Integer> sizes(Contender contender) {
        List<Integer> sizes = new ArrayList<>(List.of(options.partitions(), options.manyPartitions()));
        sizes.removeIf(size -> size == 0 || !options.suits(contender, size));
        return sizes;
    }

    /** A folder with so many partitions that hold a record each, left by a broker that was stopped in order. */
    private Path folderWith(BrokerProgram broker, int partitions) throws Exception {
        Path folder = bench.freshFolder(broker);
        try (BrokerProcess process = bench.serve(broker, folder)) {
            new EagerClient(process.bootstrapServer()).fill(partitions);
            process.stop();
        }
        return folder;
    }

    /** On any folder; the record goes to the topic, which is made on the way if it is not there. The broker is stopped in order. */
    static Start start(BrokerProgram broker, Path folder, String topic) throws Exception {
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
        void addTo(Figures figures, String folder, Contender contender) {
            figures.add(folder + ": start to first acknowledgement, s", contender, seconds);
            figures.add(folder + ": broker CPU s until then", contender, cpuSeconds);
        }
    }
}
