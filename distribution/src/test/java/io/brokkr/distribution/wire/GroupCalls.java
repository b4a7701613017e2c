package io.brokkr.distribution.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/** JoinGroup and SyncGroup, of one member or of several on one connection: then the requests arrive in a certain order, and the answers come in it. */
final class GroupCalls {

    static final String TYPE = "consumer";

    /** A version at which newcomers join at once. */
    static final int WITHOUT_MEMBER_ID_REQUIRED = 3;

    static final int NEWEST_JOIN = 9;
    static final int NEWEST_SYNC = 5;

    private GroupCalls() {}

    /** A request of a newcomer that offers protocols in the order of its preference, with its first one's name as metadata. */
    static JoinGroupRequestData joining(String group, String... protocols) {
        JoinGroupRequestData request = new JoinGroupRequestData()
                .setGroupId(group)
                .setSessionTimeoutMs(30_000)
                .setRebalanceTimeoutMs(30_000)
                .setProtocolType(TYPE);
        for (String protocol : protocols) {
            request.protocols()
                    .add(new JoinGroupRequestProtocol()
                            .setName(protocol)
                            .setMetadata(protocols[0].getBytes(StandardCharsets.UTF_8)));
        }
        return request;
    }

    /** Joins that complete together. */
    static List<JoinGroupResponseData> join(KafkaConnection connection, int version, JoinGroupRequestData... requests) {
        List<Integer> sent = new ArrayList<>();
        for (JoinGroupRequestData request : requests) {
            sent.add(connection.send(request, version));
        }
        List<JoinGroupResponseData> answers = new ArrayList<>();
        for (int correlationId : sent) {
            JoinGroupResponseData answer = connection.receive(correlationId, version, new JoinGroupResponseData());
            assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
            answers.add(answer);
        }
        return answers;
    }

    /** A request of a member that is no leader. */
    static SyncGroupRequestData following(String group, JoinGroupResponseData joined) {
        return new SyncGroupRequestData()
                .setGroupId(group)
                .setMemberId(joined.memberId())
                .setGenerationId(joined.generationId())
                .setProtocolType(TYPE)
                .setProtocolName(joined.protocolName());
    }

    static SyncGroupRequestAssignment assignment(JoinGroupResponseData joined, byte... bytes) {
        return new SyncGroupRequestAssignment().setMemberId(joined.memberId()).setAssignment(bytes);
    }

    static Errors sync(KafkaConnection connection, int version, SyncGroupRequestData request) {
        return Errors.forCode(
                connection.call(request, version, new SyncGroupResponseData()).errorCode());
    }
}
