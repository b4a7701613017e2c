package io.brokkr.distribution.wire;

import static io.brokkr.distribution.wire.GroupCalls.NEWEST_JOIN;
import static io.brokkr.distribution.wire.GroupCalls.NEWEST_SYNC;
import static io.brokkr.distribution.wire.GroupCalls.WITHOUT_MEMBER_ID_REQUIRED;
import static io.brokkr.distribution.wire.GroupCalls.assignment;
import static io.brokkr.distribution.wire.GroupCalls.following;
import static io.brokkr.distribution.wire.GroupCalls.join;
import static io.brokkr.distribution.wire.GroupCalls.joining;
import static io.brokkr.distribution.wire.GroupCalls.sync;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.testkit.EmbeddedBroker;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The members of groups. Each test is a fault that a Kafka-compatible broker had. */
class GroupsTest {

    @RegisterExtension
    static final ShippedPlugins BROKER = new ShippedPlugins();

    static IntStream joinVersions() {
        return IntStream.rangeClosed(0, NEWEST_JOIN);
    }

    static IntStream syncVersions() {
        return IntStream.rangeClosed(0, NEWEST_SYNC);
    }

    /** KIP-394: else a newcomer whose answer is lost stays in the group as a member that nobody is. */
    @ParameterizedTest
    @MethodSource("joinVersions")
    void aNewcomerFirstGetsTheIdToJoinWith(int version) {
        JoinGroupRequestData request = joining("newcomer-" + version, "range");
        try (KafkaConnection connection = BROKER.connect()) {
            JoinGroupResponseData answer = connection.call(request, version, new JoinGroupResponseData());
            if (version > WITHOUT_MEMBER_ID_REQUIRED) {
                assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.MEMBER_ID_REQUIRED);
                assertThat(answer.memberId()).isNotEmpty();
                String given = answer.memberId();
                answer = connection.call(request.setMemberId(given), version, new JoinGroupResponseData());
                assertThat(answer.memberId()).isEqualTo(given);
            }
            assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
            assertThat(answer.generationId()).isEqualTo(1);
            assertThat(answer.leader()).isEqualTo(answer.memberId());
        }
    }

    /** KafkaJS sends «RoundRobinAssigner»: a broker that knows only Java's names of protocols has no group for it. */
    @Test
    void theProtocolIsOpaqueAndChosenByVotesAmongThoseThatAllSupport() {
        String group = "votes";
        try (KafkaConnection connection = BROKER.connect()) {
            // Two of three would rather have the first one, which the third does not know, and then each has another
            // preference.
            JoinGroupRequestData first = joining(group, "only ours", "RoundRobinAssigner", "любой");
            String leader = join(connection, 3, first).get(0).memberId();
            List<JoinGroupResponseData> joined = join(
                    connection,
                    3,
                    joining(group, "only ours", "любой", "RoundRobinAssigner"),
                    joining(group, "любой", "RoundRobinAssigner"),
                    first.setMemberId(leader));
            assertThat(joined)
                    .allSatisfy(answer -> assertThat(answer.protocolName()).isEqualTo("любой"));

            JoinGroupRequestData stranger = joining(group, "only ours", "theirs");
            assertThat(Errors.forCode(connection
                            .call(stranger, 3, new JoinGroupResponseData())
                            .errorCode()))
                    .isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
        }
    }

    @Test
    void theLeaderAloneLearnsOfTheMembersAndTheirMetadata() {
        String group = "leader";
        try (KafkaConnection connection = BROKER.connect()) {
            JoinGroupRequestData first = joining(group, "range");
            first.protocols().find("range").setMetadata(new byte[] {0, -1, 7});
            String leader = join(connection, 3, first).get(0).memberId();
            List<JoinGroupResponseData> joined =
                    join(connection, 3, joining(group, "range"), first.setMemberId(leader));
            assertThat(joined.get(0).members()).isEmpty();
            assertThat(joined.get(1).members())
                    .extracting(JoinGroupResponseMember::memberId)
                    .containsExactlyInAnyOrder(joined.get(0).memberId(), leader);
            assertThat(joined.get(1).members())
                    .filteredOn(member -> member.memberId().equals(leader))
                    .extracting(JoinGroupResponseMember::metadata)
                    .containsExactly(new byte[] {0, -1, 7});
        }
    }

    @ParameterizedTest
    @MethodSource("syncVersions")
    void syncGivesWhatTheLeaderAssignedByteForByteAlsoNothing(int version) {
        String group = "assigned-" + version;
        try (KafkaConnection connection = BROKER.connect()) {
            JoinGroupRequestData first = joining(group, "range");
            String id = join(connection, 3, first).get(0).memberId();
            List<JoinGroupResponseData> joined =
                    join(connection, 3, joining(group, "range"), joining(group, "range"), first.setMemberId(id));
            JoinGroupResponseData leader = joined.get(2);
            byte[] bytes = {0, -1, 127, -128, 10};
            // The third member is assigned an empty array, and the second nothing at all.
            SyncGroupRequestData assigning = following(group, leader)
                    .setAssignments(List.of(assignment(leader, bytes), assignment(joined.get(1))));
            int second = connection.send(following(group, joined.get(0)), version);
            int third = connection.send(following(group, joined.get(1)), version);
            int own = connection.send(assigning, version);
            assertThat(assigned(connection, second, version)).isEmpty();
            assertThat(assigned(connection, third, version)).isEmpty();
            assertThat(assigned(connection, own, version)).isEqualTo(bytes);
        }
    }

    private static byte[] assigned(KafkaConnection connection, int correlationId, int version) {
        SyncGroupResponseData answer = connection.receive(correlationId, version, new SyncGroupResponseData());
        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
        return answer.assignment();
    }

    @Test
    void syncChecksTheProtocolFromVersion5On() {
        String group = "checked";
        try (KafkaConnection connection = BROKER.connect()) {
            JoinGroupResponseData joined =
                    join(connection, 3, joining(group, "range")).get(0);
            assertThat(sync(connection, 5, following(group, joined).setProtocolName("sticky")))
                    .isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
            assertThat(sync(connection, 5, following(group, joined).setProtocolType("connect")))
                    .isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
            assertThat(sync(connection, 5, following(group, joined))).isEqualTo(Errors.NONE);
        }
    }

    @Test
    void theGenerationGrowsOnceARebalanceAndNotOnceAJoin() {
        String group = "generations";
        try (KafkaConnection connection = BROKER.connect()) {
            JoinGroupRequestData first = joining(group, "range");
            JoinGroupResponseData alone = join(connection, 3, first).get(0);
            assertThat(alone.generationId()).isEqualTo(1);
            first.setMemberId(alone.memberId());
            List<JoinGroupResponseData> joined = join(
                    connection, 3, joining(group, "range"), joining(group, "range"), joining(group, "range"), first);
            assertThat(joined).extracting(JoinGroupResponseData::generationId).containsOnly(2);
        }
    }

    /** And not when their sessions end, 30 seconds later. */
    @Test
    void membersThatDoNotRejoinAreDroppedAtTheRebalanceTimeout() {
        String group = "dropped";
        // Also the time that the silent one has for its sync, on a machine that is busy.
        int timeoutMillis = 2_000;
        try (KafkaConnection silent = BROKER.connect();
                KafkaConnection connection = BROKER.connect()) {
            JoinGroupResponseData joined = join(
                            silent, 3, joining(group, "range").setRebalanceTimeoutMs(timeoutMillis))
                    .get(0);
            assertThat(sync(silent, 3, following(group, joined))).isEqualTo(Errors.NONE);
            long before = System.nanoTime();
            JoinGroupResponseData next = join(
                            connection, 3, joining(group, "range").setRebalanceTimeoutMs(timeoutMillis))
                    .get(0);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(15));
            assertThat(next.generationId()).isEqualTo(2);
            assertThat(next.members())
                    .extracting(JoinGroupResponseMember::memberId)
                    .containsExactly(next.memberId());
        }
    }

    /** The first use creates the topic that keeps the groups, and the answer waits for it. */
    @ParameterizedTest
    @ValueSource(ints = {0, 3, 6})
    void theCoordinatorOfAFreshBrokerIsFoundAtOnce(int version) {
        FindCoordinatorRequestData request = new FindCoordinatorRequestData();
        if (version < 4) {
            request.setKey("group");
        } else {
            request.setCoordinatorKeys(List.of("group"));
        }
        try (EmbeddedBroker fresh = ShippedPlugins.start();
                KafkaConnection connection = new KafkaConnection(fresh.connect())) {
            FindCoordinatorResponseData answer = connection.call(request, version, new FindCoordinatorResponseData());
            Coordinator found = version >= 4
                    ? answer.coordinators().get(0)
                    : new Coordinator()
                            .setErrorCode(answer.errorCode())
                            .setHost(answer.host())
                            .setPort(answer.port());
            assertThat(Errors.forCode(found.errorCode())).isEqualTo(Errors.NONE);
            assertThat(found.host()).isEqualTo("localhost");
            assertThat(found.port()).isEqualTo(fresh.address().getPort());
            assertThat(join(connection, 3, joining("group", "range"))).hasSize(1);
        }
    }
}
