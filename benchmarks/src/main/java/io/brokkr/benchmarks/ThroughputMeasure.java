package io.brokkr.benchmarks;

import static io.brokkr.benchmarks.ProduceWorkload.KIBIBYTE;

import java.util.List;

/**
 * What it costs a broker to take and to give records from its start on: from cold, and then warm.
 *
 * @param bench where the brokers run
 * @param options how much
 */
record ThroughputMeasure(Bench bench, Options options) implements Workload {
    private static final int BATCH_BYTES = 65_536;
    private static final int PARTITIONS = 4;

    @Override
    public String name() {
        return "throughput";
    }

    @Override
    public String description() {
        return String.format(
                "%d-byte records in %d partitions by Kafka's performance tools with acks=all and batch.size=%d, else their defaults; cold is the"
                        + " first %s GB that a fresh process serves, warm the %s GB after that.",
                KIBIBYTE, PARTITIONS, BATCH_BYTES, options.coldGigabytes(), options.gigabytes());
    }

    @Override
    public List<Durability> durabilities() {
        return BOTH;
    }

    @Override
    public void measure(Contender contender, Figures figures) throws Exception {
        try (Session session = Session.start(bench, contender)) {
            load(session, "cold", options.coldGigabytes(), contender, figures);
            load(session, "warm", options.gigabytes(), contender, figures);
            figures.add(
                    "loaded: peak resident memory, MB",
                    contender,
                    session.meter().peakResidentBytes() / 1e6);
        }
    }

    private void load(Session session, String phase, double gigabytes, Contender contender, Figures figures)
            throws Exception {
        session.createTopic(phase, PARTITIONS);
        ProducerLoad load = options.loadFor(
                contender,
                ProducerLoad.unlimited(
                        Workloads.records(gigabytes, KIBIBYTE), KIBIBYTE, "acks=all", "batch.size=" + BATCH_BYTES));
        Cost produced = Cost.of(session.meter(), () -> session.produce(phase, load));
        Cost fetched = Cost.of(session.meter(), () -> session.consume(phase, load.records()));
        String cpu = phase + ": broker CPU s per GB ";
        figures.add(cpu + "produced", contender, produced.cpuSeconds() / load.gigabytes());
        figures.add(cpu + "fetched", contender, fetched.cpuSeconds() / load.gigabytes());
        String speed = phase + ", the tool's own start included: MB/s ";
        figures.add(speed + "produced", contender, 1000 * load.gigabytes() / produced.seconds());
        figures.add(speed + "fetched", contender, 1000 * load.gigabytes() / fetched.seconds());
    }
}
