package io.brokkr.benchmarks;

import static io.brokkr.benchmarks.ProduceWorkload.KIBIBYTE;
import static io.brokkr.benchmarks.ProduceWorkload.PARTITIONS;

import java.util.List;

/**
 * A consumer reads what was written long ago.
 *
 * @param bench where the brokers run
 * @param options how much
 */
record CatchUpWorkload(Bench bench, Options options) implements Workload {
    private static final String TOPIC = "history";

    @Override
    public String name() {
        return "catch-up";
    }

    @Override
    public String description() {
        return "ConsumerPerformance with its defaults reads records of 1 KiB of 6 partitions from their beginning: once from the page cache, and"
                + " once after sync and dd have put the segment files out of it. How they were acknowledged makes no difference to that. Then a loop that does"
                + " nothing but send Brokkr's segment files.";
    }

    @Override
    public List<Durability> durabilities() {
        return List.of(Durability.WRITTEN);
    }

    @Override
    public void measure(Contender contender, Figures figures) throws Exception {
        figures.expect("from the page cache: broker CPU s per GB", Goal.ratioAtMost(0.4));
        figures.expect("from the disk: broker CPU s per GB", Goal.ratioAtMost(0.4));
        try (Session session = Session.start(bench, contender)) {
            session.warmUp(options.warmUpGigabytes());
            session.createTopic(TOPIC, PARTITIONS);
            long records = Workloads.records(options.gigabytes(), KIBIBYTE);
            session.produce(TOPIC, ProducerLoad.unlimited(records, KIBIBYTE, "acks=all"));
            read(session, records, "from the page cache: ", contender, figures);
            if (!contender.isKafka()) {
                figures.add(
                        "sendfile in a loop, without a broker: CPU s per GB",
                        contender.broker(),
                        SendfileLoop.cpuSecondsPerGigabyte(session.segments(TOPIC)));
            }
            session.forgetSegments(TOPIC);
            read(session, records, "from the disk: ", contender, figures);
            figures.add(
                    "peak resident memory, MB",
                    contender.broker(),
                    session.meter().peakResidentBytes() / 1e6);
        }
    }

    private static void read(Session session, long records, String label, Contender contender, Figures figures)
            throws Exception {
        ConsumerReport[] report = new ConsumerReport[1];
        Cost cost = Cost.of(session.meter(), () -> report[0] = session.consume(TOPIC, records));
        double bytes = (double) report[0].records() * KIBIBYTE;
        figures.add(label + "MB/s", contender.broker(), report[0].recordsPerSecond() * KIBIBYTE / 1e6);
        figures.add(label + "broker CPU s per GB", contender.broker(), cost.cpuSeconds() / (bytes / 1e9));
    }
}
