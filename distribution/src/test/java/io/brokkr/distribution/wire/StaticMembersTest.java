package io.brokkr.distribution.wire;

import static io.brokkr.distribution.wire.GroupCalls.NEWEST_JOIN;
import static io.brokkr.distribution.wire.GroupCalls.assignment;
import static io.brokkr.distribution.wire.GroupCalls.following;
import static io.brokkr.distribution.wire.GroupCalls.join;
import static io.brokkr.distribution.wire.GroupCalls.joining;
import static io.brokkr.distribution.wire.GroupCalls.sync;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Members with a name of their own (KIP-345). Each test is a fault that a Kafka-compatible broker had. */
class StaticMembersTest {

    private static final String INSTANCE = "instance";
    private static final int SYNC_VERSION = 5;

    @RegisterExtension
    static final ShippedPlugins BROKER = new ShippedPlugins();

    static IntStream joinVersions() {
        return IntStream.rangeClosed(5, NEWEST_JOIN);
    }

    private static JoinGroupRequestData joiningAsInstance(String group) {
        return joining(group, "range").setGroupInstanceId(INSTANCE);
    }

    private static JoinGroupResponseData assigned(KafkaConnection connection, int version, String group) {
        JoinGroupResponseData joined =
                join(connection, version, joiningAsInstance(group)).get(0);
        assertThat(sync(
                        connection,
                        SYNC_VERSION,
                        following(group, joined)
                                .setGroupInstanceId(INSTANCE)
                                .setAssignments(List.of(assignment(joined, (byte) 1, (byte) 2)))))
                .isEqualTo(Errors.NONE);
        return joined;
    }

    @ParameterizedTest
    @MethodSource("joinVersions")
    void aMemberThatComesBackGetsItsAssignmentWithoutARebalance(int version) {
        String group = "back-" + version;
        try (KafkaConnection connection = BROKER.connect()) {
            JoinGroupResponseData before = assigned(connection, version, group);
            JoinGroupResponseData after =
                    join(connection, version, joiningAsInstance(group)).get(0);
            assertThat(after.generationId()).isEqualTo(before.generationId());
            assertThat(after.memberId()).isNotEqualTo(before.memberId());
            SyncGroupResponseData synced = connection.call(
                    following(group, after).setGroupInstanceId(INSTANCE), SYNC_VERSION, new SyncGroupResponseData());
            assertThat(Errors.forCode(synced.errorCode())).isEqualTo(Errors.NONE);
            assertThat(synced.assignment()).containsExactly(1, 2);
        }
    }

    @ParameterizedTest
    @MethodSource("joinVersions")
    void theOneBeforeIsFenced(int version) {
        String group = "fenced-" + version;
        try (KafkaConnection connection = BROKER.connect()) {
            JoinGroupResponseData before = assigned(connection, version, group);
            JoinGroupResponseData after =
                    join(connection, version, joiningAsInstance(group)).get(0);
            assertThat(heartbeat(connection, group, before)).isEqualTo(Errors.FENCED_INSTANCE_ID);
            assertThat(sync(connection, SYNC_VERSION, following(group, before).setGroupInstanceId(INSTANCE)))
                    .isEqualTo(Errors.FENCED_INSTANCE_ID);
            JoinGroupResponseData rejoined = connection.call(
                    joiningAsInstance(group).setMemberId(before.memberId()), version, new JoinGroupResponseData());
            assertThat(Errors.forCode(rejoined.errorCode())).isEqualTo(Errors.FENCED_INSTANCE_ID);
            assertThat(heartbeat(connection, group, after)).isEqualTo(Errors.NONE);
        }
    }

    private static Errors heartbeat(KafkaConnection connection, String group, JoinGroupResponseData member) {
        HeartbeatRequestData request = new HeartbeatRequestData()
                .setGroupId(group)
                .setGroupInstanceId(INSTANCE)
                .setMemberId(member.memberId())
                .setGenerationId(member.generationId());
        return Errors.forCode(
                connection.call(request, 4, new HeartbeatResponseData()).errorCode());
    }
}
