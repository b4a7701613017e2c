package io.brokkr.plugin.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.ListGroupsRequest;
import io.brokkr.protocol.message.ListGroupsResponse;
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
import io.brokkr.spi.Partition;
import io.brokkr.spi.Partition.Isolation;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicPartition;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.WireClient;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/** The APIs of offsets, at all their versions, over a socket; committed at any version, they are found at any other. */
class OffsetApisTest {

    private static final int PARTITIONS = 3;

    private static EmbeddedBroker broker;
    private static WireClient client;
    private static Topic topic;

    @BeforeContainer
    static void start() {
        broker = EmbeddedBroker.builder()
                .extension(MemoryStorageEngineFactory::new)
                .extension(GroupHandlers::new)
                .start();
        client = broker.connect();
        topic = create("topic");
    }

    @AfterContainer
    static void stop() {
        client.close();
        broker.close();
    }

    private static Topic create(String name) {
        return await(broker.services().topics().create(new NewTopic(name, PARTITIONS, 1, Map.of())));
    }

    private static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    private static Arbitrary<Integer> versionsOf(Api<?> api) {
        return Arbitraries.of(IntStream.rangeClosed(api.lowestVersion(), api.highestVersion())
                .boxed()
                .toList());
    }

    @Provide
    Arbitrary<Integer> commitVersions() {
        return versionsOf(OffsetCommitRequest.API);
    }

    @Provide
    Arbitrary<Integer> fetchVersions() {
        return versionsOf(OffsetFetchRequest.API);
    }

    private static OffsetCommitRequestTopic commitOf(
            Topic of, int version, OffsetCommitRequestPartition... partitions) {
        OffsetCommitRequestTopic.Builder wanted =
                OffsetCommitRequestTopic.builder().partitions(List.of(partitions));
        return (version < 10 ? wanted.name(of.name()) : wanted.topicId(of.id())).build();
    }

    private static OffsetCommitRequestPartition partition(int index, long offset, @Nullable String metadata) {
        return OffsetCommitRequestPartition.builder()
                .partitionIndex(index)
                .committedOffset(offset)
                .committedMetadata(metadata)
                .build();
    }

    private static List<ErrorCode> commit(String group, int version, OffsetCommitRequestTopic... topics) {
        OffsetCommitResponse response = client.call(
                OffsetCommitRequest.API,
                OffsetCommitRequest.builder()
                        .groupId(group)
                        .topics(List.of(topics))
                        .build(),
                version,
                OffsetCommitResponse::read);
        return response.topics().stream()
                .flatMap(committed -> committed.partitions().stream())
                .map(committed -> ErrorCode.forCode(committed.errorCode()))
                .toList();
    }

    /** A partition as all versions tell of it. */
    private record Fetched(int partition, long offset, @Nullable String metadata, ErrorCode error) {}

    /** Fetches partitions of a topic, or all that there are if the topic is null. */
    private static List<Fetched> fetch(String group, int version, @Nullable Topic of, Integer... partitions) {
        OffsetFetchResponse response = client.call(
                OffsetFetchRequest.API,
                fetchRequest(group, version, of, partitions),
                version,
                OffsetFetchResponse::read);
        if (version < 8) {
            assertThat(response.errorCode()).isZero();
            return response.topics().stream()
                    .flatMap(found -> found.partitions().stream())
                    .map(found -> new Fetched(
                            found.partitionIndex(),
                            found.committedOffset(),
                            found.metadata(),
                            ErrorCode.forCode(found.errorCode())))
                    .toList();
        }
        assertThat(response.groups().get(0).errorCode()).isZero();
        return response.groups().get(0).topics().stream()
                .flatMap(found -> found.partitions().stream())
                .map(found -> new Fetched(
                        found.partitionIndex(),
                        found.committedOffset(),
                        found.metadata(),
                        ErrorCode.forCode(found.errorCode())))
                .toList();
    }

    private static Message fetchRequest(String group, int version, @Nullable Topic of, Integer... partitions) {
        if (version < 8) {
            return OffsetFetchRequest.builder()
                    .groupId(group)
                    .topics(
                            of == null
                                    ? null
                                    : List.of(OffsetFetchRequestTopic.builder()
                                            .name(of.name())
                                            .partitionIndexes(List.of(partitions))
                                            .build()))
                    .requireStable(version == 7)
                    .build();
        }
        OffsetFetchRequestGroup.Builder wanted =
                OffsetFetchRequestGroup.builder().groupId(group).topics(null);
        if (of != null) {
            OffsetFetchRequestTopics.Builder topics =
                    OffsetFetchRequestTopics.builder().partitionIndexes(List.of(partitions));
            wanted.topics(List.of((version < 10 ? topics.name(of.name()) : topics.topicId(of.id())).build()));
        }
        return OffsetFetchRequest.builder()
                .groups(List.of(wanted.build()))
                .requireStable(true)
                .build();
    }

    @Property(tries = 200)
    void whatOneVersionCommitsEveryVersionFinds(
            @ForAll("commitVersions") int commitVersion,
            @ForAll("fetchVersions") int fetchVersion,
            @ForAll @AlphaChars @StringLength(min = 1, max = 3) String group,
            @ForAll @LongRange long offset,
            @ForAll @AlphaChars @StringLength(max = 100) String metadata) {
        String groupId = "round-trip-" + group;
        assertThat(commit(groupId, commitVersion, commitOf(topic, commitVersion, partition(1, offset, metadata))))
                .containsExactly(ErrorCode.NONE);
        assertThat(fetch(groupId, fetchVersion, topic, 1))
                .containsExactly(new Fetched(1, offset, metadata, ErrorCode.NONE));
        if (fetchVersion >= 2) {
            assertThat(fetch(groupId, fetchVersion, null))
                    .containsExactly(new Fetched(1, offset, metadata, ErrorCode.NONE));
        }
    }

    @Property(tries = 30)
    void absentOffsetIsMinusOneWithEmptyMetadata(@ForAll("fetchVersions") int version) {
        ErrorCode expected = version == 0 ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.NONE;
        assertThat(fetch("absent", version, topic, 0, 99))
                .containsExactly(new Fetched(0, -1, "", expected), new Fetched(99, -1, "", expected));
        if (version >= 2) {
            assertThat(fetch("absent", version, null)).isEmpty();
        }
    }

    @Property(tries = 30)
    void onlyOffsetsOfPartitionsThatExistAreTaken(@ForAll("commitVersions") int version) {
        assertThat(commit(
                        "existing",
                        version,
                        commitOf(
                                topic,
                                version,
                                partition(0, 5, null),
                                partition(PARTITIONS, 5, ""),
                                partition(-1, 5, ""),
                                partition(2, 5, "x".repeat(4097)),
                                partition(1, 6, "x".repeat(4096)))))
                .containsExactly(
                        ErrorCode.NONE,
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        ErrorCode.OFFSET_METADATA_TOO_LARGE,
                        ErrorCode.NONE);
        assertThat(fetch("existing", 9, topic, 0, 1, 2))
                .extracting(Fetched::offset)
                .containsExactly(5L, 6L, -1L);
        OffsetCommitRequestTopic.Builder unknown =
                OffsetCommitRequestTopic.builder().partitions(List.of(partition(0, 1, "")));
        assertThat(commit(
                        "existing",
                        version,
                        (version < 10 ? unknown.name("nothing") : unknown.topicId(UUID.randomUUID())).build()))
                .containsExactly(version < 10 ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.UNKNOWN_TOPIC_ID);
    }

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void refusalStandsAtEveryPartition(@ForAll("commitVersions") int version) {
        if (version == 0) {
            return; // Which names no member.
        }
        OffsetCommitResponse response = client.call(
                OffsetCommitRequest.API,
                OffsetCommitRequest.builder()
                        .groupId("refused-" + version)
                        .memberId("nobody")
                        .generationIdOrMemberEpoch(4)
                        .topics(List.of(commitOf(topic, version, partition(0, 1, ""), partition(99, 1, ""))))
                        .build(),
                version,
                OffsetCommitResponse::read);
        assertThat(response.topics().get(0).partitions())
                .extracting(partition -> ErrorCode.forCode(partition.errorCode()))
                .containsExactly(
                        version >= 9 ? ErrorCode.GROUP_ID_NOT_FOUND : ErrorCode.ILLEGAL_GENERATION,
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Example
    void unknownTopicIdIsTold() {
        OffsetFetchResponse response = client.call(
                OffsetFetchRequest.API,
                OffsetFetchRequest.builder()
                        .groups(List.of(
                                OffsetFetchRequestGroup.builder()
                                        .groupId("one")
                                        .topics(List.of(OffsetFetchRequestTopics.builder()
                                                .topicId(UUID.randomUUID())
                                                .partitionIndexes(List.of(0))
                                                .build()))
                                        .build(),
                                OffsetFetchRequestGroup.builder().groupId("two").build()))
                        .build(),
                10,
                OffsetFetchResponse::read);
        assertThat(response.groups()).hasSize(2);
        assertThat(response.groups().get(0).topics().get(0).partitions().get(0).errorCode())
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID.code());
    }

    @Example
    void offsetsOfADeletedTopicAreNotThoseOfTheNextOneOfItsName() {
        Topic first = create("again");
        commit("again", 9, commitOf(first, 9, partition(0, 77, "")));
        await(broker.services().topics().delete(first.id()));
        assertThat(fetch("again", 9, first, 0)).containsExactly(new Fetched(0, -1, "", ErrorCode.NONE));
        Topic second = create("again");
        assertThat(fetch("again", 9, second, 0)).containsExactly(new Fetched(0, -1, "", ErrorCode.NONE));
        assertThat(fetch("again", 9, null)).isEmpty();
        commit("again", 9, commitOf(second, 9, partition(0, 3, "")));
        assertThat(fetch("again", 9, second, 0)).containsExactly(new Fetched(0, 3, "", ErrorCode.NONE));
    }

    @Example
    void offsetsAreDeleted() {
        commit("deleting", 9, commitOf(topic, 9, partition(0, 1, ""), partition(1, 2, "")));
        OffsetDeleteResponse response = client.call(
                OffsetDeleteRequest.API,
                OffsetDeleteRequest.builder()
                        .groupId("deleting")
                        .topics(List.of(OffsetDeleteRequestTopic.builder()
                                .name("topic")
                                .partitions(List.of(
                                        OffsetDeleteRequestPartition.builder()
                                                .partitionIndex(1)
                                                .build(),
                                        OffsetDeleteRequestPartition.builder()
                                                .partitionIndex(99)
                                                .build()))
                                .build()))
                        .build(),
                0,
                OffsetDeleteResponse::read);
        assertThat(response.errorCode()).isZero();
        assertThat(response.topics().get(0).partitions())
                .extracting(partition -> ErrorCode.forCode(partition.errorCode()))
                .containsExactly(ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(fetch("deleting", 9, topic, 0, 1))
                .extracting(Fetched::offset)
                .containsExactly(1L, -1L);
        OffsetDeleteResponse unknown = client.call(
                OffsetDeleteRequest.API,
                OffsetDeleteRequest.builder().groupId("nobody").build(),
                0,
                OffsetDeleteResponse::read);
        assertThat(ErrorCode.forCode(unknown.errorCode())).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    @Example
    void offsetsOfADeletedTopicAreRemovedFromTheLog() throws Exception {
        try (EmbeddedBroker watched = EmbeddedBroker.builder()
                        .extension(MemoryStorageEngineFactory::new)
                        .extension(GroupHandlers::new)
                        .setting("offsets.topic.num.partitions", "1")
                        .setting("offsets.retention.check.interval.ms", "1")
                        .start();
                WireClient own = watched.connect()) {
            Topic gone = await(watched.services().topics().create(new NewTopic("gone", 1, 1, Map.of())));
            own.call(
                    OffsetCommitRequest.API,
                    OffsetCommitRequest.builder()
                            .groupId("group")
                            .topics(List.of(commitOf(gone, 9, partition(0, 1, ""))))
                            .build(),
                    9,
                    OffsetCommitResponse::read);
            Partition log = await(watched.services().partitions().open(new TopicPartition(OffsetsTopic.NAME, 0)));
            long committed = log.highWatermark();
            assertThat(committed).isPositive();
            CompletableFuture<Void> written = new CompletableFuture<>();
            log.await(committed, Isolation.READ_UNCOMMITTED, () -> written.complete(null));
            await(watched.services().topics().delete(gone.id()));
            await(written);
            ListGroupsResponse groups =
                    own.call(ListGroupsRequest.API, ListGroupsRequest.builder().build(), 5, ListGroupsResponse::read);
            assertThat(groups.groups()).isEmpty();
        }
    }
}
