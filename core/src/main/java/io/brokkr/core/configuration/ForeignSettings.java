package io.brokkr.core.configuration;

import java.util.Map;
import java.util.Optional;

/**
 * Settings of Apache Kafka's broker that stand in many a file and mean nothing here: each with a sentence that says what to do instead. All
 * others that are not known are refused as unknown.
 */
final class ForeignSettings {

    private static final String NO_ZOOKEEPER =
            "Brokkr keeps its metadata in the store that metadata.store names and needs no ZooKeeper; remove the line";
    private static final String NO_QUORUM = "Brokkr has no controller quorum and no roles; remove the line";
    private static final String NO_REPLICAS =
            "Brokkr does not copy partitions between brokers: the storage engine keeps the copies; remove the line";

    private static final Map<String, String> ADVICE = Map.ofEntries(
            Map.entry("process.roles", NO_QUORUM),
            Map.entry("num.replica.fetchers", NO_REPLICAS),
            Map.entry(
                    "num.io.threads",
                    "no request waits for a thread in Brokkr, so that there is no number to set; remove the line"),
            Map.entry("log.cleaner.threads", "one log is compacted at a time; remove the line"),
            Map.entry(
                    "num.recovery.threads.per.data.dir",
                    "Brokkr recovers a log when it is first used, not at the start; remove the line"),
            Map.entry(
                    "inter.broker.listener.name", "brokers do not talk to each other over a listener; remove the line"),
            Map.entry(
                    "inter.broker.protocol.version",
                    "every version that is advertised is served, and there is none to hold back; remove the line"),
            Map.entry("host.name", "give the address in listeners, as in listeners=PLAINTEXT://address:9092"),
            Map.entry("port", "give the port in listeners, as in listeners=PLAINTEXT://:9092"),
            Map.entry(
                    "advertised.host.name",
                    "give the address in advertised.listeners, as in advertised.listeners=PLAINTEXT://address:9092"),
            Map.entry(
                    "advertised.port",
                    "give the port in advertised.listeners, as in advertised.listeners=PLAINTEXT://address:9092"));

    private static final Map<String, String> ADVICE_BY_PREFIX = Map.of(
            "zookeeper.", NO_ZOOKEEPER,
            "controller.", NO_QUORUM,
            "metadata.log.", NO_QUORUM,
            "replica.", NO_REPLICAS,
            "leader.imbalance.", NO_REPLICAS,
            "transaction.state.log.", "Brokkr has no transactions and no log of them; remove the line",
            "share.coordinator.", "Brokkr has no share groups; remove the line");

    private ForeignSettings() {}

    /** What to do about a setting of Apache Kafka; empty if there is nothing better to say than that it is unknown. */
    static Optional<String> advice(String name) {
        String exact = ADVICE.get(name);
        if (exact != null) {
            return Optional.of(exact);
        }
        return ADVICE_BY_PREFIX.entrySet().stream()
                .filter(entry -> name.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
