package io.brokkr.plugin.groups;

import static io.brokkr.plugin.groups.GroupScript.GROUP;
import static io.brokkr.plugin.groups.GroupScript.bytes;
import static io.brokkr.plugin.groups.GroupScript.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.MessageWriter;
import io.brokkr.protocol.message.ConsumerProtocolSubscription;
import io.brokkr.protocol.message.JoinGroupRequest.JoinGroupRequestProtocol;
import io.brokkr.protocol.message.JoinGroupResponse;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.TopicPartition;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CommittingTest {

    private static final TopicPartition PARTITION = new TopicPartition("topic", 0);
    private static final Duration RETENTION = TestCoordinator.SETTINGS.offsetRetention();

    private final GroupScript script = new GroupScript();
    private final TestCoordinator coordinator = script.coordinator;

    /** A member that subscribes to a topic as real consumers do. */
    private JoinGroupResponse consumerOf(String topic) {
        ConsumerProtocolSubscription subscription =
                ConsumerProtocolSubscription.builder().topics(List.of(topic)).build();
        ByteBuffer metadata =
                ByteBuffer.allocate(2 + subscription.encodedSize(1)).putShort((short) 1);
        subscription.write(MessageWriter.copying(metadata), 1);
        CompletableFuture<JoinGroupResponse> join = coordinator.join(
                GroupScript.joinRequest("", null)
                        .protocols(List.of(JoinGroupRequestProtocol.builder()
                                .name("range")
                                .metadata(Bytes.copyOf(metadata.flip()))
                                .build()))
                        .build(),
                GroupScript.OLD);
        coordinator.advance(Duration.ofSeconds(1));
        JoinGroupResponse joined = success(join);
        assertThat(GroupScript.error(script.sync(joined, GroupScript.assign(joined.memberId(), bytes("all")))))
                .isEqualTo(ErrorCode.NONE);
        return joined;
    }

    @Test
    void simpleConsumerCommitsWithoutMember() {
        assertThat(script.commit("", -1, 0)).isEqualTo(ErrorCode.NONE);
        assertThat(script.committed().offset()).isEqualTo(1);
        assertThat(script.group().protocolType()).isEmpty();
        coordinator.restart();
        assertThat(script.committed().offset()).isEqualTo(1);
    }

    @Test
    void nobodyCommitsOverTheHeadsOfMembers() {
        JoinGroupResponse member = script.stableGroup(1).get(0);
        assertThat(script.commit("", -1, 8)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(script.commit(member.memberId(), -1, 8)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(script.commit(member.memberId(), 0, 8)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(script.commit("nobody", 1, 8)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(script.committed()).isNull();
        assertThat(script.commit(member.memberId(), 1, 8)).isEqualTo(ErrorCode.NONE);
        assertThat(script.committed().offset()).isEqualTo(1);
    }

    @Test
    void unknownGroupHasNoGeneration() {
        assertThat(script.commit("member", 3, 8)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(script.commit("member", 3, 9)).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    @Test
    void commitsDuringARebalance() {
        JoinGroupResponse member = script.stableGroup(1).get(0);
        CompletableFuture<JoinGroupResponse> newcomer = script.join("", "range");
        // Before it joins again, the member may still save where it was.
        assertThat(script.commit(member.memberId(), 1, 8)).isEqualTo(ErrorCode.NONE);
        JoinGroupResponse rejoined = success(script.join(member.memberId(), "range"));
        assertThat(success(newcomer).generationId()).isEqualTo(2);
        assertThat(script.commit(member.memberId(), 1, 8)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(script.commit(member.memberId(), rejoined.generationId(), 8))
                .isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void commitIsASignOfLife() {
        JoinGroupResponse member = script.stableGroup(1).get(0);
        for (int i = 0; i < 5; i++) {
            coordinator.advance(GroupScript.SESSION.minusSeconds(1));
            assertThat(script.commit(member.memberId(), 1, 8)).isEqualTo(ErrorCode.NONE);
        }
        assertThat(script.group().members()).hasSize(1);
    }

    @Test
    void offsetsOfSubscribedTopicsAreNotDeleted() {
        JoinGroupResponse member = consumerOf("topic");
        script.commit(member.memberId(), 1, 8);
        assertThat(coordinator.deleteOffsets(GROUP, List.of(PARTITION)).join())
                .containsExactly(ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC);
        assertThat(script.committed()).isNotNull();
        script.leave(member.memberId());
        assertThat(coordinator.deleteOffsets(GROUP, List.of(PARTITION)).join()).containsExactly(ErrorCode.NONE);
        assertThat(script.committed()).isNull();
        coordinator.restart();
        assertThat(script.committed()).isNull();
    }

    @Test
    void offsetsOfOtherTopicsAreDeleted() {
        JoinGroupResponse member = consumerOf("another topic");
        script.commit(member.memberId(), 1, 8);
        assertThat(coordinator.deleteOffsets(GROUP, List.of(PARTITION)).join()).containsExactly(ErrorCode.NONE);
        assertThat(script.committed()).isNull();
    }

    @Test
    void offsetsOfUnknownGroupsAndOtherSystemsAreNotDeleted() {
        assertThatThrownBy(() -> coordinator.deleteOffsets(GROUP, List.of()).join())
                .satisfies(
                        failure -> assertThat(ApiException.errorOf(failure)).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND));
        CompletableFuture<JoinGroupResponse> worker = coordinator.join(
                GroupScript.joinRequest("", null, "sessioned")
                        .protocolType("connect")
                        .build(),
                GroupScript.OLD);
        coordinator.advance(Duration.ofSeconds(1));
        success(worker);
        assertThatThrownBy(() -> coordinator.deleteOffsets(GROUP, List.of()).join())
                .satisfies(failure -> assertThat(ApiException.errorOf(failure)).isEqualTo(ErrorCode.NON_EMPTY_GROUP));
    }

    private void expire() {
        coordinator
                .ask(decision -> {
                    coordinator.expiring.expire(decision, (partition, offset) -> false);
                    return "done";
                })
                .join();
    }

    @Test
    void offsetsOfSimpleConsumersExpireAfterTheirCommit() {
        script.commit("", -1, 8);
        coordinator.advance(RETENTION.minusMillis(1));
        expire();
        assertThat(script.committed()).isNotNull();
        coordinator.advance(Duration.ofMillis(1));
        expire();
        assertThat(coordinator.group(GROUP)).isNull();
        coordinator.restart();
        assertThat(coordinator.group(GROUP)).isNull();
    }

    @Test
    void offsetsExpireAfterTheGroupBecameEmpty() {
        JoinGroupResponse member = consumerOf("topic");
        script.commit(member.memberId(), 1, 8);
        for (int i = 0; i < 2 * RETENTION.toSeconds() / 9; i++) {
            coordinator.advance(Duration.ofSeconds(9));
            script.heartbeat(member.memberId(), 1);
        }
        expire();
        assertThat(script.committed()).as("offset of a topic that is in use").isNotNull();

        script.leave(member.memberId());
        coordinator.restart();
        coordinator.advance(RETENTION.minusMillis(1));
        expire();
        assertThat(script.committed()).isNotNull();
        coordinator.advance(Duration.ofMillis(1));
        expire();
        assertThat(coordinator.group(GROUP)).isNull();
        coordinator.restart();
        assertThat(coordinator.group(GROUP))
                .as("the group's tombstone was read")
                .isNull();
    }

    @Test
    void offsetsOfTopicsThatAreNotInUseAnyMoreExpire() {
        JoinGroupResponse member = consumerOf("another topic");
        script.commit(member.memberId(), 1, 8);
        for (int i = 0; i < RETENTION.toSeconds() / 9 + 1; i++) {
            coordinator.advance(Duration.ofSeconds(9));
            script.heartbeat(member.memberId(), 1);
        }
        expire();
        assertThat(script.committed()).isNull();
        assertThat(script.group().state()).isEqualTo(GroupState.STABLE);
    }

    @Test
    void clientsMayLimitTheLifeOfAnOffset() {
        long now = coordinator.clock.millis();
        script.commit("", -1, 2, new CommittedOffset(1, -1, "", now, now + 1000, CommittedOffset.UNKNOWN_TOPIC))
                .join();
        coordinator.restart();
        coordinator.advance(Duration.ofMillis(999));
        expire();
        assertThat(script.committed()).isNotNull();
        coordinator.advance(Duration.ofMillis(1));
        expire();
        assertThat(script.committed()).isNull();
    }

    @Test
    void offsetsOfDeletedTopicsGo() {
        script.commit("", -1, 8);
        coordinator
                .ask(decision -> {
                    coordinator.expiring.expire(decision, (partition, offset) -> partition.equals(PARTITION));
                    return "done";
                })
                .join();
        assertThat(script.committed()).isNull();
    }

    @Test
    void deletedGroupsStayDeleted() {
        JoinGroupResponse member = script.stableGroup(1).get(0);
        script.commit(member.memberId(), 1, 8);
        assertThat(delete()).isEqualTo(ErrorCode.NON_EMPTY_GROUP);
        script.leave(member.memberId());
        assertThat(delete()).isEqualTo(ErrorCode.NONE);
        assertThat(delete()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        coordinator.restart();
        assertThat(coordinator.group(GROUP)).isNull();
    }

    private ErrorCode delete() {
        return coordinator
                .ask(decision -> {
                    coordinator.administration.delete(decision, GROUP);
                    return ErrorCode.NONE;
                })
                .exceptionally(ApiException::errorOf)
                .join();
    }
}
