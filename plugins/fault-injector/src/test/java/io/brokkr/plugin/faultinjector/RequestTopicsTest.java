package io.brokkr.plugin.faultinjector;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.CreatePartitionsRequest;
import io.brokkr.protocol.message.CreateTopicsRequest;
import io.brokkr.protocol.message.DeleteRecordsRequest;
import io.brokkr.protocol.message.DeleteTopicsRequest;
import io.brokkr.protocol.message.DescribeTopicPartitionsRequest;
import io.brokkr.protocol.message.ListOffsetsRequest;
import io.brokkr.protocol.message.OffsetCommitRequest;
import io.brokkr.protocol.message.OffsetDeleteRequest;
import io.brokkr.protocol.message.OffsetFetchRequest;
import io.brokkr.protocol.message.OffsetForLeaderEpochRequest;
import io.brokkr.protocol.message.ProduceRequest;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Topic;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The topic of a request is found by its name and by its id, wherever the API has it. */
class RequestTopicsTest {

    private static EmbeddedBroker broker;
    private static UUID id;
    private static RequestTopics topics;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.builder()
                .extension(MemoryStorageEngineFactory::new)
                .start();
        Topic topic = broker.services()
                .topics()
                .create(NewTopic.withDefaults("orders"))
                .toCompletableFuture()
                .join();
        id = topic.id();
        topics = new RequestTopics(broker.services().topics());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static void assertNamesOrders(Message request) {
        String api = request.getClass().getSimpleName().replace("Request", "");
        assertThat(topics.contain(api, request, "orders")).as(api).isTrue();
        assertThat(topics.contain(api, request, "prices")).as(api).isFalse();
    }

    @Test
    void byName() {
        assertNamesOrders(ProduceRequest.builder()
                .topicData(List.of(
                        ProduceRequest.TopicProduceData.builder().name("orders").build()))
                .build());
        assertNamesOrders(ListOffsetsRequest.builder()
                .topics(List.of(ListOffsetsRequest.ListOffsetsTopic.builder()
                        .name("orders")
                        .build()))
                .build());
        assertNamesOrders(OffsetCommitRequest.builder()
                .topics(List.of(OffsetCommitRequest.OffsetCommitRequestTopic.builder()
                        .name("orders")
                        .build()))
                .build());
        assertNamesOrders(OffsetFetchRequest.builder()
                .topics(List.of(OffsetFetchRequest.OffsetFetchRequestTopic.builder()
                        .name("orders")
                        .build()))
                .build());
        assertNamesOrders(OffsetForLeaderEpochRequest.builder()
                .topics(List.of(OffsetForLeaderEpochRequest.OffsetForLeaderTopic.builder()
                        .topic("orders")
                        .build()))
                .build());
        assertNamesOrders(OffsetDeleteRequest.builder()
                .topics(List.of(OffsetDeleteRequest.OffsetDeleteRequestTopic.builder()
                        .name("orders")
                        .build()))
                .build());
    }

    @Test
    void byNameInAdministration() {
        assertNamesOrders(CreateTopicsRequest.builder()
                .topics(List.of(CreateTopicsRequest.CreatableTopic.builder()
                        .name("orders")
                        .build()))
                .build());
        assertNamesOrders(CreatePartitionsRequest.builder()
                .topics(List.of(CreatePartitionsRequest.CreatePartitionsTopic.builder()
                        .name("orders")
                        .build()))
                .build());
        assertNamesOrders(DeleteRecordsRequest.builder()
                .topics(List.of(DeleteRecordsRequest.DeleteRecordsTopic.builder()
                        .name("orders")
                        .build()))
                .build());
        assertNamesOrders(
                DeleteTopicsRequest.builder().topicNames(List.of("orders")).build());
        assertNamesOrders(DescribeTopicPartitionsRequest.builder()
                .topics(List.of(DescribeTopicPartitionsRequest.TopicRequest.builder()
                        .name("orders")
                        .build()))
                .build());
    }

    @Test
    void byId() {
        assertNamesOrders(ProduceRequest.builder()
                .topicData(List.of(
                        ProduceRequest.TopicProduceData.builder().topicId(id).build()))
                .build());
        assertNamesOrders(OffsetFetchRequest.builder()
                .groups(List.of(OffsetFetchRequest.OffsetFetchRequestGroup.builder()
                        .topics(List.of(OffsetFetchRequest.OffsetFetchRequestTopics.builder()
                                .topicId(id)
                                .build()))
                        .build()))
                .build());
        assertNamesOrders(DeleteTopicsRequest.builder()
                .topics(List.of(DeleteTopicsRequest.DeleteTopicState.builder()
                        .topicId(id)
                        .build()))
                .build());
    }
}
