package io.brokkr.benchmarks;

import io.brokkr.compatibility.BrokerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What more and more partitions cost: to create in one call, to keep, and to start with.
 *
 * @param bench where the brokers run
 * @param options how many
 */
record PartitionsWorkload(Bench bench, Options options) implements Workload {
    private static final int SETTLE_SECONDS = 3;

    @Override
    public String name() {
        return "partitions";
    }

    @Override
    public String description() {
        return "Kafka's admin client creates so many partitions, in topics of 100, in one call, on a broker that was just started.";
    }

    @Override
    public List<Durability> durabilities() {
        return List.of(Durability.AS_SHIPPED);
    }

    @Override
    public void measure(Contender contender, Figures figures) throws Exception {
        figures.expect("10,000 partitions: created, s", Goal.atMost(5));
        for (int partitions : options.growth()) {
            if (options.suits(contender, partitions)) {
                measure(partitions, Options.grouped(partitions) + " partitions: ", contender, figures);
            }
        }
    }

    private void measure(int partitions, String label, Contender contender, Figures figures) throws Exception {
        Path folder = bench.freshFolder(contender.program());
        try (BrokerProcess process = bench.serve(contender.program(), folder)) {
            ProcessMeter meter = ProcessMeter.ofJvm(process.pid());
            EagerClient client = new EagerClient(process.bootstrapServer());
            Cost created = Cost.of(meter, () -> client.createPartitions(partitions));
            figures.add(label + "created, s", contender, created.seconds());
            figures.add(label + "broker CPU s for it", contender, created.cpuSeconds());
            Thread.sleep(Duration.ofSeconds(SETTLE_SECONDS).toMillis());
            figures.add(label + "resident memory, MB", contender, meter.residentBytes() / 1e6);
            figures.add(label + "open files in them", contender, (double)
                    meter.filesBelow(folder.resolve("data"), "many-"));
            process.stop();
        }
        StartMeasure.start(contender.program(), folder, "many-0")
                .addTo(figures, Options.grouped(partitions) + " partitions", contender);
        bench.delete(folder);
    }
}
