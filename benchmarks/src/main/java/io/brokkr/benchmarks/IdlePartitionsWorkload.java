package io.brokkr.benchmarks;

import io.brokkr.compatibility.BrokerProcess;
import java.nio.file.Path;
import java.util.List;

/**
 * What partitions cost that nobody uses: just created, after a record was written to many of them, after a start, and when they are gone again.
 *
 * @param bench where the brokers run
 * @param options how many
 */
record IdlePartitionsWorkload(Bench bench, Options options) implements Workload {
    private static final Use NOTHING = client -> {};

    @Override
    public String name() {
        return "idle-partitions";
    }

    @Override
    public String description() {
        return Options.grouped(options.idlePartitions())
                + " partitions in topics of 100, created in one call; then "
                + Options.grouped(written())
                + " of them are written to once; at the end all are deleted in one call. Each time nobody uses them for 20 s."
                + " Brokkr alone.";
    }

    @Override
    public List<Durability> durabilities() {
        return List.of(Durability.AS_SHIPPED);
    }

    @Override
    public boolean takes(Contender contender) {
        return !contender.isKafka();
    }

    @Override
    public void measure(Contender contender, Figures figures) throws Exception {
        int partitions = options.idlePartitions();
        Path folder = bench.freshFolder(contender.program());
        serve(folder, "created: ", contender, figures, client -> client.createPartitions(partitions));
        serve(folder, "started, never written to: ", contender, figures, NOTHING);
        String some = Options.grouped(written());
        serve(folder, some + " written to: ", contender, figures, client -> client.writeToEach(written()));
        serve(folder, "started, " + some + " with a record: ", contender, figures, NOTHING);
        serve(folder, "deleted in one call: ", contender, figures, client -> client.deletePartitions(partitions));
        bench.delete(folder);
    }

    private int written() {
        return Math.min(options.manyPartitions(), options.idlePartitions());
    }

    private void serve(Path folder, String label, Contender contender, Figures figures, Use use) throws Exception {
        figures.expect(label + "resident memory, MB", Goal.atMost(400));
        figures.expect(label + "open files in the data folder's partitions", Goal.atMost(0));
        try (BrokerProcess process = bench.serve(contender.program(), folder)) {
            ProcessMeter meter = ProcessMeter.ofJvm(process.pid());
            Cost used = Cost.of(meter, () -> use.by(new EagerClient(process.bootstrapServer())));
            if (use != NOTHING) {
                figures.add(label + "s", contender, used.seconds());
            }
            IdleMeasure.addIdle(label, meter, options.idleSeconds(), contender, figures);
            figures.add(label + "open files in the data folder's partitions", contender, (double)
                    meter.filesBelow(folder.resolve("data"), "many-"));
            process.stop();
        }
    }

    /** What happens before the broker has nothing to do. */
    @FunctionalInterface
    private interface Use {
        void by(EagerClient client) throws Exception;
    }
}
