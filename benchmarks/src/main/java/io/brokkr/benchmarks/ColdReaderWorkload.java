package io.brokkr.benchmarks;

import static io.brokkr.benchmarks.ProduceWorkload.KIBIBYTE;
import static io.brokkr.benchmarks.ProduceWorkload.PARTITIONS;

import java.util.List;

/**
 * A consumer reads from the disk what an earlier run of the broker wrote, while another client writes and is not to wait for that.
 *
 * @param bench where the brokers run
 * @param options how much
 */
record ColdReaderWorkload(Bench bench, Options options) implements Workload {
    private static final String FIRST = "first-history";
    private static final String SECOND = "second-history";
    private static final String LIVE = "live";
    private static final int WARM_UP_SECONDS = 1;
    private static final int SECONDS = 5;

    @Override
    public String name() {
        return "cold-reader";
    }

    @Override
    public String description() {
        return "After a restart, with the segment files out of the page cache, ConsumerPerformance reads records of 1 KiB of 6 partitions from their beginning; then it reads those of"
                + " another topic, while rdkafka_performance writes "
                + options.rate() + " records of 1 KiB in a second to a third one, with acks=all, for " + SECONDS
                + " seconds.";
    }

    @Override
    public List<Durability> durabilities() {
        return List.of(Durability.WRITTEN);
    }

    @Override
    public void measure(Contender contender, Figures figures) throws Exception {
        try (Session session = Session.start(bench, contender)) {
            long records = Workloads.records(options.gigabytes(), KIBIBYTE);
            for (String topic : List.of(FIRST, SECOND)) {
                session.createTopic(topic, PARTITIONS);
                session.produce(topic, ProducerLoad.unlimited(records, KIBIBYTE, "acks=all"));
            }
            session.createTopic(LIVE, PARTITIONS);
            session.restart();
            session.warmUp(options.warmUpGigabytes());
            session.forgetSegments(FIRST);
            session.forgetSegments(SECOND);
            Cost cost = Cost.of(session.meter(), () -> session.consume(FIRST, records));
            figures.add("alone: broker CPU s per GB", contender, cost.cpuSeconds() / (records * KIBIBYTE / 1e9));
            LatencyPercentiles latencies = writeBeside(session, records);
            figures.add("writer beside it: p50, ms", contender, latencies.milliseconds(0.5));
            figures.add("writer beside it: p99, ms", contender, latencies.milliseconds(0.99));
            figures.add("writer beside it: p99.9, ms", contender, latencies.milliseconds(0.999));
        }
    }

    private LatencyPercentiles writeBeside(Session session, long records) throws Exception {
        ProducerLoad load = ProducerLoad.atRate(options.rate(), WARM_UP_SECONDS, SECONDS, KIBIBYTE);
        LatencyPercentiles[] latencies = new LatencyPercentiles[1];
        Together.run(
                List.of(() -> session.consume(SECOND, records), () -> latencies[0] = session.latencies(LIVE, load)));
        return latencies[0];
    }
}
