package io.brokkr.benchmarks;

import java.nio.file.Path;
import java.util.List;

/**
 * Starts on a folder with many partitions and much data, after kill -9 under way and after an orderly stop.
 *
 * @param bench where the brokers run
 * @param options how much
 */
record RestartWorkload(Bench bench, Options options) implements Workload {
    private static final String TOPIC = "bulk";

    @Override
    public String name() {
        return "restart";
    }

    @Override
    public String description() {
        return "ProducerPerformance fills " + folder()
                + " with records of 1 KiB, then the broker is killed with SIGKILL; its next start and the one after an orderly stop are"
                + " measured, each to the first acknowledgement that a producer sees.";
    }

    @Override
    public List<Durability> durabilities() {
        return List.of(Durability.AS_SHIPPED);
    }

    @Override
    public boolean takes(Contender contender) {
        return options.suits(contender, options.manyPartitions());
    }

    @Override
    public void measure(Contender contender, Figures figures) throws Exception {
        figures.expect("after kill -9: start to first acknowledgement, s", Goal.atMost(3));
        figures.expect("after an orderly stop: start to first acknowledgement, s", Goal.atMost(1));
        Path folder = fill(contender);
        StartMeasure.start(contender.program(), folder, TOPIC).addTo(figures, "after kill -9", contender);
        StartMeasure.start(contender.program(), folder, TOPIC).addTo(figures, "after an orderly stop", contender);
        bench.delete(folder);
    }

    private Path fill(Contender contender) throws Exception {
        try (Session session = Session.start(bench, contender)) {
            session.createTopic(TOPIC, options.manyPartitions());
            long records = Workloads.records(options.startGigabytes(), ProduceWorkload.KIBIBYTE);
            // Else the partitioner prefers partitions that answer fast.
            String evenly = "partitioner.adaptive.partitioning.enable=false";
            session.produce(TOPIC, ProducerLoad.unlimited(records, ProduceWorkload.KIBIBYTE, "acks=all", evenly));
            return session.killAndKeep();
        }
    }

    private String folder() {
        return Options.grouped(options.manyPartitions()) + " partitions of a topic with " + options.startGigabytes()
                + " GB";
    }
}
