package io.brokkr.compatibility.crash;

import io.brokkr.compatibility.BrokerProgram;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;

/**
 * The topics of the rounds that are not compacted: one as it comes, one that rolls all the time, one whose front is deleted, one whose front expires, and one of so many
 * partitions that they wait for the device together.
 */
enum Topics {
    PLAIN(3, Map.of()),
    ROLLING(3, Map.of("segment.bytes", "60000", "index.interval.bytes", "1000")),
    TRIMMED(2, Map.of("segment.bytes", "60000")),
    EXPIRING(2, Map.of("segment.bytes", "60000", "retention.bytes", "300000")),
    SPREAD(48, Map.of());

    private final int partitions;

    @SuppressWarnings("ImmutableEnumChecker") // what Map.of makes does not change
    private final Map<String, String> settings;

    Topics(int partitions, Map<String, String> settings) {
        this.partitions = partitions;
        this.settings = settings;
    }

    String topic() {
        return "crash-" + name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Whether a partition has a retention that may take whole segments. */
    static boolean mayExpire(TopicPartition partition) {
        return partition.topic().equals(EXPIRING.topic());
    }

    Stream<TopicPartition> partitions() {
        return IntStream.range(0, partitions).mapToObj(partition -> new TopicPartition(topic(), partition));
    }

    /** The partitions of all. */
    static List<TopicPartition> all() {
        return Stream.of(values()).flatMap(Topics::partitions).toList();
    }

    /** The partitions of all but the one that has many. */
    static List<TopicPartition> few() {
        return Stream.of(values())
                .filter(topic -> topic != SPREAD)
                .flatMap(Topics::partitions)
                .toList();
    }

    static void create(Admin admin, BrokerProgram program) throws Exception {
        admin.createTopics(Stream.of(values())
                        .map(topic -> new NewTopic(topic.topic(), topic.partitions, (short) 1)
                                .configs(program.topicSettings(topic.settings)))
                        .toList())
                .all()
                .get();
    }
}
