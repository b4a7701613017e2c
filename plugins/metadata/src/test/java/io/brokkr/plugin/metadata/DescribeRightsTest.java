package io.brokkr.plugin.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.DescribeClusterRequest;
import io.brokkr.protocol.message.DescribeClusterResponse;
import io.brokkr.protocol.message.DescribeTopicPartitionsRequest;
import io.brokkr.protocol.message.DescribeTopicPartitionsRequest.TopicRequest;
import io.brokkr.protocol.message.DescribeTopicPartitionsResponse;
import io.brokkr.protocol.message.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic;
import io.brokkr.protocol.message.MetadataRequest;
import io.brokkr.protocol.message.MetadataRequest.MetadataRequestTopic;
import io.brokkr.protocol.message.MetadataResponse;
import io.brokkr.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Topic;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.Resource;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.TestAuthorizer;
import io.brokkr.testkit.WireClient;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
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
import net.jqwik.api.lifecycle.BeforeTry;

/** What clients learn of topics and of the cluster depends on what they may, at every version; rights are those that a test has given. */
class DescribeRightsTest {

    private static final List<String> THERE = List.of("a", "b", "c");
    private static final int NOT_ASKED = Integer.MIN_VALUE;
    private static final int FIRST_VERSION_WITH_TOPIC_IDS = 12;

    /** What may be done with what. */
    private static final Map<Resource, Set<Operation>> RIGHTS = new ConcurrentHashMap<>();

    private static EmbeddedBroker broker;
    private static WireClient client;
    private static int lastTopic;

    @BeforeContainer
    static void start() throws Exception {
        broker = EmbeddedBroker.builder()
                .extension(MemoryStorageEngineFactory::new)
                .extension(MetadataHandlers::new)
                .extension(() -> new TestAuthorizer((operation, resource) ->
                        RIGHTS.getOrDefault(resource, Set.of()).contains(operation)))
                .setting("authorizer", TestAuthorizer.NAME)
                .start();
        for (String topic : THERE) {
            broker.services()
                    .topics()
                    .create(new NewTopic(topic, 2, 1, Map.of()))
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

    @BeforeTry
    void startWithoutRights() {
        RIGHTS.clear();
    }

    private static void allow(Resource resource, Operation... operations) {
        RIGHTS.put(resource, Set.of(operations));
    }

    private static void allowDescribing(Set<String> topics) {
        topics.forEach(topic -> allow(Resource.topic(topic), Operation.DESCRIBE));
    }

    @Provide
    Arbitrary<Integer> versions() {
        return versionsOf(MetadataRequest.API);
    }

    @Provide
    Arbitrary<Integer> versionsOfDescribeCluster() {
        return versionsOf(DescribeClusterRequest.API);
    }

    private static Arbitrary<Integer> versionsOf(Api<?> api) {
        return Arbitraries.integers().between(api.lowestVersion(), api.highestVersion());
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of("a", "b", "c", "none", "not a name");
    }

    @Property(tries = 200)
    void whetherThereIsATopicOnlyThoseHearWhoMayDescribeIt(
            @ForAll("versions") int version,
            @ForAll Set<@From("names") String> visible,
            @ForAll @Size(min = 1, max = 6) List<@From("names") String> names) {
        allowDescribing(visible);

        MetadataResponse response = ask(byNames(names, version < 4), version);

        assertThat(response.topics())
                .extracting(MetadataResponseTopic::name)
                .containsExactlyElementsOf(new LinkedHashSet<>(names));
        assertThat(response.topics()).allSatisfy(topic -> {
            // Before version 4 every client wants missing topics created; it may not have that here.
            ErrorCode missing = version < 4 ? ErrorCode.TOPIC_AUTHORIZATION_FAILED : missing(topic.name());
            if (!visible.contains(topic.name())) {
                assertThat(topic).isEqualTo(denied().name(topic.name()).build());
            } else if (THERE.contains(topic.name())) {
                assertThat(topic.partitions()).hasSize(2);
            } else {
                assertThat(ErrorCode.forCode(topic.errorCode())).isEqualTo(missing);
            }
        });
    }

    private static MetadataResponseTopic.Builder denied() {
        return MetadataResponseTopic.builder().errorCode(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
    }

    private static ErrorCode missing(String name) {
        return name.equals("none") ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.INVALID_TOPIC_EXCEPTION;
    }

    @Property
    void ofAllTopicsThoseAreToldThatTheClientMayDescribe(
            @ForAll("versions") int version, @ForAll Set<@From("names") String> visible) {
        allowDescribing(visible);
        MetadataRequest all = MetadataRequest.builder()
                .topics(version == 0 ? List.of() : null)
                .build();

        assertThat(ask(all, version).topics())
                .extracting(MetadataResponseTopic::name)
                .containsExactlyInAnyOrderElementsOf(
                        THERE.stream().filter(visible::contains).toList());
    }

    /** An id that the client may not know of is none: neither its name nor its being there is told. */
    @Property
    void anIdThatTheClientMayNotKnowOfIsUnknown(@ForAll("versions") int version) {
        if (version < FIRST_VERSION_WITH_TOPIC_IDS) {
            return;
        }
        allowDescribing(Set.of("a"));
        List<UUID> ids = List.of(topic("a").id(), topic("b").id(), UUID.randomUUID());
        MetadataRequest request = MetadataRequest.builder()
                .topics(ids.stream()
                        .map(id -> MetadataRequestTopic.builder()
                                .name(null)
                                .topicId(id)
                                .build())
                        .toList())
                .build();

        List<MetadataResponseTopic> topics = ask(request, version).topics();

        assertThat(topics.get(0).name()).isEqualTo("a");
        for (int i = 1; i < ids.size(); i++) {
            assertThat(topics.get(i))
                    .isEqualTo(MetadataResponseTopic.builder()
                            .errorCode(ErrorCode.UNKNOWN_TOPIC_ID)
                            .name(null)
                            .topicId(ids.get(i))
                            .build());
        }
    }

    @Property(tries = 100)
    void aTopicIsCreatedForThoseWhoMayCreateIt(
            @ForAll("versions") int version,
            @ForAll boolean visible,
            @ForAll boolean topicCreatable,
            @ForAll boolean clusterCreatable) {
        String name = "new-" + ++lastTopic;
        List<Operation> rights = new ArrayList<>();
        if (visible) {
            rights.add(Operation.DESCRIBE);
        }
        if (topicCreatable) {
            rights.add(Operation.CREATE);
        }
        allow(Resource.topic(name), rights.toArray(Operation[]::new));
        if (clusterCreatable) {
            allow(Resource.CLUSTER, Operation.CREATE);
        }

        MetadataResponseTopic answer =
                ask(byNames(List.of(name), true), version).topics().get(0);

        boolean created = visible && (topicCreatable || clusterCreatable);
        assertThat(topic(name) != null).isEqualTo(created);
        if (created) {
            assertThat(answer.partitions()).isNotEmpty();
            broker.services()
                    .topics()
                    .delete(topic(name).id())
                    .toCompletableFuture()
                    .join();
        } else {
            assertThat(answer).isEqualTo(denied().name(name).build());
        }
    }

    @Property(tries = 100)
    void theBitsSayWhatTheClientMay(@ForAll Set<Operation> onTopic, @ForAll Set<Operation> onCluster) {
        onTopic.add(Operation.DESCRIBE);
        allow(Resource.topic("a"), onTopic.toArray(Operation[]::new));
        allow(Resource.CLUSTER, onCluster.toArray(Operation[]::new));
        MetadataRequest request = byNames(List.of("a"), false).toBuilder()
                .includeTopicAuthorizedOperations(true)
                .includeClusterAuthorizedOperations(true)
                .build();

        MetadataResponse response = ask(request, 10);

        assertThat(response.topics().get(0).topicAuthorizedOperations()).isEqualTo(bits(onTopic));
        assertThat(response.clusterAuthorizedOperations()).isEqualTo(clusterBits(onCluster));
        assertThat(page(List.of("a"), null, 10).topics().get(0).topicAuthorizedOperations())
                .isEqualTo(bits(onTopic));
    }

    private static int bits(Set<Operation> operations) {
        return operations.stream().mapToInt(operation -> 1 << operation.code()).sum();
    }

    /** A topic alone is read, written to or deleted; to act as a broker (9) and to be given a producer id (12) is refused to nobody who may describe the cluster. */
    private static int clusterBits(Set<Operation> operations) {
        if (!operations.contains(Operation.DESCRIBE)) {
            return 0;
        }
        return bits(operations.stream()
                        .filter(operation -> !Set.of(Operation.READ, Operation.WRITE, Operation.DELETE)
                                .contains(operation))
                        .collect(Collectors.toSet()))
                | (1 << 9)
                | (1 << 12);
    }

    @Property(tries = 100)
    void everybodySeesTheBrokers(@ForAll("versionsOfDescribeCluster") int version, @ForAll Set<Operation> onCluster) {
        allow(Resource.CLUSTER, onCluster.toArray(Operation[]::new));
        DescribeClusterRequest request = DescribeClusterRequest.builder()
                .includeClusterAuthorizedOperations(true)
                .build();

        DescribeClusterResponse response =
                client.call(DescribeClusterRequest.API, request, version, DescribeClusterResponse::read);

        assertThat(response.brokers()).hasSize(1);
        assertThat(response.clusterAuthorizedOperations()).isEqualTo(clusterBits(onCluster));
    }

    /** Page by page, so that no cursor tells of a topic either. */
    @Property(tries = 100)
    void pagesTellOfThoseTopicsThatTheClientMayDescribe(
            @ForAll Set<@From("names") String> visible, @ForAll("limits") int limit) {
        allowDescribing(visible);
        List<String> told = new ArrayList<>();
        DescribeTopicPartitionsRequest.Cursor cursor = null;
        do {
            DescribeTopicPartitionsResponse page = page(List.of(), cursor, limit);
            page.topics().forEach(topic -> told.add(topic.name()));
            cursor = next(page);
            if (cursor != null) {
                assertThat(visible).contains(cursor.topicName());
            }
        } while (cursor != null);

        assertThat(new LinkedHashSet<>(told))
                .containsExactlyElementsOf(
                        THERE.stream().filter(visible::contains).toList());
    }

    @Provide
    Arbitrary<Integer> limits() {
        return Arbitraries.integers().between(1, 7);
    }

    @Example
    void aPageThatNamesTopicsHasTheSameForThoseThatAreThereAndThoseThatAreNot() {
        allowDescribing(Set.of("a"));

        List<DescribeTopicPartitionsResponseTopic> topics =
                page(List.of("a", "b", "none"), null, 10).topics();

        assertThat(topics.get(0).partitions()).hasSize(2);
        assertThat(topics.get(1)).isEqualTo(deniedOnPage("b"));
        assertThat(topics.get(2)).isEqualTo(deniedOnPage("none"));
        assertThat(topics.get(1).topicAuthorizedOperations()).isEqualTo(NOT_ASKED);
    }

    private static DescribeTopicPartitionsResponseTopic deniedOnPage(String name) {
        return DescribeTopicPartitionsResponseTopic.builder()
                .errorCode(ErrorCode.TOPIC_AUTHORIZATION_FAILED)
                .topicId(Message.ZERO_UUID)
                .name(name)
                .build();
    }

    private static DescribeTopicPartitionsResponse page(
            List<String> names, DescribeTopicPartitionsRequest.Cursor cursor, int limit) {
        DescribeTopicPartitionsRequest request = DescribeTopicPartitionsRequest.builder()
                .topics(names.stream()
                        .map(name -> TopicRequest.builder().name(name).build())
                        .toList())
                .cursor(cursor)
                .responsePartitionLimit(limit)
                .build();
        return client.call(DescribeTopicPartitionsRequest.API, request, 0, DescribeTopicPartitionsResponse::read);
    }

    private static DescribeTopicPartitionsRequest.Cursor next(DescribeTopicPartitionsResponse page) {
        return page.nextCursor() == null
                ? null
                : DescribeTopicPartitionsRequest.Cursor.builder()
                        .topicName(page.nextCursor().topicName())
                        .partitionIndex(page.nextCursor().partitionIndex())
                        .build();
    }

    private static Topic topic(String name) {
        return broker.services().topics().find(name);
    }

    private static MetadataResponse ask(MetadataRequest request, int version) {
        return client.call(MetadataRequest.API, request, version, MetadataResponse::read);
    }

    private static MetadataRequest byNames(List<String> names, boolean create) {
        return MetadataRequest.builder()
                .topics(names.stream()
                        .map(name -> MetadataRequestTopic.builder().name(name).build())
                        .toList())
                .allowAutoTopicCreation(create)
                .build();
    }
}
