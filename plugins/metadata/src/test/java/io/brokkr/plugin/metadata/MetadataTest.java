package io.brokkr.plugin.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.MetadataRequest;
import io.brokkr.protocol.message.MetadataRequest.MetadataRequestTopic;
import io.brokkr.protocol.message.MetadataResponse;
import io.brokkr.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.brokkr.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Topic;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.WireClient;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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

/** What clients of every age learn of topics, on a broker that creates none by itself. */
class MetadataTest {

    private static final Api<MetadataRequest> API = MetadataRequest.API;
    private static final Map<String, Integer> PARTITIONS = Map.of("one", 1, "three", 3, "a.b-c_D9", 7);
    private static final String INTERNAL = "__consumer_offsets";
    private static final int NOT_ASKED = Integer.MIN_VALUE;

    private static EmbeddedBroker broker;
    private static WireClient client;

    @BeforeContainer
    static void start() throws Exception {
        broker = EmbeddedBroker.builder()
                .extension(MemoryStorageEngineFactory::new)
                .extension(MetadataHandlers::new)
                .setting("auto.create.topics.enable", "false")
                .setting("broker.rack", "shelf 7")
                .start();
        for (Map.Entry<String, Integer> topic : PARTITIONS.entrySet()) {
            broker.services()
                    .topics()
                    .create(new NewTopic(topic.getKey(), topic.getValue(), 1, Map.of()))
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
        }
        broker.services()
                .topics()
                .internal(new NewTopic(INTERNAL, 2, 1, Map.of()))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        client = broker.connect();
    }

    @AfterContainer
    static void stop() {
        client.close();
        broker.close();
    }

    @Provide
    Arbitrary<Integer> versions() {
        return Arbitraries.of(IntStream.rangeClosed(API.lowestVersion(), API.highestVersion())
                .boxed()
                .toList());
    }

    @Provide
    Arbitrary<String> topicNames() {
        return Arbitraries.oneOf(
                Arbitraries.of(PARTITIONS.keySet()),
                Arbitraries.of("unknown", "one.", "__transaction_state", "x".repeat(249)),
                Arbitraries.of("", ".", "..", "with space", "é", "a/b", "x".repeat(250)));
    }

    @Property(tries = 200)
    void everyVersionAnswersEachNameOnceInTheOrderOfTheRequest(
            @ForAll("versions") int version, @ForAll @Size(min = 1, max = 12) List<@From("topicNames") String> names) {
        MetadataResponse response = ask(byNames(names).build(), version);

        checkCluster(response, version);
        assertThat(response.topics())
                .extracting(MetadataResponseTopic::name)
                .containsExactlyElementsOf(new LinkedHashSet<>(names));
        response.topics().forEach(topic -> checkTopic(topic, version));
        assertThat(response.topics()).allSatisfy(topic -> assertThat(topic.topicAuthorizedOperations())
                .isEqualTo(NOT_ASKED));
    }

    /** What stands for all topics changed with version 1. */
    @Property
    void allTopicsAreAskedForAsTheVersionHasIt(@ForAll("versions") int version) {
        MetadataRequest all = MetadataRequest.builder()
                .topics(version == 0 ? List.of() : null)
                .build();

        MetadataResponse response = ask(all, version);

        checkCluster(response, version);
        assertThat(response.topics())
                .extracting(MetadataResponseTopic::name)
                .containsExactlyInAnyOrder("one", "three", "a.b-c_D9", INTERNAL);
        assertThat(response.topics()).allSatisfy(topic -> assertThat(topic.isInternal())
                .isEqualTo(version >= 1 && topic.name().equals(INTERNAL)));
    }

    @Property
    void anEmptyListAsksForNoTopics(@ForAll("versions") int version) {
        MetadataResponse response = ask(byNames(List.of()).build(), version);

        checkCluster(response, version);
        if (version > 0) {
            assertThat(response.topics()).isEmpty();
        }
    }

    @Property
    void whatMayBeDoneIsToldToThoseWhoAsk(@ForAll("versions") int version) {
        MetadataRequest.Builder request = byNames(List.of("one"));
        boolean asksForTopics = version >= 8;
        boolean asksForCluster = version >= 8 && version <= 10;
        request.includeTopicAuthorizedOperations(asksForTopics).includeClusterAuthorizedOperations(asksForCluster);

        MetadataResponse response = ask(request.build(), version);

        // Read, write, create, delete, alter, describe, describe and alter configs: bits 3 to 8, 10 and 11.
        assertThat(response.topics().get(0).topicAuthorizedOperations())
                .isEqualTo(asksForTopics ? 0b1101_1111_1000 : NOT_ASKED);
        // Create, alter, describe, cluster action, describe and alter configs, idempotent write: bits 5 and 7 to 12.
        assertThat(response.clusterAuthorizedOperations()).isEqualTo(asksForCluster ? 0b1_1111_1010_0000 : NOT_ASKED);
    }

    @Property
    void topicsAreFoundByTheirIdsFromVersion12On(@ForAll("versions") int version) {
        if (version < 10) {
            return;
        }
        UUID known = topic("three").id();
        UUID unknown = UUID.randomUUID();
        MetadataRequest request = MetadataRequest.builder()
                .topics(List.of(byId(unknown), byId(known)))
                .build();

        MetadataResponse response = ask(request, version);

        if (version < 12) {
            assertThat(response.topics())
                    .allSatisfy(topic -> assertThat(topic.errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code()));
            return;
        }
        MetadataResponseTopic missing = response.topics().get(0);
        assertThat(missing.errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID.code());
        assertThat(missing.topicId()).isEqualTo(unknown);
        assertThat(missing.name()).isNull();
        assertThat(response.topics().get(1).name()).isEqualTo("three");
        checkTopic(response.topics().get(1), version);
    }

    @Example
    void aTopicWithoutNameAndIdIsRefusedForTheWholeRequest() {
        MetadataRequest request = MetadataRequest.builder()
                .topics(List.of(byName("one"), byId(Message.ZERO_UUID)))
                .build();

        MetadataResponse response = ask(request, 13);

        assertThat(response.errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
    }

    private static void checkCluster(MetadataResponse response, int version) {
        assertThat(response.brokers()).singleElement().satisfies(node -> {
            assertThat(node.nodeId()).isEqualTo(broker.services().cluster().brokerId());
            assertThat(node.host()).isEqualTo("localhost");
            assertThat(node.port()).isEqualTo(broker.address().getPort());
            assertThat(node.rack()).isEqualTo(version >= 1 ? "shelf 7" : null);
        });
        if (version >= 1) {
            assertThat(response.controllerId())
                    .isEqualTo(response.brokers().get(0).nodeId());
        }
        if (version >= 2) {
            assertThat(response.clusterId())
                    .isEqualTo(broker.services().cluster().id());
        }
    }

    /** A partition without a leader, replicas or ISR makes clients wait for ever. */
    private static void checkTopic(MetadataResponseTopic answer, int version) {
        Integer partitions = PARTITIONS.get(answer.name());
        if (partitions == null) {
            assertThat(answer.errorCode()).isEqualTo(errorFor(answer.name()).code());
            assertThat(answer.partitions()).isEmpty();
            return;
        }
        Topic topic = topic(answer.name());
        assertThat(answer.errorCode()).isEqualTo(ErrorCode.NONE.code());
        assertThat(answer.isInternal()).isFalse();
        assertThat(answer.topicId()).isEqualTo(version >= 10 ? topic.id() : Message.ZERO_UUID);
        assertThat(answer.partitions())
                .extracting(MetadataResponsePartition::partitionIndex)
                .containsExactlyElementsOf(
                        IntStream.range(0, partitions).boxed().toList());
        List<Integer> self = List.of(broker.services().cluster().brokerId());
        assertThat(answer.partitions()).allSatisfy(partition -> {
            assertThat(partition.errorCode()).isEqualTo(ErrorCode.NONE.code());
            assertThat(partition.leaderId()).isEqualTo(self.get(0));
            assertThat(partition.replicaNodes()).isEqualTo(self);
            assertThat(partition.isrNodes()).isEqualTo(self);
            assertThat(partition.offlineReplicas()).isEmpty();
            assertThat(partition.leaderEpoch())
                    .isEqualTo(version >= 7 ? topic.leaderEpoch(partition.partitionIndex()) : -1);
        });
    }

    private static ErrorCode errorFor(String name) {
        return List.of("unknown", "one.", "__transaction_state", "x".repeat(249))
                        .contains(name)
                ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
                : ErrorCode.INVALID_TOPIC_EXCEPTION;
    }

    private static Topic topic(String name) {
        return broker.services().topics().find(name);
    }

    private static MetadataResponse ask(MetadataRequest request, int version) {
        return client.call(API, request, version, MetadataResponse::read);
    }

    private static MetadataRequest.Builder byNames(List<String> names) {
        return MetadataRequest.builder()
                .topics(names.stream().map(MetadataTest::byName).toList());
    }

    private static MetadataRequestTopic byName(String name) {
        return MetadataRequestTopic.builder().name(name).build();
    }

    private static MetadataRequestTopic byId(UUID id) {
        return MetadataRequestTopic.builder().name(null).topicId(id).build();
    }
}
