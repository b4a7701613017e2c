package io.brokkr.plugin.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.DescribeTopicPartitionsRequest;
import io.brokkr.protocol.message.DescribeTopicPartitionsRequest.TopicRequest;
import io.brokkr.protocol.message.DescribeTopicPartitionsResponse;
import io.brokkr.protocol.message.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponsePartition;
import io.brokkr.protocol.message.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.TopicPartition;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.WireClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Page by page, a client must come to see what is there: all of it, once, in order. */
class DescribeTopicPartitionsTest {

    private static final int BROKER_LIMIT = 9;
    private static final TreeMap<String, Integer> PARTITIONS =
            new TreeMap<>(Map.of("B", 3, "a", 1, "a.1", 12, "c", 4, "zz", 9));

    private static EmbeddedBroker broker;
    private static WireClient client;

    @BeforeContainer
    static void start() throws Exception {
        broker = EmbeddedBroker.builder()
                .extension(MemoryStorageEngineFactory::new)
                .extension(MetadataHandlers::new)
                .setting("max.request.partition.size.limit", Integer.toString(BROKER_LIMIT))
                .start();
        for (Map.Entry<String, Integer> topic : PARTITIONS.entrySet()) {
            broker.services()
                    .topics()
                    .create(new NewTopic(topic.getKey(), topic.getValue(), 1, Map.of()))
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
        }
        client = broker.connect();
    }

    @AfterContainer
    static void stop() {
        client.close();
        broker.close();
    }

    @Provide
    Arbitrary<String> topicNames() {
        return Arbitraries.oneOf(Arbitraries.of(PARTITIONS.keySet()), Arbitraries.of("b", "unknown", "bad name"));
    }

    @Property(tries = 200)
    void thePagesTogetherShowEveryPartitionOnceInOrder(
            @ForAll @Size(max = 8) List<@From("topicNames") String> names,
            @ForAll @IntRange(min = -1, max = 15) int limit) {
        Set<String> wanted = names.isEmpty() ? PARTITIONS.keySet() : new TreeSet<>(names);
        List<TopicPartition> expected = new ArrayList<>();
        wanted.forEach(name -> {
            for (int partition = 0; partition < PARTITIONS.getOrDefault(name, 0); partition++) {
                expected.add(new TopicPartition(name, partition));
            }
        });

        List<DescribeTopicPartitionsResponse> pages = pages(names, limit);

        assertThat(pages.stream()
                        .flatMap(page -> page.topics().stream())
                        .flatMap(topic -> topic.partitions().stream()
                                .map(partition -> new TopicPartition(topic.name(), partition.partitionIndex())))
                        .toList())
                .isEqualTo(expected);
        assertThat(new ArrayList<>(pages.stream()
                        .flatMap(page -> page.topics().stream())
                        .map(DescribeTopicPartitionsResponseTopic::name)
                        .distinct()
                        .toList()))
                .containsExactlyElementsOf(wanted);
        int most = Math.max(1, Math.min(limit, BROKER_LIMIT));
        assertThat(pages).allSatisfy(page -> {
            assertThat(page.topics().stream()
                            .mapToInt(topic -> topic.partitions().size())
                            .sum())
                    .isLessThanOrEqualTo(most);
            page.topics().forEach(DescribeTopicPartitionsTest::check);
        });
    }

    private static List<DescribeTopicPartitionsResponse> pages(List<String> names, int limit) {
        List<DescribeTopicPartitionsResponse> pages = new ArrayList<>();
        DescribeTopicPartitionsRequest request =
                request(names).responsePartitionLimit(limit).build();
        while (true) {
            DescribeTopicPartitionsResponse page = ask(request);
            pages.add(page);
            assertThat(pages).as("pages, of which each must show something").hasSizeLessThan(100);
            if (page.nextCursor() == null) {
                return pages;
            }
            request = request.toBuilder()
                    .cursor(DescribeTopicPartitionsRequest.Cursor.builder()
                            .topicName(page.nextCursor().topicName())
                            .partitionIndex(page.nextCursor().partitionIndex())
                            .build())
                    .build();
        }
    }

    private static void check(DescribeTopicPartitionsResponseTopic topic) {
        if (!PARTITIONS.containsKey(topic.name())) {
            assertThat(ErrorCode.forCode(topic.errorCode()))
                    .isEqualTo(
                            topic.name().equals("bad name")
                                    ? ErrorCode.INVALID_TOPIC_EXCEPTION
                                    : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
            return;
        }
        assertThat(topic.errorCode()).isEqualTo(ErrorCode.NONE.code());
        assertThat(topic.topicId())
                .isEqualTo(broker.services().topics().find(topic.name()).id());
        List<Integer> self = List.of(broker.services().cluster().brokerId());
        assertThat(topic.partitions())
                .extracting(DescribeTopicPartitionsResponsePartition::isrNodes)
                .allMatch(self::equals);
    }

    @Example
    void aCursorOnATopicThatIsGoneGoesOnWithTheNext() {
        DescribeTopicPartitionsResponse page =
                ask(request(List.of()).cursor(cursor("b", 5)).build());

        assertThat(page.topics())
                .extracting(DescribeTopicPartitionsResponseTopic::name)
                .containsExactly("c", "zz");
    }

    @Example
    void aCursorOutsideOfTheTopicsThatAreAskedForIsRefused() {
        DescribeTopicPartitionsResponse page =
                ask(request(List.of("a", "c")).cursor(cursor("b", 0)).build());

        assertThat(page.topics())
                .extracting(topic -> ErrorCode.forCode(topic.errorCode()))
                .containsExactly(ErrorCode.INVALID_REQUEST, ErrorCode.INVALID_REQUEST);
    }

    @Example
    void aCursorBelowZeroIsRefused() {
        DescribeTopicPartitionsResponse page =
                ask(request(List.of("a")).cursor(cursor("a", -1)).build());

        assertThat(page.topics())
                .extracting(topic -> ErrorCode.forCode(topic.errorCode()))
                .containsExactly(ErrorCode.INVALID_REQUEST);
    }

    private static DescribeTopicPartitionsRequest.Cursor cursor(String topic, int partition) {
        return DescribeTopicPartitionsRequest.Cursor.builder()
                .topicName(topic)
                .partitionIndex(partition)
                .build();
    }

    private static DescribeTopicPartitionsRequest.Builder request(List<String> names) {
        return DescribeTopicPartitionsRequest.builder()
                .topics(names.stream()
                        .map(name -> TopicRequest.builder().name(name).build())
                        .toList());
    }

    private static DescribeTopicPartitionsResponse ask(DescribeTopicPartitionsRequest request) {
        return client.call(DescribeTopicPartitionsRequest.API, request, 0, DescribeTopicPartitionsResponse::read);
    }
}
