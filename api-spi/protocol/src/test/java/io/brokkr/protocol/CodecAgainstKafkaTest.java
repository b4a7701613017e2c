package io.brokkr.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.generator.Definition;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.PerProperty;
import net.jqwik.api.statistics.Statistics;

/** Our classes and those of Apache Kafka, fed with the same values, must write the same bytes, and each must read what the other wrote. */
class CodecAgainstKafkaTest {

    private static final Set<String> COVERED = new HashSet<>();

    @Provide
    Arbitrary<DrawnMessage> messages() {
        return MessageArbitraries.carried();
    }

    @Provide
    Arbitrary<DrawnMessage> anyMessages() {
        return MessageArbitraries.carriedOrNot();
    }

    @Property(tries = 25_000, shrinking = ShrinkingMode.BOUNDED)
    @PerProperty(EveryPairIsCovered.class)
    void bytesAreThoseOfKafka(@ForAll("messages") DrawnMessage drawn) throws Exception {
        Message message = BrokkrMessages.build(drawn);
        byte[] bytes = message.toBuffer(drawn.version()).array();
        assertThat(message.encodedSize(drawn.version())).isEqualTo(bytes.length);

        Message read = BrokkrMessages.read(drawn.definition(), drawn.version(), bytes);
        assertThat(BrokkrMessages.content(drawn.definition(), read))
                .isEqualTo(BrokkrMessages.content(drawn.definition(), message));
        if (!BrokkrMessages.hasRecordData(message)) {
            assertThat(read).isEqualTo(message).hasSameHashCodeAs(message).hasToString(message.toString());
        }
        assertThat(BrokkrMessages.copy(message)).isEqualTo(message);

        for (KafkaRelease release : PublishedDefinitions.releasesOf(drawn)) {
            Object theirs = release.message(drawn);
            assertThat(bytes).isEqualTo(release.write(theirs, drawn.version()));
            assertThat(release.read(drawn, bytes)).isEqualTo(theirs);
            COVERED.add(drawn.pair());
        }
    }

    /** The number of pairs comes from what each release publishes, not from the merged definitions that the classes were made from. */
    static final class EveryPairIsCovered implements PerProperty.Lifecycle {
        @Override
        public void onSuccess() {
            Set<String> published = new TreeSet<>();
            for (KafkaRelease release : PublishedDefinitions.RELEASES) {
                for (Definition definition : release.definitions()) {
                    for (int version = definition.versions().lowest();
                            version <= definition.versions().highest();
                            version++) {
                        published.add(KafkaRelease.identity(definition) + " v" + version);
                    }
                }
            }
            System.out.println(
                    "covered " + COVERED.size() + " of " + published.size() + " pairs of message and version");
            assertThat(COVERED).hasSameSizeAs(published);
        }
    }

    @Property(tries = 10_000, shrinking = ShrinkingMode.BOUNDED)
    void whatAVersionCannotCarryIsDroppedOrRefusedAsByKafka(@ForAll("anyMessages") DrawnMessage drawn)
            throws Exception {
        KafkaRelease release = PublishedDefinitions.RELEASES.get(0);
        if (!release.knows(drawn) || !release.hasEveryField(drawn)) {
            Statistics.collect("not known to the newest release");
            return;
        }
        byte[] theirs;
        try {
            theirs = release.write(release.message(drawn), drawn.version());
        } catch (Exception e) {
            assertThat(e.getClass().getSimpleName()).isEqualTo("UnsupportedVersionException");
            theirs = null;
        }
        byte[] ours;
        try {
            ours = BrokkrMessages.build(drawn).toBuffer(drawn.version()).array();
        } catch (UnsupportedVersionException e) {
            ours = null;
        }
        assertThat(ours).isEqualTo(theirs);
        Statistics.collect(ours == null ? "refused" : "written");
    }
}
