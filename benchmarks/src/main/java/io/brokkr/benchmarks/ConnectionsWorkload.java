package io.brokkr.benchmarks;

import java.time.Duration;
import java.util.List;

/**
 * More and more consumers that wait for records, beside a producer at a fixed rate.
 *
 * @param bench where the brokers run
 * @param options how many
 */
record ConnectionsWorkload(Bench bench, Options options) implements Workload {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int RECORD_BYTES = 100;
    private static final int SETTLE_SECONDS = 3;
    private static final String QUIET = "quiet";

    @Override
    public String name() {
        return "connections";
    }

    @Override
    public String description() {
        return "So many kcat processes wait for records of a topic that gets none, with librdkafka's defaults (a fetch each 500 ms); beside them"
                + " rdkafka_performance writes " + options.rate() / 10
                + " records of 100 bytes in a second with acks=all. Sockets are those that the broker holds.";
    }

    @Override
    public List<Durability> durabilities() {
        return BOTH;
    }

    @Override
    public void measure(Contender contender, Figures figures) throws Exception {
        try (Session session = Session.start(bench, contender);
                KcatFleet consumers = new KcatFleet()) {
            session.warmUp(options.warmUpGigabytes());
            session.createTopic(QUIET, ProduceWorkload.PARTITIONS);
            session.createTopic("busy", ProduceWorkload.PARTITIONS);
            int started = 0;
            for (int count : options.connections()) {
                for (; started < count; started++) {
                    String partition = Integer.toString(started % ProduceWorkload.PARTITIONS);
                    consumers.add(session, List.of("-C", "-t", QUIET, "-p", partition, "-o", "beginning"));
                }
                Waiting.until("each consumer at the end", LIMIT, () -> consumers.told().stream()
                        .allMatch(GroupMember::hasReadAll));
                Thread.sleep(Duration.ofSeconds(SETTLE_SECONDS).toMillis());
                measure(session, count + " consumers: ", contender, figures);
            }
        }
    }

    private void measure(Session session, String label, Contender contender, Figures figures) throws Exception {
        Cost idle = Cost.of(
                session.meter(),
                () -> Thread.sleep(Duration.ofSeconds(options.idleSeconds()).toMillis()));
        figures.add(label + "sockets", contender, (double) session.meter().sockets());
        figures.add(label + "broker CPU, % of a core", contender, idle.percentOfCore());
        figures.add(label + "resident memory, MB", contender, session.meter().residentBytes() / 1e6);
        LatencyPercentiles latencies = session.latencies(
                "busy",
                ProducerLoad.atRate(options.rate() / 10, SETTLE_SECONDS, options.latencySeconds(), RECORD_BYTES));
        figures.add(label + "p50 beside them, ms", contender, latencies.milliseconds(0.5));
        figures.add(label + "p99 beside them, ms", contender, latencies.milliseconds(0.99));
    }
}
