package io.brokkr.benchmarks;

import static io.brokkr.benchmarks.ProduceWorkload.KIBIBYTE;

import java.time.Duration;
import java.util.List;

/**
 * A group of many consumers, with a partition each.
 *
 * @param bench where the brokers run
 * @param options how much
 */
record GroupWorkload(Bench bench, Options options) implements Workload {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String TOPIC = "shared";

    @Override
    public String name() {
        return "group";
    }

    @Override
    public String description() {
        return "As many kcat processes as a group has members start at once, with a partition of records of 1 KiB each; the time runs from the"
                + " start of the first process.";
    }

    @Override
    public List<Durability> durabilities() {
        return BOTH;
    }

    @Override
    public void measure(Contender contender, Figures figures) throws Exception {
        try (Session session = Session.start(bench, contender)) {
            session.warmUp(options.warmUpGigabytes());
            session.createTopic(TOPIC, options.members());
            long records = Workloads.records(options.gigabytes() / 5, KIBIBYTE);
            session.produce(TOPIC, options.loadFor(contender, ProducerLoad.unlimited(records, KIBIBYTE, "acks=all")));
            try (KcatFleet group = new KcatFleet()) {
                measure(session, group, contender, figures);
            }
            figures.add(
                    label("peak resident memory, MB"),
                    contender,
                    session.meter().peakResidentBytes() / 1e6);
        }
    }

    private void measure(Session session, KcatFleet group, Contender contender, Figures figures) throws Exception {
        Cost joined = Cost.of(session.meter(), () -> {
            for (int member = 0; member < options.members(); member++) {
                group.add(session, List.of("-X", "auto.offset.reset=earliest", "-G", "group", TOPIC));
            }
            Waiting.until("a partition for each member", LIMIT, () -> group.told().stream()
                    .allMatch(told -> GroupMember.partitions(told) == 1));
        });
        figures.add(label("until each has its partition, s"), contender, joined.seconds());
        figures.add(label("broker CPU s until then"), contender, joined.cpuSeconds());
        Cost read = Cost.of(
                session.meter(),
                () -> Waiting.until("the end of each partition", LIMIT, () -> group.told().stream()
                        .allMatch(GroupMember::hasReadAll)));
        figures.add(label("until all is read after that, s"), contender, read.seconds());
        Cost idle = Cost.of(
                session.meter(),
                () -> Thread.sleep(Duration.ofSeconds(options.idleSeconds()).toMillis()));
        figures.add(label("broker CPU while they wait, % of a core"), contender, idle.percentOfCore());
    }

    private String label(String what) {
        return options.members() + " members: " + what;
    }
}
