package io.brokkr.plugin.fetch;

import static io.brokkr.plugin.fetch.FetchingBroker.NEWEST;
import static io.brokkr.plugin.fetch.FetchingBroker.fetch;
import static io.brokkr.plugin.fetch.FetchingBroker.fetchFrom;
import static io.brokkr.plugin.fetch.FetchingBroker.fetchTopic;
import static io.brokkr.plugin.fetch.FetchingBroker.partitions;
import static io.brokkr.plugin.fetch.FetchingBroker.produce;
import static io.brokkr.plugin.fetch.FetchingBroker.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.message.FetchRequest;
import io.brokkr.protocol.message.FetchRequest.FetchTopic;
import io.brokkr.protocol.message.FetchResponse;
import io.brokkr.protocol.message.FetchResponse.FetchableTopicResponse;
import io.brokkr.protocol.message.FetchResponse.PartitionData;
import io.brokkr.protocol.message.ListOffsetsRequest;
import io.brokkr.protocol.message.ListOffsetsRequest.ListOffsetsPartition;
import io.brokkr.protocol.message.ListOffsetsRequest.ListOffsetsTopic;
import io.brokkr.protocol.message.ListOffsetsResponse;
import io.brokkr.protocol.message.OffsetForLeaderEpochRequest;
import io.brokkr.protocol.message.OffsetForLeaderEpochRequest.OffsetForLeaderPartition;
import io.brokkr.protocol.message.OffsetForLeaderEpochRequest.OffsetForLeaderTopic;
import io.brokkr.protocol.message.OffsetForLeaderEpochResponse;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.Topic;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.Principal;
import io.brokkr.spi.security.PrincipalBuilder;
import io.brokkr.spi.security.PrincipalBuilderFactory;
import io.brokkr.spi.security.QuotaType;
import io.brokkr.spi.security.Resource;
import io.brokkr.testkit.TestAuthorizer;
import io.brokkr.testkit.TestQuota;
import io.brokkr.testkit.WireClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.BeforeTry;

/** Who may read what, and what it costs, at every version. Rights are those that a test has given; anybody may write. */
class ReadRightsTest {

    private static final List<String> THERE = List.of("open-1", "open-2", "closed-1", "closed-2");
    private static final int LAST_BY_NAME = FetchingBroker.LAST_BY_NAME;

    /** Who connects next. */
    private static volatile Principal next = Principal.ANONYMOUS;

    private static final TestQuota QUOTA = new TestQuota(Duration.ofMillis(2));

    /** Topics that may be read. */
    private static final Set<String> READABLE = ConcurrentHashMap.newKeySet();

    /** Topics that may be described. */
    private static final Set<String> VISIBLE = ConcurrentHashMap.newKeySet();

    private static final Map<String, Topic> TOPICS = new HashMap<>();
    private static FetchingBroker broker;

    @BeforeContainer
    static void start() throws Exception {
        broker = new FetchingBroker(
                Map.of(
                        "authorizer", TestAuthorizer.NAME,
                        "client.quota", TestQuota.NAME,
                        "principal.builder", "next"),
                new NextPrincipal(),
                new TestAuthorizer(ReadRightsTest::allows),
                QUOTA);
        try (WireClient client = broker.connect()) {
            for (String name : THERE) {
                Topic topic = broker.topic(name, 1);
                TOPICS.put(name, topic);
                produce(client, topic, 0, "a", "b");
            }
        }
    }

    @AfterContainer
    static void stop() {
        broker.close();
    }

    @BeforeTry
    void startWithTheSameRights() {
        READABLE.clear();
        READABLE.addAll(List.of("open-1", "open-2", "open-none"));
        VISIBLE.clear();
        VISIBLE.addAll(READABLE);
        QUOTA.takeCharges();
    }

    private static final class NextPrincipal implements PrincipalBuilderFactory {
        @Override
        public String name() {
            return "next";
        }

        @Override
        public PrincipalBuilder create(BrokerServices services) {
            return client -> next;
        }
    }

    private static boolean allows(Operation operation, Resource resource) {
        if (resource.type() != Resource.Type.TOPIC) {
            return false;
        }
        return switch (operation) {
            case WRITE -> true;
            case READ -> READABLE.contains(resource.name());
            case DESCRIBE -> VISIBLE.contains(resource.name());
            default -> false;
        };
    }

    @Provide
    Arbitrary<Integer> fetchVersions() {
        return versionsOf(FetchRequest.API);
    }

    @Provide
    Arbitrary<Integer> listOffsetsVersions() {
        return versionsOf(ListOffsetsRequest.API);
    }

    @Provide
    Arbitrary<Integer> epochVersions() {
        return versionsOf(OffsetForLeaderEpochRequest.API);
    }

    private static Arbitrary<Integer> versionsOf(Api<?> api) {
        return Arbitraries.integers().between(api.lowestVersion(), api.highestVersion());
    }

    @Provide
    Arbitrary<String> topics() {
        return Arbitraries.oneOf(Arbitraries.of(THERE), Arbitraries.of("open-none", "closed-none"));
    }

    @Property(tries = 200)
    void whatMayBeReadIsReadAndPaidForAndTheRestRefused(
            @ForAll("fetchVersions") int version,
            @ForAll @Size(min = 1, max = 6) @UniqueElements List<@From("topics") String> topics) {
        FetchResponse response;
        try (WireClient client = broker.connect()) {
            response = fetch(client, version, request(wanted(version, topics)).build());
        }

        assertThat(errors(response))
                .isEqualTo(
                        topics.stream().map(topic -> expected(topic, version)).toList());
        long bytes =
                partitions(response).stream().mapToLong(ReadRightsTest::bytes).sum();
        assertThat(bytes > 0).isEqualTo(topics.stream().anyMatch(topic -> expected(topic, version) == ErrorCode.NONE));
        assertThat(partitions(response)).allSatisfy(partition -> assertThat(bytes(partition) > 0)
                .isEqualTo(partition.errorCode() == ErrorCode.NONE.code()));
        assertThat(QUOTA.takeCharges())
                .isEqualTo(bytes == 0 ? List.of() : List.of(new TestQuota.Charge(QuotaType.FETCH, bytes)));
        assertThat(response.throttleTimeMs()).isEqualTo(bytes == 0 || version == 0 ? 0 : 2);
        if (version > LAST_BY_NAME) {
            assertThat(response.responses())
                    .as("names, which the client may not know")
                    .extracting(FetchableTopicResponse::topic)
                    .containsOnly("");
        }
    }

    /** Whether there is a topic of a name only those hear who may read it, and where its log ends nobody else. */
    private static ErrorCode expected(String topic, int version) {
        if (version > LAST_BY_NAME && !THERE.contains(topic)) {
            return ErrorCode.UNKNOWN_TOPIC_ID;
        }
        if (!READABLE.contains(topic)) {
            return ErrorCode.TOPIC_AUTHORIZATION_FAILED;
        }
        return THERE.contains(topic) ? ErrorCode.NONE : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    }

    @Property
    void whoMayNotReadHearsTheSameOfAnyName(@ForAll("fetchVersions") int version) {
        if (version > LAST_BY_NAME) {
            return;
        }
        try (WireClient client = broker.connect()) {
            FetchResponse response = fetch(
                    client,
                    version,
                    request(wanted(version, List.of("closed-1", "closed-none"))).build());
            assertThat(partitions(response))
                    .extracting(partition -> partition.toBuilder().records(null).build())
                    .hasSize(2)
                    .containsOnly(partitions(response).get(0).toBuilder()
                            .records(null)
                            .build());
        }
    }

    /** A session remembers what the client wants, and not what it may. */
    @Property(tries = 20)
    void rightsAreAskedForInEveryFetchOfASession(@ForAll("fetchVersions") int version) {
        if (version < 7) {
            return;
        }
        try (WireClient client = broker.connect()) {
            FetchResponse first = fetch(client, version, in(0, 0, wanted(version, List.of("open-1", "closed-1"))));
            assertThat(errors(first)).containsExactly(ErrorCode.NONE, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
            int session = first.sessionId();
            assertThat(session).isPositive();

            READABLE.remove("open-1");
            FetchResponse withdrawn = fetch(client, version, in(session, 1));
            assertThat(errors(withdrawn)).containsOnly(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
            assertThat(partitions(withdrawn)).hasSize(2);

            READABLE.add("closed-1");
            FetchResponse given = fetch(client, version, in(session, 2));
            assertThat(errors(given)).contains(ErrorCode.NONE, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
            assertThat(partitions(given))
                    .filteredOn(partition -> bytes(partition) > 0)
                    .hasSize(1);
        }
    }

    /** Whoever has got hold of the number of a session gets no more out of it than they may read. */
    @Example
    void aSessionGivesNoRights() {
        int session;
        try (WireClient owner = broker.connect()) {
            session = fetch(owner, NEWEST, in(0, 0, wanted(NEWEST, List.of("open-1"))))
                    .sessionId();
        }
        READABLE.clear();
        try (WireClient other = broker.connect()) {
            assertThat(errors(fetch(other, NEWEST, in(session, 1))))
                    .containsExactly(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        }
    }

    /** Its number can be guessed, and would tell of the topics in it. */
    @Example
    void aSessionIsThereForNobodyElse() {
        next = Principal.user("alice");
        try (WireClient owner = broker.connect()) {
            int session = fetch(owner, NEWEST, in(0, 0, wanted(NEWEST, List.of("open-1"))))
                    .sessionId();
            next = Principal.user("mallory");
            try (WireClient other = broker.connect()) {
                assertThat(fetch(other, NEWEST, in(session, 1)).errorCode())
                        .isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND.code());
                fetch(other, NEWEST, in(session, -1));
            }
            assertThat(errors(fetch(owner, NEWEST, in(session, 1)))).containsExactly(ErrorCode.NONE);
        } finally {
            next = Principal.ANONYMOUS;
        }
    }

    @Example
    void aFetchThatMayNotReadDoesNotWait() {
        FetchRequest patient = request(wanted(NEWEST, List.of("closed-1")))
                .maxWaitMs(60_000)
                .minBytes(1_000_000)
                .build();
        try (WireClient client = broker.connect()) {
            assertThat(errors(fetch(client, NEWEST, patient))).containsExactly(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        }
    }

    @Property
    void offsetsAreToldToThoseWhoMayDescribe(@ForAll("listOffsetsVersions") int version) {
        ListOffsetsRequest request = ListOffsetsRequest.builder()
                .replicaId(-1)
                .topics(List.of("open-1", "open-none", "closed-1", "closed-none").stream()
                        .map(topic -> ListOffsetsTopic.builder()
                                .name(topic)
                                .partitions(List.of(ListOffsetsPartition.builder()
                                        .partitionIndex(0)
                                        .timestamp(-1)
                                        .build()))
                                .build())
                        .toList())
                .build();
        try (WireClient client = broker.connect()) {
            ListOffsetsResponse response =
                    client.call(ListOffsetsRequest.API, request, version, ListOffsetsResponse::read);
            assertThat(response.topics())
                    .extracting(
                            topic -> ErrorCode.forCode(topic.partitions().get(0).errorCode()))
                    .containsExactly(
                            ErrorCode.NONE,
                            ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                            ErrorCode.TOPIC_AUTHORIZATION_FAILED,
                            ErrorCode.TOPIC_AUTHORIZATION_FAILED);
            assertThat(response.topics().get(2).partitions())
                    .isEqualTo(response.topics().get(3).partitions());
        }
    }

    @Property
    void endsOfEpochsAreToldToThoseWhoMayDescribe(@ForAll("epochVersions") int version) {
        OffsetForLeaderEpochRequest request = OffsetForLeaderEpochRequest.builder()
                .topics(List.of("open-1", "open-none", "closed-1", "closed-none").stream()
                        .map(topic -> OffsetForLeaderTopic.builder()
                                .topic(topic)
                                .partitions(List.of(OffsetForLeaderPartition.builder()
                                        .partition(0)
                                        .leaderEpoch(0)
                                        .build()))
                                .build())
                        .toList())
                .build();
        try (WireClient client = broker.connect()) {
            OffsetForLeaderEpochResponse response =
                    client.call(OffsetForLeaderEpochRequest.API, request, version, OffsetForLeaderEpochResponse::read);
            assertThat(response.topics())
                    .extracting(
                            topic -> ErrorCode.forCode(topic.partitions().get(0).errorCode()))
                    .containsExactly(
                            ErrorCode.NONE,
                            ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                            ErrorCode.TOPIC_AUTHORIZATION_FAILED,
                            ErrorCode.TOPIC_AUTHORIZATION_FAILED);
            assertThat(response.topics().get(2).partitions())
                    .isEqualTo(response.topics().get(3).partitions());
        }
    }

    private static FetchRequest in(int session, int epoch, FetchTopic... topics) {
        return request(topics).sessionId(session).sessionEpoch(epoch).build();
    }

    private static FetchTopic[] wanted(int version, List<String> topics) {
        return topics.stream()
                .map(name -> TOPICS.containsKey(name)
                        ? fetchTopic(version, TOPICS.get(name), fetchFrom(0, 0))
                        : FetchTopic.builder()
                                .topic(version <= LAST_BY_NAME ? name : "")
                                .topicId(version <= LAST_BY_NAME ? new UUID(0, 0) : UUID.randomUUID())
                                .partitions(List.of(fetchFrom(0, 0)))
                                .build())
                .toArray(FetchTopic[]::new);
    }

    private static List<ErrorCode> errors(FetchResponse response) {
        assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE.code());
        return partitions(response).stream()
                .map(partition -> ErrorCode.forCode(partition.errorCode()))
                .toList();
    }

    private static long bytes(PartitionData partition) {
        RecordData records = partition.records();
        return records == null ? 0 : records.sizeInBytes();
    }
}
