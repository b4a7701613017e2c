package io.brokkr.plugin.topicadmin;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.CreatePartitionsRequest;
import io.brokkr.protocol.message.CreatePartitionsRequest.CreatePartitionsTopic;
import io.brokkr.protocol.message.CreatePartitionsResponse;
import io.brokkr.protocol.message.CreateTopicsRequest;
import io.brokkr.protocol.message.CreateTopicsResponse;
import io.brokkr.protocol.message.CreateTopicsResponse.CreatableTopicResult;
import io.brokkr.protocol.message.DeleteRecordsRequest;
import io.brokkr.protocol.message.DeleteRecordsRequest.DeleteRecordsPartition;
import io.brokkr.protocol.message.DeleteRecordsRequest.DeleteRecordsTopic;
import io.brokkr.protocol.message.DeleteRecordsResponse;
import io.brokkr.protocol.message.DeleteTopicsRequest;
import io.brokkr.protocol.message.DeleteTopicsRequest.DeleteTopicState;
import io.brokkr.protocol.message.DeleteTopicsResponse;
import io.brokkr.protocol.message.DeleteTopicsResponse.DeletableTopicResult;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.BeforeTry;

/** Creating, changing and deleting topics each ask for their own right, at every version, and who does not have it is told the same of what is there and of what is not. */
class TopicRightsTest {

    private static final String THERE = RightsBroker.THERE;
    private static final String NOT_THERE = RightsBroker.NOT_THERE;

    private static RightsBroker rights;
    private static AdminBroker broker;

    @BeforeContainer
    static void start() {
        rights = new RightsBroker();
        broker = rights.broker();
    }

    @AfterContainer
    static void stop() {
        rights.close();
    }

    @BeforeTry
    void startAnew() {
        rights.startAnew();
    }

    private static Arbitrary<Integer> versionsOf(Api<?> api) {
        return AdminBroker.versionsOf(api);
    }

    @Provide
    Arbitrary<Integer> createTopicsVersions() {
        return versionsOf(CreateTopicsRequest.API);
    }

    @Provide
    Arbitrary<Integer> deleteTopicsVersions() {
        return versionsOf(DeleteTopicsRequest.API);
    }

    @Provide
    Arbitrary<Integer> createPartitionsVersions() {
        return versionsOf(CreatePartitionsRequest.API);
    }

    @Provide
    Arbitrary<Integer> deleteRecordsVersions() {
        return versionsOf(DeleteRecordsRequest.API);
    }

    // CreateTopics

    private static List<CreatableTopicResult> createBoth(int version) {
        CreateTopicsResponse response = broker.createTopics(
                version, AdminBroker.creatable(THERE, 1, 1), AdminBroker.creatable(NOT_THERE, 1, 1));
        return response.topics();
    }

    @Property
    void whoMayNotCreateATopicHearsNothingOfIt(@ForAll("createTopicsVersions") int version) {
        rights.allowAllBut(Operation.CREATE);
        List<CreatableTopicResult> results = createBoth(version);
        assertThat(errorOf(results.get(0).errorCode())).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        assertThat(results.get(0).toBuilder().name("").build())
                .isEqualTo(results.get(1).toBuilder().name("").build());
        assertThat(broker.topic(NOT_THERE)).isNull();
    }

    @Property
    void theRightToCreateIsForOneTopicOrForTheCluster(
            @ForAll("createTopicsVersions") int version, @ForAll boolean onCluster, @ForAll boolean settingsVisible) {
        List<Operation> onTopic = new ArrayList<>();
        if (settingsVisible) {
            onTopic.add(Operation.DESCRIBE_CONFIGS);
        }
        if (onCluster) {
            rights.allow(Resource.CLUSTER, Operation.CREATE);
        } else {
            onTopic.add(Operation.CREATE);
        }
        rights.allow(Resource.topic(NOT_THERE), onTopic.toArray(Operation[]::new));

        List<CreatableTopicResult> results = createBoth(version);

        assertThat(errorOf(results.get(0).errorCode()))
                .isEqualTo(onCluster ? ErrorCode.TOPIC_ALREADY_EXISTS : ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        CreatableTopicResult created = results.get(1);
        assertThat(errorOf(created.errorCode())).isEqualTo(ErrorCode.NONE);
        assertThat(broker.topic(NOT_THERE)).isNotNull();
        boolean shown = settingsVisible && version >= 5;
        assertThat(created.numPartitions()).isEqualTo(shown ? 1 : -1);
        assertThat(created.configs() == null || created.configs().isEmpty()).isEqualTo(!shown);
        assertThat(errorOf(created.topicConfigErrorCode()))
                .isEqualTo(version < 5 || shown ? ErrorCode.NONE : ErrorCode.TOPIC_AUTHORIZATION_FAILED);
    }

    // DeleteTopics

    private static List<DeletableTopicResult> delete(int version, DeleteTopicState... topics) {
        DeleteTopicsRequest.Builder request = DeleteTopicsRequest.builder().timeoutMs(AdminBroker.TIMEOUT_MILLIS);
        if (version >= 6) {
            request.topics(List.of(topics));
        } else {
            request.topicNames(
                    List.of(topics).stream().map(DeleteTopicState::name).toList());
        }
        return broker.call(DeleteTopicsRequest.API, request.build(), version, DeleteTopicsResponse::read)
                .responses();
    }

    private static DeleteTopicState named(String name) {
        return DeleteTopicState.builder().name(name).build();
    }

    private static DeleteTopicState withId(UUID id) {
        return DeleteTopicState.builder().name(null).topicId(id).build();
    }

    @Property
    void whoMayNotDescribeATopicHearsNothingOfItWhenDeleting(@ForAll("deleteTopicsVersions") int version) {
        List<DeletableTopicResult> byName = delete(version, named(THERE), named(NOT_THERE));
        assertThat(errorOf(byName.get(0).errorCode())).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        assertThat(byName.get(0).toBuilder().name("").build())
                .isEqualTo(byName.get(1).toBuilder().name("").build());
        if (version >= 6) {
            UUID id = broker.topic(THERE).id();
            DeletableTopicResult byId = delete(version, withId(id)).get(0);
            UUID other = UUID.randomUUID();
            assertThat(errorOf(byId.errorCode())).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
            assertThat(byId.name()).isNull();
            assertThat(delete(version, withId(other)).get(0).errorCode()).isEqualTo(byId.errorCode());
            // Together they would tell whose id it is.
            assertThat(delete(version, named(THERE), withId(id)))
                    .extracting(result -> errorOf(result.errorCode()))
                    .containsExactly(ErrorCode.TOPIC_AUTHORIZATION_FAILED, ErrorCode.UNKNOWN_TOPIC_ID);
        }
        assertThat(broker.topic(THERE)).isNotNull();
    }

    @Property
    void whoMayDescribeAndNotDeleteHearsThat(@ForAll("deleteTopicsVersions") int version) {
        rights.allowAllBut(Operation.DELETE);
        assertThat(delete(version, named(THERE), named(NOT_THERE)))
                .extracting(result -> errorOf(result.errorCode()))
                .containsExactly(ErrorCode.TOPIC_AUTHORIZATION_FAILED, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        if (version >= 6) {
            DeletableTopicResult byId =
                    delete(version, withId(broker.topic(THERE).id())).get(0);
            assertThat(errorOf(byId.errorCode())).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
            assertThat(byId.name()).isEqualTo(THERE);
        }
        assertThat(broker.topic(THERE)).isNotNull();
    }

    @Property
    void theRightToDeleteIsForOneTopicOrForTheCluster(
            @ForAll("deleteTopicsVersions") int version, @ForAll boolean onCluster) {
        if (onCluster) {
            rights.allow(Resource.CLUSTER, Operation.DELETE);
        } else {
            rights.allowOnTopics(Operation.DELETE, Operation.DESCRIBE);
        }
        assertThat(delete(version, named(THERE), named(NOT_THERE)))
                .extracting(result -> errorOf(result.errorCode()))
                .containsExactly(ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(broker.topic(THERE)).isNull();
    }

    // CreatePartitions

    private static List<CreatePartitionsResponse.CreatePartitionsTopicResult> grow(int version) {
        CreatePartitionsRequest request = CreatePartitionsRequest.builder()
                .topics(List.of(THERE, NOT_THERE).stream()
                        .map(name -> CreatePartitionsTopic.builder()
                                .name(name)
                                .count(3)
                                .assignments(null)
                                .build())
                        .toList())
                .timeoutMs(AdminBroker.TIMEOUT_MILLIS)
                .build();
        return broker.call(CreatePartitionsRequest.API, request, version, CreatePartitionsResponse::read)
                .results();
    }

    @Property
    void partitionsAreAddedByThoseWhoMayAlter(@ForAll("createPartitionsVersions") int version) {
        rights.allowAllBut(Operation.ALTER);
        List<CreatePartitionsResponse.CreatePartitionsTopicResult> denied = grow(version);
        assertThat(errorOf(denied.get(0).errorCode())).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        assertThat(denied.get(0).toBuilder().name("").build())
                .isEqualTo(denied.get(1).toBuilder().name("").build());
        assertThat(broker.topic(THERE).partitionCount()).isEqualTo(1);

        rights.allowOnTopics(Operation.ALTER);
        assertThat(grow(version))
                .extracting(result -> errorOf(result.errorCode()))
                .containsExactly(ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    // DeleteRecords

    private static List<DeleteRecordsResponse.DeleteRecordsPartitionResult> deleteRecords(int version) {
        DeleteRecordsRequest request = DeleteRecordsRequest.builder()
                .topics(List.of(THERE, NOT_THERE).stream()
                        .map(name -> DeleteRecordsTopic.builder()
                                .name(name)
                                .partitions(List.of(DeleteRecordsPartition.builder()
                                        .partitionIndex(0)
                                        .offset(0)
                                        .build()))
                                .build())
                        .toList())
                .timeoutMs(AdminBroker.TIMEOUT_MILLIS)
                .build();
        return broker.call(DeleteRecordsRequest.API, request, version, DeleteRecordsResponse::read).topics().stream()
                .flatMap(topic -> topic.partitions().stream())
                .toList();
    }

    @Property
    void recordsAreDeletedByThoseWhoMayDelete(@ForAll("deleteRecordsVersions") int version) {
        rights.allowAllBut(Operation.DELETE);
        List<DeleteRecordsResponse.DeleteRecordsPartitionResult> denied = deleteRecords(version);
        assertThat(errorOf(denied.get(0).errorCode())).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        assertThat(denied.get(0)).isEqualTo(denied.get(1));

        rights.allowOnTopics(Operation.DELETE);
        assertThat(deleteRecords(version))
                .extracting(result -> errorOf(result.errorCode()))
                .containsExactly(ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    private static ErrorCode errorOf(short code) {
        return ErrorCode.forCode(code);
    }
}
