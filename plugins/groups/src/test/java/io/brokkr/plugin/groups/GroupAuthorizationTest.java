package io.brokkr.plugin.groups;

import static io.brokkr.plugin.groups.TestRules.group;
import static io.brokkr.plugin.groups.TestRules.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.plugin.groups.TestRules.Grant;
import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.DeleteGroupsRequest;
import io.brokkr.protocol.message.DeleteGroupsResponse;
import io.brokkr.protocol.message.DescribeGroupsRequest;
import io.brokkr.protocol.message.DescribeGroupsResponse;
import io.brokkr.protocol.message.DescribeGroupsResponse.DescribedGroup;
import io.brokkr.protocol.message.FindCoordinatorRequest;
import io.brokkr.protocol.message.FindCoordinatorResponse;
import io.brokkr.protocol.message.FindCoordinatorResponse.Coordinator;
import io.brokkr.protocol.message.HeartbeatRequest;
import io.brokkr.protocol.message.HeartbeatResponse;
import io.brokkr.protocol.message.JoinGroupRequest;
import io.brokkr.protocol.message.JoinGroupRequest.JoinGroupRequestProtocol;
import io.brokkr.protocol.message.JoinGroupResponse;
import io.brokkr.protocol.message.LeaveGroupRequest;
import io.brokkr.protocol.message.LeaveGroupRequest.MemberIdentity;
import io.brokkr.protocol.message.LeaveGroupResponse;
import io.brokkr.protocol.message.ListGroupsRequest;
import io.brokkr.protocol.message.ListGroupsResponse;
import io.brokkr.protocol.message.ListGroupsResponse.ListedGroup;
import io.brokkr.protocol.message.OffsetCommitRequest;
import io.brokkr.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.brokkr.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.brokkr.protocol.message.OffsetCommitResponse;
import io.brokkr.protocol.message.OffsetDeleteRequest;
import io.brokkr.protocol.message.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import io.brokkr.protocol.message.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.brokkr.protocol.message.OffsetDeleteResponse;
import io.brokkr.protocol.message.OffsetFetchRequest;
import io.brokkr.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.brokkr.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.brokkr.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.brokkr.protocol.message.OffsetFetchResponse;
import io.brokkr.protocol.message.SyncGroupRequest;
import io.brokkr.protocol.message.SyncGroupResponse;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Topic;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.Resource;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.WireClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every API asks for what Kafka's broker asks for, at all versions: with that alone it serves, and without that alone it refuses and tells nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GroupAuthorizationTest {

    /** A group with a member and an offset. */
    private static final String THERE = "there";

    private static final String MISSING = "missing";
    private static final String TOPIC = "topic";

    private final TestRules rules = new TestRules();
    private EmbeddedBroker broker;
    private WireClient client;
    private Topic topic;
    private String memberId;

    @BeforeAll
    void start() throws Exception {
        broker = EmbeddedBroker.builder()
                .extension(MemoryStorageEngineFactory::new)
                .extension(GroupHandlers::new)
                .extension(() -> rules)
                .setting("authorizer", TestRules.NAME)
                .setting("group.initial.rebalance.delay.ms", "0")
                .start();
        client = broker.connect();
        topic = broker.services()
                .topics()
                .create(new NewTopic(TOPIC, 2, 1, Map.of()))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        memberId = client.call(JoinGroupRequest.API, joinRequest(THERE, 3), 3, JoinGroupResponse::read)
                .memberId();
        client.call(
                SyncGroupRequest.API,
                SyncGroupRequest.builder()
                        .groupId(THERE)
                        .generationId(1)
                        .memberId(memberId)
                        .build(),
                5,
                SyncGroupResponse::read);
        client.call(
                OffsetCommitRequest.API,
                commitRequest(THERE, 8).toBuilder()
                        .memberId(memberId)
                        .generationIdOrMemberEpoch(1)
                        .build(),
                8,
                OffsetCommitResponse::read);
    }

    @AfterAll
    void stop() {
        client.close();
        broker.close();
    }

    @BeforeEach
    void allowAll() {
        rules.allowAll();
    }

    /** An API that names a group, and the operation that it needs. */
    private record Question<R extends Message>(
            Api<?> api,
            Operation needed,
            RequestMaker request,
            Api.Decoder<R> decoder,
            Function<R, List<Short>> errors) {

        R ask(WireClient client, String group, int version) {
            return client.call(api, request.of(group, version), version, decoder);
        }

        List<ErrorCode> errorsOf(R response) {
            return errors.apply(response).stream()
                    .map(code -> ErrorCode.forCode(code))
                    .toList();
        }

        @Override
        public String toString() {
            return api.name();
        }
    }

    private interface RequestMaker {
        Message of(String group, int version);
    }

    private static JoinGroupRequest joinRequest(String group, int version) {
        JoinGroupRequest.Builder request = JoinGroupRequest.builder()
                .groupId(group)
                .sessionTimeoutMs(30_000)
                .protocolType("consumer")
                .protocols(
                        List.of(JoinGroupRequestProtocol.builder().name("range").build()));
        return (version >= 1 ? request.rebalanceTimeoutMs(60_000) : request).build();
    }

    private static LeaveGroupRequest leaveRequest(String group, int version) {
        LeaveGroupRequest.Builder request = LeaveGroupRequest.builder().groupId(group);
        return (version < 3
                        ? request.memberId("member")
                        : request.members(List.of(
                                MemberIdentity.builder().memberId("member").build())))
                .build();
    }

    private OffsetCommitRequest commitRequest(String group, int version) {
        OffsetCommitRequestTopic.Builder named = OffsetCommitRequestTopic.builder()
                .partitions(List.of(OffsetCommitRequestPartition.builder()
                        .partitionIndex(0)
                        .committedOffset(7)
                        .build()));
        return OffsetCommitRequest.builder()
                .groupId(group)
                .topics(List.of((version < 10 ? named.name(TOPIC) : named.topicId(topic.id())).build()))
                .build();
    }

    private Message fetchRequest(String group, int version) {
        if (version < 8) {
            return OffsetFetchRequest.builder()
                    .groupId(group)
                    .topics(List.of(OffsetFetchRequestTopic.builder()
                            .name(TOPIC)
                            .partitionIndexes(List.of(0, 1))
                            .build()))
                    .build();
        }
        OffsetFetchRequestTopics.Builder wanted =
                OffsetFetchRequestTopics.builder().partitionIndexes(List.of(0, 1));
        return OffsetFetchRequest.builder()
                .groups(List.of(OffsetFetchRequestGroup.builder()
                        .groupId(group)
                        .topics(List.of((version < 10 ? wanted.name(TOPIC) : wanted.topicId(topic.id())).build()))
                        .build()))
                .build();
    }

    /** The error of the whole, and those of the parts where there are any. */
    private static List<Short> errorOr(short error, Stream<Short> parts) {
        List<Short> errors = parts.toList();
        return errors.isEmpty() || error != 0 ? List.of(error) : errors;
    }

    private List<Question<?>> questions() {
        return List.of(
                new Question<>(
                        FindCoordinatorRequest.API,
                        Operation.DESCRIBE,
                        (group, version) -> (version < 4
                                        ? FindCoordinatorRequest.builder().key(group)
                                        : FindCoordinatorRequest.builder().coordinatorKeys(List.of(group)))
                                .build(),
                        FindCoordinatorResponse::read,
                        response -> errorOr(
                                response.errorCode(),
                                response.coordinators().stream().map(Coordinator::errorCode))),
                new Question<>(
                        JoinGroupRequest.API,
                        Operation.READ,
                        GroupAuthorizationTest::joinRequest,
                        JoinGroupResponse::read,
                        response -> List.of(response.errorCode())),
                new Question<>(
                        SyncGroupRequest.API,
                        Operation.READ,
                        (group, version) -> SyncGroupRequest.builder()
                                .groupId(group)
                                .memberId("member")
                                .build(),
                        SyncGroupResponse::read,
                        response -> List.of(response.errorCode())),
                new Question<>(
                        HeartbeatRequest.API,
                        Operation.READ,
                        (group, version) -> HeartbeatRequest.builder()
                                .groupId(group)
                                .memberId("member")
                                .build(),
                        HeartbeatResponse::read,
                        response -> List.of(response.errorCode())),
                new Question<>(
                        LeaveGroupRequest.API,
                        Operation.READ,
                        GroupAuthorizationTest::leaveRequest,
                        LeaveGroupResponse::read,
                        response -> errorOr(
                                response.errorCode(),
                                response.members().stream().map(member -> member.errorCode()))),
                new Question<>(
                        OffsetCommitRequest.API,
                        Operation.READ,
                        this::commitRequest,
                        OffsetCommitResponse::read,
                        response -> response.topics().get(0).partitions().stream()
                                .map(partition -> partition.errorCode())
                                .toList()),
                new Question<>(
                        OffsetFetchRequest.API,
                        Operation.DESCRIBE,
                        this::fetchRequest,
                        OffsetFetchResponse::read,
                        response -> errorOr(
                                response.errorCode(),
                                Stream.concat(
                                        response.groups().stream().map(found -> found.errorCode()),
                                        response.topics().stream()
                                                .flatMap(found -> found.partitions().stream())
                                                .map(partition -> partition.errorCode())))),
                new Question<>(
                        DescribeGroupsRequest.API,
                        Operation.DESCRIBE,
                        (group, version) -> DescribeGroupsRequest.builder()
                                .groups(List.of(group))
                                .includeAuthorizedOperations(version >= 3)
                                .build(),
                        DescribeGroupsResponse::read,
                        response -> List.of(response.groups().get(0).errorCode())),
                new Question<>(
                        DeleteGroupsRequest.API,
                        Operation.DELETE,
                        (group, version) -> DeleteGroupsRequest.builder()
                                .groupsNames(List.of(group))
                                .build(),
                        DeleteGroupsResponse::read,
                        response -> List.of(response.results().get(0).errorCode())),
                new Question<>(
                        OffsetDeleteRequest.API,
                        Operation.DELETE,
                        (group, version) -> OffsetDeleteRequest.builder()
                                .groupId(group)
                                .topics(List.of(OffsetDeleteRequestTopic.builder()
                                        .name(TOPIC)
                                        .partitions(List.of(OffsetDeleteRequestPartition.builder()
                                                .partitionIndex(1)
                                                .build()))
                                        .build()))
                                .build(),
                        OffsetDeleteResponse::read,
                        response -> List.of(response.errorCode())));
    }

    private static Stream<Integer> versionsOf(Api<?> api) {
        return IntStream.rangeClosed(api.lowestVersion(), api.highestVersion()).boxed();
    }

    Stream<Arguments> everyQuestionAtEveryVersion() {
        return questions().stream()
                .flatMap(question -> versionsOf(question.api()).map(version -> Arguments.of(question, version)));
    }

    private DescribedGroup describe(String group) {
        rules.allowAll();
        return client.call(
                        DescribeGroupsRequest.API,
                        DescribeGroupsRequest.builder().groups(List.of(group)).build(),
                        5,
                        DescribeGroupsResponse::read)
                .groups()
                .get(0);
    }

    @ParameterizedTest
    @MethodSource("everyQuestionAtEveryVersion")
    <R extends Message> void withoutTheOneOperationItRefusesAndDoesNotTellWhetherThereIsSuchAGroup(
            Question<R> question, int version) {
        DescribedGroup before = describe(THERE);
        rules.allowAllBut(group(question.needed(), THERE), group(question.needed(), MISSING));
        R there = question.ask(client, THERE, version);
        R missing = question.ask(client, MISSING, version);
        assertThat(question.errorsOf(there)).isNotEmpty().containsOnly(ErrorCode.GROUP_AUTHORIZATION_FAILED);
        assertThat(there.toString().replace(THERE, MISSING)).isEqualTo(missing.toString());
        assertThat(there.toString()).doesNotContain(memberId);
        assertThat(describe(THERE)).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("everyQuestionAtEveryVersion")
    <R extends Message> void withTheOneOperationItServes(Question<R> question, int version) {
        String own = "own-" + question + "-" + version;
        rules.allowOnly(group(question.needed(), own), topic(Operation.READ, TOPIC), topic(Operation.DESCRIBE, TOPIC));
        assertThat(question.errorsOf(question.ask(client, own, version)))
                .isNotEmpty()
                .doesNotContain(ErrorCode.GROUP_AUTHORIZATION_FAILED, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
    }

    Stream<Integer> findVersionsOfMany() {
        return versionsOf(FindCoordinatorRequest.API).filter(version -> version >= 4);
    }

    @ParameterizedTest
    @MethodSource("findVersionsOfMany")
    void coordinatorsAreToldOfThoseGroupsThatTheClientMaySee(int version) {
        rules.allowOnly(group(Operation.DESCRIBE, "mine"));
        FindCoordinatorResponse response = client.call(
                FindCoordinatorRequest.API,
                FindCoordinatorRequest.builder()
                        .coordinatorKeys(List.of("theirs", "mine"))
                        .build(),
                version,
                FindCoordinatorResponse::read);
        assertThat(response.coordinators()).extracting(Coordinator::key).containsExactly("theirs", "mine");
        assertThat(response.coordinators())
                .extracting(Coordinator::errorCode)
                .containsExactly(ErrorCode.GROUP_AUTHORIZATION_FAILED.code(), ErrorCode.NONE.code());
        assertThat(response.coordinators().get(0).host()).isEmpty();
        assertThat(response.coordinators().get(0).port()).isEqualTo(-1);
        assertThat(response.coordinators().get(1).port())
                .isEqualTo(broker.address().getPort());
    }

    @Test
    void whoMaySeeNoGroupDoesNotGetTheOffsetsTopicCreated() {
        TestRules strict = new TestRules();
        strict.allowOnly();
        try (EmbeddedBroker fresh = EmbeddedBroker.builder()
                        .extension(MemoryStorageEngineFactory::new)
                        .extension(GroupHandlers::new)
                        .extension(() -> strict)
                        .setting("authorizer", TestRules.NAME)
                        .start();
                WireClient first = fresh.connect()) {
            questions()
                    .forEach(question ->
                            question.ask(first, "any", question.api().lowestVersion()));
            assertThat(fresh.services().topics().all()).isEmpty();
        }
    }

    @Test
    void theOperationsThatAreToldAreThoseThatAreAllowed() {
        List<Operation> operations = List.of(
                Operation.READ,
                Operation.DELETE,
                Operation.DESCRIBE,
                Operation.DESCRIBE_CONFIGS,
                Operation.ALTER_CONFIGS);
        for (int subset = 0; subset < 1 << operations.size(); subset++) {
            List<Operation> allowed = new ArrayList<>();
            int bits = 0;
            for (int i = 0; i < operations.size(); i++) {
                if ((subset & 1 << i) != 0) {
                    allowed.add(operations.get(i));
                    bits |= 1 << operations.get(i).code();
                }
            }
            rules.allowOnly(
                    allowed.stream().map(operation -> group(operation, THERE)).toArray(Grant[]::new));
            boolean visible = allowed.contains(Operation.DESCRIBE);
            for (int version = 3; version <= DescribeGroupsRequest.API.highestVersion(); version++) {
                DescribedGroup described = client.call(
                                DescribeGroupsRequest.API,
                                DescribeGroupsRequest.builder()
                                        .groups(List.of(THERE))
                                        .includeAuthorizedOperations(true)
                                        .build(),
                                version,
                                DescribeGroupsResponse::read)
                        .groups()
                        .get(0);
                assertThat(described.authorizedOperations()).isEqualTo(visible ? bits : Integer.MIN_VALUE);
                assertThat(described.members()).hasSize(visible ? 1 : 0);
            }
        }
    }

    Stream<Integer> describeVersions() {
        return versionsOf(DescribeGroupsRequest.API);
    }

    @ParameterizedTest
    @MethodSource("describeVersions")
    void groupsAreDescribedBesideThoseThatAreNot(int version) {
        rules.allowAllBut(group(Operation.DESCRIBE, "theirs"));
        DescribeGroupsResponse response = client.call(
                DescribeGroupsRequest.API,
                DescribeGroupsRequest.builder().groups(List.of("theirs", THERE)).build(),
                version,
                DescribeGroupsResponse::read);
        assertThat(response.groups()).extracting(DescribedGroup::groupId).containsExactly("theirs", THERE);
        assertThat(response.groups().get(0).errorCode()).isEqualTo(ErrorCode.GROUP_AUTHORIZATION_FAILED.code());
        assertThat(response.groups().get(0).groupState()).isEmpty();
        assertThat(response.groups().get(1).groupState()).isEqualTo("Stable");
        assertThat(response.groups().get(1).authorizedOperations()).isEqualTo(Integer.MIN_VALUE);
    }

    private void makeGroup(String group) {
        rules.allowAll();
        client.call(OffsetCommitRequest.API, commitRequest(group, 9), 9, OffsetCommitResponse::read);
    }

    Stream<Integer> listVersions() {
        return versionsOf(ListGroupsRequest.API);
    }

    @ParameterizedTest
    @MethodSource("listVersions")
    void groupsAreListedWhereTheClusterOrTheyMayBeSeen(int version) {
        makeGroup("listed");
        makeGroup("hidden");
        rules.allowOnly();
        assertThat(list(version)).isEmpty();
        rules.allowOnly(group(Operation.DESCRIBE, "listed"), group(Operation.READ, "hidden"));
        assertThat(list(version)).containsExactly("listed");
        rules.allowOnly(new Grant(Operation.DESCRIBE, Resource.CLUSTER));
        assertThat(list(version)).contains(THERE, "listed", "hidden");
    }

    private List<String> list(int version) {
        ListGroupsResponse response = client.call(
                ListGroupsRequest.API, ListGroupsRequest.builder().build(), version, ListGroupsResponse::read);
        assertThat(response.errorCode()).isZero();
        return response.groups().stream().map(ListedGroup::groupId).toList();
    }

    Stream<Integer> deleteVersions() {
        return versionsOf(DeleteGroupsRequest.API);
    }

    @ParameterizedTest
    @MethodSource("deleteVersions")
    void groupsAreDeletedBesideThoseThatAreNot(int version) {
        makeGroup("kept");
        makeGroup("deleted");
        rules.allowOnly(group(Operation.DELETE, "deleted"));
        DeleteGroupsResponse response = client.call(
                DeleteGroupsRequest.API,
                DeleteGroupsRequest.builder()
                        .groupsNames(List.of("kept", "deleted"))
                        .build(),
                version,
                DeleteGroupsResponse::read);
        assertThat(response.results())
                .extracting(result -> ErrorCode.forCode(result.errorCode()))
                .containsExactly(ErrorCode.GROUP_AUTHORIZATION_FAILED, ErrorCode.NONE);
        rules.allowAll();
        assertThat(list(5)).contains("kept").doesNotContain("deleted");
    }
}
