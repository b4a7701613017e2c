package io.brokkr.benchmarks;

import static io.brokkr.benchmarks.ProduceWorkload.KIBIBYTE;
import static io.brokkr.benchmarks.ProduceWorkload.PARTITIONS;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Consumers read at the end of what a producer writes meanwhile.
 *
 * @param name see {@link Workload#name}
 * @param description see {@link Workload#description}
 * @param bench where the brokers run
 * @param options how much
 * @param consumers each of which reads all
 * @param consumer the tool that is one
 */
record TailWorkload(String name, String description, Bench bench, Options options, int consumers, Consumer consumer)
        implements Workload {
    private static final String TOPIC = "tail";

    static TailWorkload ofOne(Bench bench, Options options) {
        return new TailWorkload(
                "tail",
                "ProducerPerformance with acks=all writes records of 1 KiB to 6 partitions, and ConsumerPerformance reads them meanwhile; else"
                        + " their defaults. GB are those written.",
                bench,
                options,
                1,
                Session::consume);
    }

    static TailWorkload ofFive(Bench bench, Options options) {
        return new TailWorkload(
                "fan-out",
                "ProducerPerformance with acks=all writes records of 1 KiB to 6 partitions, and five kcat processes read all of them meanwhile."
                        + " GB are those written.",
                bench,
                options,
                5,
                Session::consumeByKcat);
    }

    @Override
    public List<Durability> durabilities() {
        return BOTH;
    }

    @Override
    public void measure(Contender contender, Figures figures) throws Exception {
        try (Session session = Session.start(bench, contender)) {
            session.warmUp(options.warmUpGigabytes());
            session.createTopic(TOPIC, PARTITIONS);
            long records = Workloads.records(options.gigabytes(), KIBIBYTE);
            ProducerLoad load = options.loadFor(contender, ProducerLoad.unlimited(records, KIBIBYTE, "acks=all"));
            Cost cost = Cost.of(session.meter(), () -> run(session, load));
            double delivered = consumers * load.gigabytes();
            figures.add("MB/s delivered, the tools' starts included", contender, 1000 * delivered / cost.seconds());
            figures.add("broker CPU s per GB", contender, cost.cpuSeconds() / load.gigabytes());
            figures.add("peak resident memory, MB", contender, session.meter().peakResidentBytes() / 1e6);
        }
    }

    private void run(Session session, ProducerLoad load) throws Exception {
        List<Callable<Object>> tools = new ArrayList<>();
        for (int index = 0; index < consumers; index++) {
            tools.add(() -> {
                consumer.consume(session, TOPIC, load.records());
                return TOPIC;
            });
        }
        tools.add(() -> session.produce(TOPIC, load));
        Together.run(tools);
    }

    /** Reads so many records of the topic from its beginning. */
    @FunctionalInterface
    interface Consumer {
        void consume(Session session, String topic, long records) throws Exception;
    }
}
