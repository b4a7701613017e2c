package io.brokkr.benchmarks;

import static io.brokkr.benchmarks.ProduceWorkload.KIBIBYTE;
import static io.brokkr.benchmarks.ProduceWorkload.PARTITIONS;

import java.util.List;

/**
 * How long an acknowledgement takes at a moderate rate, and how long it takes until a consumer has the record.
 *
 * @param bench where the brokers run
 * @param options how fast and how long
 */
record LatencyWorkload(Bench bench, Options options) implements Workload {
    private static final int WARM_UP_SECONDS = 5;
    private static final int END_TO_END_PER_SECOND = 100;

    /** Apache Kafka cannot sync the records of the full rate one after the other, and would show its queue. */
    private static final int SYNCED_SHARE = 10;

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public String description() {
        return "acks=all, linger.ms=0, " + options.rate()
                + " records of 1 KiB in a second (where they are synced " + options.rate() / SYNCED_SHARE
                + ") to 6 partitions, first by librdkafka's rdkafka_performance, then by ProducerPerformance, whose"
                + " percentiles are whole milliseconds; then EndToEndLatency, one record after the other in one partition.";
    }

    @Override
    public List<Durability> durabilities() {
        return BOTH;
    }

    @Override
    public void measure(Contender contender, Figures figures) throws Exception {
        figures.expect("librdkafka: p99, ms" + Durability.WRITTEN.suffix(), Goal.ratioAtMost(0.5));
        figures.expect("Java client: p99, ms" + Durability.WRITTEN.suffix(), Goal.ratioAtMost(0.5));
        try (Session session = Session.start(bench, contender)) {
            session.warmUp(options.warmUpGigabytes());
            byLibrdkafka(session, contender, figures);
            byJava(session, contender, figures);
            endToEnd(session, contender, figures);
            figures.add("peak resident memory, MB", contender, session.meter().peakResidentBytes() / 1e6);
        }
    }

    private void byLibrdkafka(Session session, Contender contender, Figures figures) throws Exception {
        session.createTopic("librdkafka", PARTITIONS);
        ProducerLoad load = ProducerLoad.atRate(rate(contender), WARM_UP_SECONDS, options.latencySeconds(), KIBIBYTE);
        LatencyPercentiles[] latencies = new LatencyPercentiles[1];
        Cost cost = Cost.of(session.meter(), () -> latencies[0] = session.latencies("librdkafka", load));
        add("librdkafka: ", contender, figures, latencies[0].milliseconds(0.5), latencies[0].milliseconds(0.99));
        figures.add("librdkafka: p99.9, ms", contender, latencies[0].milliseconds(0.999));
        figures.add("librdkafka: broker CPU, % of a core", contender, cost.percentOfCore());
    }

    private void byJava(Session session, Contender contender, Figures figures) throws Exception {
        session.createTopic("java", PARTITIONS);
        ProducerLoad load = ProducerLoad.atRate(
                rate(contender), WARM_UP_SECONDS, options.latencySeconds(), KIBIBYTE, "acks=all", "linger.ms=0");
        ProducerReport report = session.produce("java", load);
        figures.add("Java client: mean, ms", contender, report.meanMs());
        add("Java client: ", contender, figures, report.p50Ms(), report.p99Ms());
        figures.add("Java client: p99.9, ms", contender, report.p999Ms());
    }

    private void endToEnd(Session session, Contender contender, Figures figures) throws Exception {
        session.createTopic("end-to-end", 1);
        EndToEndReport report =
                session.endToEnd("end-to-end", END_TO_END_PER_SECOND * options.latencySeconds(), KIBIBYTE);
        figures.add("end to end: mean, ms", contender, report.meanMs());
        add("end to end: ", contender, figures, report.p50Ms(), report.p99Ms());
        figures.add("end to end: p99.9, ms", contender, report.p999Ms());
    }

    private long rate(Contender contender) {
        return contender.durability() == Durability.SYNCED ? options.rate() / SYNCED_SHARE : options.rate();
    }

    private static void add(String label, Contender contender, Figures figures, double p50, double p99) {
        figures.add(label + "p50, ms", contender, p50);
        figures.add(label + "p99, ms", contender, p99);
    }
}
