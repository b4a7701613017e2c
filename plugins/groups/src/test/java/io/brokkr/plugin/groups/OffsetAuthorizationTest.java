package io.brokkr.plugin.groups;

import static io.brokkr.plugin.groups.TestRules.group;
import static io.brokkr.plugin.groups.TestRules.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
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
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Topic;
import io.brokkr.spi.security.Operation;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.WireClient;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client may do with the offsets of a group, by the topics that it may read or see, at all versions. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OffsetAuthorizationTest {

    private static final String GROUP = "group";

    /** What requests call a topic, by their version. */
    private record Named(String name, UUID id) {}

    /** A topic that is named and not there. */
    private static final String MISSING = "missing";

    private final TestRules rules = new TestRules();
    private EmbeddedBroker broker;
    private WireClient client;
    private Named mine;
    private Named theirs;

    @BeforeAll
    void start() throws Exception {
        broker = EmbeddedBroker.builder()
                .extension(MemoryStorageEngineFactory::new)
                .extension(GroupHandlers::new)
                .extension(() -> rules)
                .setting("authorizer", TestRules.NAME)
                .start();
        client = broker.connect();
        mine = create("mine");
        theirs = create("theirs");
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

    private Named create(String name) throws Exception {
        Topic created = broker.services()
                .topics()
                .create(new NewTopic(name, 2, 1, Map.of()))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        return new Named(name, created.id());
    }

    private static Stream<Integer> versionsOf(Api<?> api) {
        return IntStream.rangeClosed(api.lowestVersion(), api.highestVersion()).boxed();
    }

    private static OffsetCommitRequestTopic commitOf(String name, @Nullable UUID id, int... partitions) {
        OffsetCommitRequestTopic.Builder named = OffsetCommitRequestTopic.builder()
                .partitions(IntStream.of(partitions)
                        .mapToObj(index -> OffsetCommitRequestPartition.builder()
                                .partitionIndex(index)
                                .committedOffset(10 + index)
                                .committedMetadata("secret")
                                .build())
                        .toList());
        return (id == null ? named.name(name) : named.topicId(id)).build();
    }

    private List<List<ErrorCode>> commit(String group, int version, OffsetCommitRequestTopic... topics) {
        return client
                .call(
                        OffsetCommitRequest.API,
                        OffsetCommitRequest.builder()
                                .groupId(group)
                                .topics(List.of(topics))
                                .build(),
                        version,
                        OffsetCommitResponse::read)
                .topics()
                .stream()
                .map(committed -> committed.partitions().stream()
                        .map(partition -> ErrorCode.forCode(partition.errorCode()))
                        .toList())
                .toList();
    }

    /** A partition as all versions of OffsetFetch tell of it. */
    private record Fetched(String topic, int partition, long offset, @Nullable String metadata, ErrorCode error) {}

    private List<Fetched> fetch(String group, int version, Named... topics) {
        OffsetFetchResponse response = client.call(
                OffsetFetchRequest.API, fetchRequest(group, version, topics), version, OffsetFetchResponse::read);
        assertThat(response.errorCode()).isZero();
        if (version < 8) {
            return response.topics().stream()
                    .flatMap(found -> found.partitions().stream()
                            .map(partition -> new Fetched(
                                    found.name(),
                                    partition.partitionIndex(),
                                    partition.committedOffset(),
                                    partition.metadata(),
                                    ErrorCode.forCode(partition.errorCode()))))
                    .toList();
        }
        assertThat(response.groups().get(0).errorCode()).isZero();
        return response.groups().get(0).topics().stream()
                .flatMap(found -> found.partitions().stream()
                        .map(partition -> new Fetched(
                                version < 10 ? found.name() : nameOf(found.topicId()),
                                partition.partitionIndex(),
                                partition.committedOffset(),
                                partition.metadata(),
                                ErrorCode.forCode(partition.errorCode()))))
                .toList();
    }

    private String nameOf(UUID id) {
        return id.equals(mine.id()) ? mine.name() : id.equals(theirs.id()) ? theirs.name() : id.toString();
    }

    /** For topics, or for all that there are if none is given. */
    private static Message fetchRequest(String group, int version, Named... topics) {
        List<Named> wanted = List.of(topics);
        if (version < 8) {
            List<OffsetFetchRequestTopic> named = wanted.stream()
                    .map(topic -> OffsetFetchRequestTopic.builder()
                            .name(topic.name())
                            .partitionIndexes(List.of(0, 1))
                            .build())
                    .toList();
            return OffsetFetchRequest.builder()
                    .groupId(group)
                    .topics(named.isEmpty() ? null : named)
                    .build();
        }
        return OffsetFetchRequest.builder()
                .groups(List.of(groupRequest(group, version, wanted)))
                .build();
    }

    private static OffsetFetchRequestGroup groupRequest(String group, int version, List<Named> wanted) {
        List<OffsetFetchRequestTopics> named = wanted.stream()
                .map(topic -> (version < 10
                                ? OffsetFetchRequestTopics.builder().name(topic.name())
                                : OffsetFetchRequestTopics.builder().topicId(topic.id()))
                        .partitionIndexes(List.of(0, 1))
                        .build())
                .toList();
        return OffsetFetchRequestGroup.builder()
                .groupId(group)
                .topics(named.isEmpty() ? null : named)
                .build();
    }

    Stream<Integer> commitVersions() {
        return versionsOf(OffsetCommitRequest.API);
    }

    @ParameterizedTest
    @MethodSource("commitVersions")
    void offsetsAreCommittedOfTopicsThatMayBeRead(int version) {
        String group = "commit-" + version;
        boolean byId = version >= 10;
        rules.allowAllBut(topic(Operation.READ, "theirs"), topic(Operation.READ, MISSING));
        assertThat(commit(
                        group,
                        version,
                        commitOf("theirs", byId ? theirs.id() : null, 0, 99),
                        commitOf("mine", byId ? mine.id() : null, 1, 99),
                        commitOf(MISSING, byId ? UUID.randomUUID() : null, 0)))
                .containsExactly(
                        List.of(ErrorCode.TOPIC_AUTHORIZATION_FAILED, ErrorCode.TOPIC_AUTHORIZATION_FAILED),
                        List.of(ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION),
                        List.of(byId ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.TOPIC_AUTHORIZATION_FAILED));
        rules.allowAll();
        assertThat(fetch(group, 9)).containsExactly(new Fetched("mine", 1, 11, "secret", ErrorCode.NONE));
    }

    /** The error of the group stands beside that of topics, which are not committed in any case. */
    @ParameterizedTest
    @MethodSource("commitVersions")
    void whoMayReadNoTopicIsNotToldOfTheGroup(int version) {
        rules.allowOnly(group(Operation.READ, "no-topics"));
        assertThat(commit("no-topics", version, commitOf("mine", version >= 10 ? mine.id() : null, 0)))
                .containsExactly(List.of(ErrorCode.TOPIC_AUTHORIZATION_FAILED));
        rules.allowAll();
        assertThat(fetch("no-topics", 9)).isEmpty();
    }

    Stream<Integer> fetchVersions() {
        return versionsOf(OffsetFetchRequest.API);
    }

    @ParameterizedTest
    @MethodSource("fetchVersions")
    void offsetsAreToldOfTopicsThatMayBeSeen(int version) {
        commit(GROUP, 9, commitOf("theirs", null, 0, 1), commitOf("mine", null, 0, 1));
        rules.allowAllBut(topic(Operation.DESCRIBE, "theirs"));
        assertThat(fetch(GROUP, version, theirs, mine))
                .containsExactly(
                        new Fetched("theirs", 0, -1, "", ErrorCode.TOPIC_AUTHORIZATION_FAILED),
                        new Fetched("theirs", 1, -1, "", ErrorCode.TOPIC_AUTHORIZATION_FAILED),
                        new Fetched("mine", 0, 10, "secret", ErrorCode.NONE),
                        new Fetched("mine", 1, 11, "secret", ErrorCode.NONE));
        if (version >= 2) {
            assertThat(fetch(GROUP, version)).extracting(Fetched::topic).containsExactly("mine", "mine");
        }
    }

    @ParameterizedTest
    @MethodSource("fetchVersions")
    void aTopicThatMayNotBeSeenLooksTheSameWhetherOrNotItIsThere(int version) {
        if (version >= 10) {
            return; // Which names topics by ids; of an unknown one Kafka tells, too.
        }
        commit(GROUP, 9, commitOf("theirs", null, 0, 1));
        Named missing = new Named(MISSING, UUID.randomUUID());
        rules.allowAllBut(topic(Operation.DESCRIBE, "theirs"), topic(Operation.DESCRIBE, MISSING));
        assertThat(fetch(GROUP, version, missing))
                .isEqualTo(fetch(GROUP, version, theirs).stream()
                        .map(found -> new Fetched(
                                MISSING, found.partition(), found.offset(), found.metadata(), found.error()))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("fetchVersions")
    void eachGroupIsAnsweredForItself(int version) {
        if (version < 8) {
            return; // Which asks for one group.
        }
        commit(GROUP, 9, commitOf("mine", null, 0));
        rules.allowAllBut(group(Operation.DESCRIBE, "other"));
        OffsetFetchResponse response = client.call(
                OffsetFetchRequest.API,
                OffsetFetchRequest.builder()
                        .groups(List.of(
                                groupRequest("other", version, List.of(mine)),
                                groupRequest(GROUP, version, List.of(mine))))
                        .build(),
                version,
                OffsetFetchResponse::read);
        assertThat(response.groups().get(0).errorCode()).isEqualTo(ErrorCode.GROUP_AUTHORIZATION_FAILED.code());
        assertThat(response.groups().get(0).topics()).isEmpty();
        assertThat(response.groups().get(1).errorCode()).isZero();
        assertThat(response.groups().get(1).topics()).hasSize(1);
    }

    @Test
    void offsetsAreDeletedOfTopicsThatMayBeRead() {
        commit("deleting", 9, commitOf("theirs", null, 0), commitOf("mine", null, 0));
        rules.allowAllBut(topic(Operation.READ, "theirs"), topic(Operation.READ, MISSING));
        OffsetDeleteResponse response = client.call(
                OffsetDeleteRequest.API,
                OffsetDeleteRequest.builder()
                        .groupId("deleting")
                        .topics(List.of(deletionOf("theirs"), deletionOf("mine"), deletionOf(MISSING)))
                        .build(),
                0,
                OffsetDeleteResponse::read);
        assertThat(response.errorCode()).isZero();
        assertThat(response.topics())
                .extracting(
                        deleted -> ErrorCode.forCode(deleted.partitions().get(0).errorCode()))
                .containsExactly(
                        ErrorCode.TOPIC_AUTHORIZATION_FAILED, ErrorCode.NONE, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        rules.allowAll();
        assertThat(fetch("deleting", 9)).extracting(Fetched::topic).containsExactly("theirs");
    }

    private static OffsetDeleteRequestTopic deletionOf(String name) {
        return OffsetDeleteRequestTopic.builder()
                .name(name)
                .partitions(List.of(
                        OffsetDeleteRequestPartition.builder().partitionIndex(0).build()))
                .build();
    }
}
