package io.brokkr.plugin.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.MetadataRequest;
import io.brokkr.protocol.message.MetadataRequest.MetadataRequestTopic;
import io.brokkr.protocol.message.MetadataResponse;
import io.brokkr.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.WireClient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** A topic that is created because a client asks for it is there, with its leader, in the very answer. */
class AutoCreationTest {

    private static final Api<MetadataRequest> API = MetadataRequest.API;

    private static EmbeddedBroker broker;
    private static int lastTopic;

    @BeforeContainer
    static void start() {
        broker = EmbeddedBroker.builder()
                .extension(MemoryStorageEngineFactory::new)
                .extension(MetadataHandlers::new)
                .setting("num.partitions", "3")
                .start();
    }

    @AfterContainer
    static void stop() {
        broker.close();
    }

    @Provide
    Arbitrary<Integer> versions() {
        return Arbitraries.of(IntStream.rangeClosed(API.lowestVersion(), API.highestVersion())
                .boxed()
                .toList());
    }

    @Property
    void everyVersionCreates(@ForAll("versions") int version) {
        String name = "topic-" + ++lastTopic;

        MetadataResponseTopic topic = ask(List.of(name), true, version).get(0);

        assertThat(topic.errorCode()).isEqualTo(ErrorCode.NONE.code());
        assertThat(topic.partitions()).hasSize(3).allSatisfy(partition -> {
            assertThat(partition.errorCode()).isEqualTo(ErrorCode.NONE.code());
            assertThat(partition.leaderId())
                    .isEqualTo(broker.services().cluster().brokerId());
        });
        assertThat(broker.services().topics().find(name)).isNotNull();
    }

    @Property
    void aClientThatDoesNotAllowItGetsNoTopic(@ForAll("versions") int version) {
        if (version < 4) {
            return;
        }
        String name = "topic-" + ++lastTopic;

        MetadataResponseTopic topic = ask(List.of(name), false, version).get(0);

        assertThat(topic.errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(broker.services().topics().find(name)).isNull();
    }

    @Example
    void anIllegalNameFailsAloneAndCreatesNothing() {
        List<MetadataResponseTopic> topics = ask(List.of("bad name", "good-name", ".."), true, 12);

        assertThat(topics)
                .extracting(topic -> ErrorCode.forCode(topic.errorCode()))
                .containsExactly(ErrorCode.INVALID_TOPIC_EXCEPTION, ErrorCode.NONE, ErrorCode.INVALID_TOPIC_EXCEPTION);
    }

    /** A name that differs from a topic's in dots and underscores alone cannot be created, as in Kafka. */
    @Example
    void aCollidingNameIsIllegal() {
        ask(List.of("dots.and_underscores"), true, 12);

        MetadataResponseTopic topic =
                ask(List.of("dots_and.underscores"), true, 12).get(0);

        assertThat(topic.errorCode()).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION.code());
    }

    /** The broker's own topics are created by those who know the settings that they need. */
    @Example
    void kafkasOwnTopicsAreNotCreatedInPassing() {
        List<MetadataResponseTopic> topics =
                ask(List.of("__consumer_offsets", "__transaction_state", "__share_group_state"), true, 12);

        assertThat(topics)
                .extracting(topic -> ErrorCode.forCode(topic.errorCode()))
                .containsOnly(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Example
    void manyClientsThatAskAtOnceGetTheSameTopics() {
        List<String> names = List.of("rush-1", "rush-2", "rush-3");
        List<WireClient> clients = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            clients.add(broker.connect());
        }
        List<Integer> correlationIds = clients.stream()
                .map(client -> client.send(API, request(names, true), 12))
                .toList();

        for (int i = 0; i < clients.size(); i++) {
            try (WireClient client = clients.get(i)) {
                MetadataResponse response = client.receive(API, 12, correlationIds.get(i), MetadataResponse::read);
                assertThat(response.topics())
                        .allSatisfy(topic -> assertThat(topic.errorCode()).isEqualTo(ErrorCode.NONE.code()))
                        .extracting(MetadataResponseTopic::topicId)
                        .containsExactlyElementsOf(names.stream()
                                .map(name ->
                                        broker.services().topics().find(name).id())
                                .toList());
            }
        }
    }

    private static List<MetadataResponseTopic> ask(List<String> names, boolean allow, int version) {
        try (WireClient client = broker.connect()) {
            return client.call(API, request(names, allow), version, MetadataResponse::read)
                    .topics();
        }
    }

    private static MetadataRequest request(List<String> names, boolean allow) {
        return MetadataRequest.builder()
                .topics(names.stream()
                        .map(name -> MetadataRequestTopic.builder().name(name).build())
                        .toList())
                .allowAutoTopicCreation(allow)
                .build();
    }
}
