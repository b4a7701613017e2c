package io.brokkr.plugin.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.DeleteGroupsRequest;
import io.brokkr.protocol.message.DeleteGroupsResponse;
import io.brokkr.protocol.message.DescribeGroupsRequest;
import io.brokkr.protocol.message.DescribeGroupsResponse;
import io.brokkr.protocol.message.DescribeGroupsResponse.DescribedGroup;
import io.brokkr.protocol.message.FindCoordinatorRequest;
import io.brokkr.protocol.message.FindCoordinatorResponse;
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
import io.brokkr.protocol.message.SyncGroupRequest;
import io.brokkr.protocol.message.SyncGroupRequest.SyncGroupRequestAssignment;
import io.brokkr.protocol.message.SyncGroupResponse;
import io.brokkr.spi.Topic;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.WireClient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The APIs of members and administrators, at all their versions, over a socket. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GroupApisTest {

    private EmbeddedBroker broker;
    private WireClient client;

    @BeforeAll
    void start() {
        broker = EmbeddedBroker.builder()
                .extension(MemoryStorageEngineFactory::new)
                .extension(GroupHandlers::new)
                .setting("group.initial.rebalance.delay.ms", "0")
                .start();
        client = broker.connect();
    }

    @AfterAll
    void stop() {
        client.close();
        broker.close();
    }

    private <R extends Message> R call(Api<?> api, Message request, int version, Api.Decoder<R> decoder) {
        return client.call(api, request, version, decoder);
    }

    private static List<Integer> versionsOf(Api<?> api) {
        return IntStream.rangeClosed(api.lowestVersion(), api.highestVersion())
                .boxed()
                .toList();
    }

    @Test
    void servesAllVersionsOfItsApisAndNoOthers() {
        assertThat(broker.services().apis())
                .extracting(Api::name, Api::lowestVersion, Api::highestVersion)
                .containsExactly(
                        tuple("OffsetCommit", 0, 10),
                        tuple("OffsetFetch", 0, 10),
                        tuple("FindCoordinator", 0, 6),
                        tuple("JoinGroup", 0, 9),
                        tuple("Heartbeat", 0, 4),
                        tuple("LeaveGroup", 0, 5),
                        tuple("SyncGroup", 0, 5),
                        tuple("DescribeGroups", 0, 6),
                        tuple("ListGroups", 0, 5),
                        tuple("DeleteGroups", 0, 3),
                        tuple("OffsetDelete", 0, 0));
    }

    static List<Integer> findCoordinatorVersions() {
        return versionsOf(FindCoordinatorRequest.API);
    }

    @ParameterizedTest
    @MethodSource("findCoordinatorVersions")
    void coordinatorIsFoundAtOnceOnAFreshBroker(int version) {
        try (EmbeddedBroker fresh = EmbeddedBroker.builder()
                        .extension(MemoryStorageEngineFactory::new)
                        .extension(GroupHandlers::new)
                        .start();
                WireClient first = fresh.connect()) {
            assertThat(fresh.services().topics().find(OffsetsTopic.NAME)).isNull();
            FindCoordinatorRequest.Builder request = FindCoordinatorRequest.builder();
            FindCoordinatorResponse response = first.call(
                    FindCoordinatorRequest.API,
                    (version < 4 ? request.key("group") : request.coordinatorKeys(List.of("group", "other"))).build(),
                    version,
                    FindCoordinatorResponse::read);
            int port = fresh.address().getPort();
            if (version < 4) {
                assertThat(response.errorCode()).isZero();
                assertThat(response.port()).isEqualTo(port);
            } else {
                assertThat(response.coordinators()).hasSize(2).allSatisfy(coordinator -> {
                    assertThat(coordinator.errorCode()).isZero();
                    assertThat(coordinator.port()).isEqualTo(port);
                });
            }
            Topic topic = fresh.services().topics().find(OffsetsTopic.NAME);
            assertThat(topic.internal()).isTrue();
            assertThat(topic.partitionCount()).isEqualTo(50);
            assertThat(topic.overrides()).containsEntry("cleanup.policy", "compact");
        }
    }

    @ParameterizedTest
    @MethodSource("findCoordinatorVersions")
    void thereAreNoCoordinatorsOfTransactions(int version) {
        if (version == 0) {
            return; // Which knows no other coordinators than those of groups.
        }
        FindCoordinatorRequest.Builder request =
                FindCoordinatorRequest.builder().keyType((byte) 1);
        FindCoordinatorResponse response = call(
                FindCoordinatorRequest.API,
                (version < 4 ? request.key("id") : request.coordinatorKeys(List.of("id"))).build(),
                version,
                FindCoordinatorResponse::read);
        short error = version < 4
                ? response.errorCode()
                : response.coordinators().get(0).errorCode();
        assertThat(ErrorCode.forCode(error)).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    private static JoinGroupRequest.Builder joinRequest(String group) {
        return JoinGroupRequest.builder()
                .groupId(group)
                .sessionTimeoutMs(30_000)
                .protocolType("consumer")
                .protocols(List.of(JoinGroupRequestProtocol.builder()
                        .name("range")
                        .metadata(Bytes.copyOf(new byte[] {1, 2, 3}))
                        .build()));
    }

    private JoinGroupResponse join(JoinGroupRequest.Builder request, int version) {
        if (version >= 1) {
            request.rebalanceTimeoutMs(60_000);
        }
        JoinGroupResponse response = call(JoinGroupRequest.API, request.build(), version, JoinGroupResponse::read);
        if (response.errorCode() == ErrorCode.MEMBER_ID_REQUIRED.code()) {
            response = call(
                    JoinGroupRequest.API,
                    request.memberId(response.memberId()).build(),
                    version,
                    JoinGroupResponse::read);
        }
        assertThat(ErrorCode.forCode(response.errorCode())).isEqualTo(ErrorCode.NONE);
        return response;
    }

    static List<Integer> joinVersions() {
        return versionsOf(JoinGroupRequest.API);
    }

    @ParameterizedTest
    @MethodSource("joinVersions")
    void joinAtEveryVersion(int version) {
        JoinGroupResponse joined = join(joinRequest("join-" + version), version);
        assertThat(joined.generationId()).isEqualTo(1);
        assertThat(joined.leader()).isEqualTo(joined.memberId());
        assertThat(joined.members()).hasSize(1);
        assertThat(joined.protocolName()).isEqualTo("range");
        assertThat(joined.protocolType()).isEqualTo(version >= 7 ? "consumer" : null);
        JoinGroupResponse refused = call(
                JoinGroupRequest.API,
                joinRequest("join-" + version).memberId("nobody").build(),
                version,
                JoinGroupResponse::read);
        assertThat(ErrorCode.forCode(refused.errorCode())).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        JoinGroupResponse nameless =
                call(JoinGroupRequest.API, joinRequest("").build(), version, JoinGroupResponse::read);
        assertThat(ErrorCode.forCode(nameless.errorCode())).isEqualTo(ErrorCode.INVALID_GROUP_ID);
    }

    static List<Integer> syncVersions() {
        return versionsOf(SyncGroupRequest.API);
    }

    @ParameterizedTest
    @MethodSource("syncVersions")
    void syncAtEveryVersion(int version) {
        JoinGroupResponse joined = join(joinRequest("sync-" + version), 9);
        Bytes assignment = Bytes.copyOf(new byte[] {9, 8, 7});
        SyncGroupRequest.Builder request = SyncGroupRequest.builder()
                .groupId("sync-" + version)
                .memberId(joined.memberId())
                .generationId(joined.generationId())
                .assignments(List.of(SyncGroupRequestAssignment.builder()
                        .memberId(joined.memberId())
                        .assignment(assignment)
                        .build()));
        if (version >= 5) {
            request.protocolType("consumer").protocolName("range");
        }
        SyncGroupResponse response = call(SyncGroupRequest.API, request.build(), version, SyncGroupResponse::read);
        assertThat(ErrorCode.forCode(response.errorCode())).isEqualTo(ErrorCode.NONE);
        assertThat(response.assignment()).isEqualTo(assignment);
        assertThat(response.protocolName()).isEqualTo(version >= 5 ? "range" : null);
        SyncGroupResponse refused =
                call(SyncGroupRequest.API, request.memberId("nobody").build(), version, SyncGroupResponse::read);
        assertThat(ErrorCode.forCode(refused.errorCode())).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    static List<Integer> heartbeatVersions() {
        return versionsOf(HeartbeatRequest.API);
    }

    @ParameterizedTest
    @MethodSource("heartbeatVersions")
    void heartbeatAtEveryVersion(int version) {
        JoinGroupResponse joined = join(joinRequest("heartbeat-" + version), 9);
        HeartbeatRequest.Builder request = HeartbeatRequest.builder()
                .groupId("heartbeat-" + version)
                .memberId(joined.memberId())
                .generationId(joined.generationId());
        HeartbeatResponse response = call(HeartbeatRequest.API, request.build(), version, HeartbeatResponse::read);
        assertThat(ErrorCode.forCode(response.errorCode())).isEqualTo(ErrorCode.NONE);
        HeartbeatResponse refused =
                call(HeartbeatRequest.API, request.generationId(17).build(), version, HeartbeatResponse::read);
        assertThat(ErrorCode.forCode(refused.errorCode())).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
    }

    static List<Integer> leaveVersions() {
        return versionsOf(LeaveGroupRequest.API);
    }

    @ParameterizedTest
    @MethodSource("leaveVersions")
    void leaveAtEveryVersion(int version) {
        JoinGroupResponse joined = join(joinRequest("leave-" + version), 9);
        for (ErrorCode expected : List.of(ErrorCode.NONE, ErrorCode.UNKNOWN_MEMBER_ID)) {
            LeaveGroupRequest.Builder request = LeaveGroupRequest.builder().groupId("leave-" + version);
            if (version < 3) {
                request.memberId(joined.memberId());
            } else {
                request.members(List.of(
                        MemberIdentity.builder().memberId(joined.memberId()).build()));
            }
            LeaveGroupResponse response =
                    call(LeaveGroupRequest.API, request.build(), version, LeaveGroupResponse::read);
            if (version < 3) {
                assertThat(ErrorCode.forCode(response.errorCode())).isEqualTo(expected);
            } else {
                assertThat(response.errorCode()).isZero();
                assertThat(response.members())
                        .extracting(member -> ErrorCode.forCode(member.errorCode()))
                        .containsExactly(expected);
            }
        }
    }

    static List<Integer> describeVersions() {
        return versionsOf(DescribeGroupsRequest.API);
    }

    @ParameterizedTest
    @MethodSource("describeVersions")
    void describeAtEveryVersion(int version) {
        String group = "describe-" + version;
        JoinGroupResponse joined = join(joinRequest(group).groupInstanceId("instance"), 9);
        call(
                SyncGroupRequest.API,
                SyncGroupRequest.builder()
                        .groupId(group)
                        .memberId(joined.memberId())
                        .groupInstanceId("instance")
                        .generationId(1)
                        .assignments(List.of(SyncGroupRequestAssignment.builder()
                                .memberId(joined.memberId())
                                .assignment(Bytes.copyOf(new byte[] {4}))
                                .build()))
                        .build(),
                5,
                SyncGroupResponse::read);
        DescribeGroupsRequest.Builder request =
                DescribeGroupsRequest.builder().groups(List.of(group, "nothing-" + version));
        if (version >= 3) {
            request.includeAuthorizedOperations(true);
        }
        DescribeGroupsResponse response =
                call(DescribeGroupsRequest.API, request.build(), version, DescribeGroupsResponse::read);
        DescribedGroup described = response.groups().get(0);
        assertThat(described.groupState()).isEqualTo("Stable");
        assertThat(described.protocolType()).isEqualTo("consumer");
        assertThat(described.protocolData()).isEqualTo("range");
        assertThat(described.members()).singleElement().satisfies(member -> {
            assertThat(member.memberId()).isEqualTo(joined.memberId());
            assertThat(member.groupInstanceId()).isEqualTo(version >= 4 ? "instance" : null);
            assertThat(member.clientId()).isEqualTo("wire-client");
            assertThat(member.clientHost()).isEqualTo("/127.0.0.1");
            assertThat(member.memberMetadata()).isEqualTo(Bytes.copyOf(new byte[] {1, 2, 3}));
            assertThat(member.memberAssignment()).isEqualTo(Bytes.copyOf(new byte[] {4}));
        });
        assertThat(described.authorizedOperations()).isEqualTo(version >= 3 ? 3400 : Integer.MIN_VALUE);
        DescribedGroup unknown = response.groups().get(1);
        assertThat(unknown.groupState()).isEqualTo("Dead");
        assertThat(ErrorCode.forCode(unknown.errorCode()))
                .isEqualTo(version >= 6 ? ErrorCode.GROUP_ID_NOT_FOUND : ErrorCode.NONE);
    }

    static List<Integer> listVersions() {
        return versionsOf(ListGroupsRequest.API);
    }

    @ParameterizedTest
    @MethodSource("listVersions")
    void listAtEveryVersion(int version) {
        join(joinRequest("list-" + version), 9);
        assertThat(list(version, List.of(), List.of()))
                .filteredOn(group -> group.groupId().equals("list-" + version))
                .singleElement()
                .satisfies(group -> {
                    assertThat(group.protocolType()).isEqualTo("consumer");
                    assertThat(group.groupState()).isEqualTo(version >= 4 ? "CompletingRebalance" : "");
                    assertThat(group.groupType()).isEqualTo(version >= 5 ? "classic" : "");
                });
        if (version >= 4) {
            assertThat(list(version, List.of("completingrebalance", "Dead"), List.of()))
                    .extracting(ListedGroup::groupId)
                    .contains("list-" + version);
            assertThat(list(version, List.of("Empty"), List.of()))
                    .extracting(ListedGroup::groupId)
                    .doesNotContain("list-" + version);
        }
        if (version >= 5) {
            assertThat(list(version, List.of(), List.of("Classic"))).isNotEmpty();
            assertThat(list(version, List.of(), List.of("consumer", "share"))).isEmpty();
        }
    }

    private List<ListedGroup> list(int version, List<String> states, List<String> types) {
        return call(
                        ListGroupsRequest.API,
                        ListGroupsRequest.builder()
                                .statesFilter(states)
                                .typesFilter(types)
                                .build(),
                        version,
                        ListGroupsResponse::read)
                .groups();
    }

    @Test
    void freshBrokerHasNoGroupsAndMakesNoTopicForSayingSo() {
        try (EmbeddedBroker fresh = EmbeddedBroker.builder()
                        .extension(MemoryStorageEngineFactory::new)
                        .extension(GroupHandlers::new)
                        .start();
                WireClient first = fresh.connect()) {
            ListGroupsResponse response = first.call(
                    ListGroupsRequest.API, ListGroupsRequest.builder().build(), 5, ListGroupsResponse::read);
            assertThat(response.errorCode()).isZero();
            assertThat(response.groups()).isEmpty();
            assertThat(fresh.services().topics().all()).isEmpty();
        }
    }

    static List<Integer> deleteVersions() {
        return versionsOf(DeleteGroupsRequest.API);
    }

    @ParameterizedTest
    @MethodSource("deleteVersions")
    void deleteAtEveryVersion(int version) {
        String full = "delete-full-" + version;
        String empty = "delete-empty-" + version;
        join(joinRequest(full), 9);
        JoinGroupResponse gone = join(joinRequest(empty), 9);
        call(
                LeaveGroupRequest.API,
                LeaveGroupRequest.builder()
                        .groupId(empty)
                        .members(List.of(MemberIdentity.builder()
                                .memberId(gone.memberId())
                                .build()))
                        .build(),
                5,
                LeaveGroupResponse::read);
        DeleteGroupsResponse response = call(
                DeleteGroupsRequest.API,
                DeleteGroupsRequest.builder()
                        .groupsNames(List.of(full, empty, "nothing", empty))
                        .build(),
                version,
                DeleteGroupsResponse::read);
        assertThat(response.results())
                .extracting(result -> ErrorCode.forCode(result.errorCode()))
                .containsExactly(ErrorCode.NON_EMPTY_GROUP, ErrorCode.NONE, ErrorCode.GROUP_ID_NOT_FOUND);
        assertThat(response.results().get(0).errorMessage() != null).isEqualTo(version >= 3);
    }

    @Test
    void groupsSpreadOverThePartitionsAsInKafka() {
        // abs(hashCode) modulo 50, and 0 for the one hash that has no absolute value.
        assertThat(Coordinators.partitionOf("my-group", 50)).isEqualTo(12);
        assertThat("polygenelubricants".hashCode()).isEqualTo(Integer.MIN_VALUE);
        assertThat(Coordinators.partitionOf("polygenelubricants", 50)).isZero();
        List<Integer> used = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            used.add(Coordinators.partitionOf("group-" + i, 50));
        }
        assertThat(used).allMatch(partition -> partition >= 0 && partition < 50);
    }
}
