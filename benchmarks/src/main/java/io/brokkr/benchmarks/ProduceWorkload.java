package io.brokkr.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Producing as fast as it gets, in phases on one broker.
 *
 * @param name see {@link Workload#name}
 * @param description see {@link Workload#description}
 * @param bench where the brokers run
 * @param options how much
 * @param partitions of each phase's topic
 * @param phases in their order
 * @param goals by row
 */
record ProduceWorkload(
        String name,
        String description,
        Bench bench,
        Options options,
        int partitions,
        List<Phase> phases,
        Map<String, Goal> goals)
        implements Workload {
    static final int KIBIBYTE = 1024;
    static final int PARTITIONS = 6;

    private static final String MEGABYTES = "MB/s";
    private static final String OWN_SHARE = "MB/s synced, as a share of Brokkr's own in the page cache";

    /**
     * @param label in front of the rows
     * @param load on a topic of its own
     */
    record Phase(String label, ProducerLoad load) {}

    @Override
    public List<Durability> durabilities() {
        return BOTH;
    }

    @Override
    public void measure(Contender contender, Figures figures) throws Exception {
        goals.forEach(figures::expect);
        try (Session session = Session.start(bench, contender)) {
            session.warmUp(options.warmUpGigabytes());
            for (int index = 0; index < phases.size(); index++) {
                Phase phase = phases.get(index);
                String topic = "phase-" + index;
                session.createTopic(topic, partitions);
                ProducerLoad load = options.loadFor(contender, phase.load);
                produce(session, topic, phase.label + ": ", load, contender, figures);
            }
            figures.add("peak resident memory, MB", contender, session.meter().peakResidentBytes() / 1e6);
        }
    }

    private static void produce(
            Session session, String topic, String label, ProducerLoad load, Contender contender, Figures figures)
            throws Exception {
        ProducerReport[] report = new ProducerReport[1];
        Cost cost = Cost.of(session.meter(), () -> report[0] = session.produce(topic, load));
        figures.add(label + MEGABYTES, contender, report[0].recordsPerSecond() * load.recordBytes() / 1e6);
        figures.add(label + "broker CPU s per GB", contender, cost.cpuSeconds() / load.gigabytes());
        figures.add(label + "broker CPU s per million records", contender, cost.cpuSeconds() / load.millions());
    }

    @Override
    public void conclude(Figures figures) {
        for (Phase phase : phases) {
            OptionalDouble written = figures.median(row(phase, Durability.WRITTEN), Contender.BROKKR);
            OptionalDouble synced = figures.median(row(phase, Durability.SYNCED), Contender.BROKKR);
            if (written.isPresent() && synced.isPresent()) {
                figures.add(
                        phase.label + ": " + OWN_SHARE, Contender.BROKKR, synced.getAsDouble() / written.getAsDouble());
            }
        }
    }

    /** The row of a phase's throughput. */
    private static String row(Phase phase, Durability durability) {
        return phase.label + ": " + MEGABYTES + durability.suffix();
    }
}
