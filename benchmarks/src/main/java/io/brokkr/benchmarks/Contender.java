package io.brokkr.benchmarks;

import io.brokkr.compatibility.ApacheKafka;
import io.brokkr.compatibility.BrokerProgram;
import io.brokkr.compatibility.BrokkrDistribution;
import java.nio.file.Path;
import java.util.Map;

/**
 * A broker as it is measured.
 *
 * @param broker the column of the tables
 * @param program how it is run
 * @param durability of the topics that are measured
 * @param topicSettings that these are created with, to have that durability
 */
record Contender(String broker, BrokerProgram program, Durability durability, Map<String, String> topicSettings) {
    static final String KAFKA = "Apache Kafka";
    static final String BROKKR = "Brokkr";

    static Contender kafka(ApacheKafka program, Durability durability) {
        Map<String, String> settings = durability == Durability.SYNCED ? Map.of("flush.messages", "1") : Map.of();
        return new Contender(KAFKA, program, durability, settings);
    }

    static Contender brokkr(Path distribution, Durability durability) {
        Map<String, String> settings =
                durability == Durability.WRITTEN ? Map.of("log.durability", "written") : Map.of();
        return new Contender(BROKKR, new BrokkrDistribution(BROKKR, distribution, settings), durability, Map.of());
    }

    boolean isKafka() {
        return broker.equals(KAFKA);
    }

    @Override
    public String toString() {
        return broker + durability.suffix();
    }
}
