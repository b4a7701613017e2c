package io.brokkr.benchmarks;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Producing as fast as it gets, in phases on one broker.
 *
 * @param name see {@link Workload#name}
 * @param description see {@link Workload#description}
 * @param bench where the brokers run
 * @param options how much
 * @param partitions of each phase's topic
 * @param phases in their order
 * @param loopGigabytes how much a loop without a broker appends, for comparison; 0 for no such row
 * @param goals by row
 */
record ProduceWorkload(
        String name,
        String description,
        Bench bench,
        Options options,
        int partitions,
        List<Phase> phases,
        double loopGigabytes,
        Map<String, Goal> goals)
        implements Workload {
    static final int KIBIBYTE = 1024;
    static final int PARTITIONS = 6;

    private static final String MEGABYTES = "MB/s";
    private static final String OWN_SHARE = "MB/s synced, as a share of Brokkr's own in the page cache";

    /**
     * @param topic made by the first phase that names it
     * @param label in front of the rows
     * @param load on the topic
     * @param whole whether Apache Kafka is given all of it where it syncs, too
     */
    record Phase(String topic, String label, ProducerLoad load, boolean whole) {
        /** On a topic of its own. */
        static Phase alone(String label, ProducerLoad load) {
            return new Phase(label.replaceAll("[^a-z0-9]", "-"), label, load, false);
        }
    }

    @Override
    public List<Durability> durabilities() {
        return BOTH;
    }

    @Override
    public void measure(Contender contender, Figures figures) throws Exception {
        goals.forEach(figures::expect);
        try (Session session = Session.start(bench, contender)) {
            session.warmUp(options.warmUpGigabytes());
            Set<String> topics = new HashSet<>();
            for (Phase phase : phases) {
                if (topics.add(phase.topic)) {
                    session.createTopic(phase.topic, partitions);
                }
                produce(session, phase, contender, figures);
            }
            figures.add("peak resident memory, MB", contender, session.meter().peakResidentBytes() / 1e6);
            if (loopGigabytes > 0 && !contender.isKafka() && contender.durability() == Durability.WRITTEN) {
                double loop = AppendLoop.cpuSecondsPerGigabyte(session.folder(), partitions, loopGigabytes);
                figures.add("appending in a loop, without a broker: CPU s per GB", contender, loop);
            }
        }
    }

    private void produce(Session session, Phase phase, Contender contender, Figures figures) throws Exception {
        ProducerLoad load = phase.whole ? phase.load : options.loadFor(contender, phase.load);
        String label = phase.label + ": ";
        ProducerReport[] report = new ProducerReport[1];
        Cost cost = Cost.of(session.meter(), () -> report[0] = session.produce(phase.topic, load));
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
