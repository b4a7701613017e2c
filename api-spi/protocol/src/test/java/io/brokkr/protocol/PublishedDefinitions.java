package io.brokkr.protocol;

import io.brokkr.protocol.generator.Definition;
import io.brokkr.protocol.generator.Definitions;
import io.brokkr.protocol.generator.ProtocolGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The definitions that the classes under test were generated from, and the releases that published them. */
final class PublishedDefinitions {

    /** The releases whose own classes say what is right, each in a class loader of its own. */
    static final List<KafkaRelease> RELEASES = List.of(
            KafkaRelease.load("kafka-clients.jar", "kafka-group-coordinator.jar", "kafka-metadata.jar"),
            KafkaRelease.load("kafka-clients-legacy.jar"));

    /** The merged definitions of the messages of all packages. */
    static final List<Definition> ALL = merged();

    private PublishedDefinitions() {}

    /** The releases that know a message at its version, but for those that were not yet sure of it when a newer one was. */
    static List<KafkaRelease> releasesOf(DrawnMessage message) {
        List<KafkaRelease> knowing =
                RELEASES.stream().filter(release -> release.knows(message)).toList();
        return knowing.stream()
                .filter(release -> release == knowing.get(0) || !release.isUnstable(message))
                .toList();
    }

    /** The build has copied the jars there. */
    static Path jar(String name) {
        return Path.of("target", "definitions", name);
    }

    private static List<Definition> merged() {
        try {
            List<Definition> all = new ArrayList<>(
                    Definitions.read(List.of(jar("kafka-clients.jar"), jar("kafka-clients-legacy.jar"))));
            all.addAll(Definitions.read(List.of(jar("kafka-group-coordinator.jar"))));
            Definitions.read(List.of(jar("kafka-metadata.jar"))).stream()
                    .filter(ProtocolGenerator::isGenerated)
                    .forEach(all::add);
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
