package io.brokkr.plugin.topicadmin;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.DescribeLogDirsRequest;
import io.brokkr.protocol.message.DescribeLogDirsRequest.DescribableLogDirTopic;
import io.brokkr.protocol.message.DescribeLogDirsResponse;
import io.brokkr.protocol.message.DescribeLogDirsResponse.DescribeLogDirsResult;
import io.brokkr.spi.TopicPartition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Every partition is somewhere, with the size that its log has. */
class DescribeLogDirsTest {

    private static final Api<DescribeLogDirsRequest> API = DescribeLogDirsRequest.API;
    private static final Map<TopicPartition, Long> SIZES = new HashMap<>();

    private static AdminBroker broker;

    @BeforeContainer
    static void start() {
        broker = new AdminBroker(Map.of());
        create("used", 3, 5);
        create("unused", 2, 0);
        create("gone", 1, 5);
        AdminBroker.await(broker.topics().delete(broker.topic("gone").id()));
        SIZES.remove(new TopicPartition("gone", 0));
    }

    /** A topic of which the first partition has records, and the others may never have been opened. */
    private static void create(String topic, int partitions, int records) {
        broker.create(topic, partitions, Map.of("retention.ms", "-1"));
        for (int i = 0; i < partitions; i++) {
            SIZES.put(new TopicPartition(topic, i), 0L);
        }
        if (records > 0) {
            SIZES.put(
                    new TopicPartition(topic, 0),
                    DeleteRecordsTest.fill(broker.embedded(), topic, 0, records).sizeInBytes());
        }
    }

    @AfterContainer
    static void stop() {
        broker.close();
        SIZES.clear();
    }

    @Provide
    Arbitrary<Integer> versions() {
        return AdminBroker.versionsOf(API);
    }

    @Provide
    Arbitrary<TopicPartition> partitions() {
        return Arbitraries.of("used", "unused", "gone", "nowhere")
                .flatMap(topic -> Arbitraries.integers().between(-1, 3).map(index -> new TopicPartition(topic, index)));
    }

    @Property
    void everyVersionShowsAllPartitionsToWhoNamesNone(@ForAll("versions") int version) {
        DescribeLogDirsResponse response =
                call(DescribeLogDirsRequest.builder().topics(null).build(), version);

        assertThat(sizes(response)).isEqualTo(SIZES);
        assertThat(sizes(response).values()).anyMatch(size -> size > 0);
        assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE.code());
        assertThat(response.results()).singleElement().satisfies(place -> {
            assertThat(place.logDir()).isEqualTo("memory");
            assertThat(place.errorCode()).isEqualTo(ErrorCode.NONE.code());
            assertThat(place.totalBytes() > 0).isEqualTo(version >= 4);
            assertThat(place.isCordoned()).isFalse();
        });
    }

    @Property(tries = 100)
    void onlyThePartitionsThatAreAskedForAreShown(
            @ForAll("versions") int version, @ForAll @Size(max = 6) List<@From("partitions") TopicPartition> asked) {
        DescribeLogDirsRequest request = DescribeLogDirsRequest.builder()
                .topics(asked.stream()
                        .map(partition -> DescribableLogDirTopic.builder()
                                .topic(partition.topic())
                                .partitions(List.of(partition.partition()))
                                .build())
                        .toList())
                .build();
        Set<TopicPartition> expected = new HashSet<>(asked);
        expected.retainAll(SIZES.keySet());

        DescribeLogDirsResponse response = call(request, version);

        assertThat(sizes(response).keySet()).isEqualTo(expected);
        assertThat(SIZES).containsAllEntriesOf(sizes(response));
        assertThat(response.results()).extracting(DescribeLogDirsResult::logDir).containsExactly("memory");
    }

    @Example
    void noLogLagsOrMoves() {
        DescribeLogDirsResponse response =
                call(DescribeLogDirsRequest.builder().topics(null).build(), API.highestVersion());

        assertThat(response.results())
                .flatExtracting(DescribeLogDirsResult::topics)
                .allSatisfy(topic -> assertThat(topic.partitions()).allSatisfy(partition -> {
                    assertThat(partition.offsetLag()).isZero();
                    assertThat(partition.isFutureKey()).isFalse();
                }));
    }

    private static Map<TopicPartition, Long> sizes(DescribeLogDirsResponse response) {
        return response.results().stream()
                .flatMap(place -> place.topics().stream())
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> Map.entry(
                                new TopicPartition(topic.name(), partition.partitionIndex()),
                                partition.partitionSize())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static DescribeLogDirsResponse call(DescribeLogDirsRequest request, int version) {
        return broker.call(API, request, version, DescribeLogDirsResponse::read);
    }
}
