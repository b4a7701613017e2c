package io.brokkr.plugin.apiversions;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.MessageReader;
import io.brokkr.protocol.MessageWriter;
import io.brokkr.protocol.message.ApiVersionsRequest;
import io.brokkr.protocol.message.ApiVersionsResponse;
import io.brokkr.protocol.message.ApiVersionsResponse.ApiVersion;
import io.brokkr.protocol.message.ListGroupsRequest;
import io.brokkr.protocol.message.ListGroupsResponse;
import io.brokkr.protocol.message.RequestHeader;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.WireClient;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.ShortRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** What clients of every age get to see of ApiVersions, on the wire. */
class ApiVersionsTest {

    private static final Api<ApiVersionsRequest> API = ApiVersionsRequest.API;
    private static final Api<ListGroupsRequest> NARROW = ListGroupsRequest.API.versions(1, 2);

    private static EmbeddedBroker broker;

    @BeforeContainer
    static void start() {
        broker = EmbeddedBroker.builder()
                .extension(MemoryStorageEngineFactory::new)
                .extension(ApiVersionsHandlers::new)
                .extension(NarrowHandlers::new)
                .start();
    }

    @AfterContainer
    static void stop() {
        broker.close();
    }

    /** A plugin that serves a part of an API's versions. */
    private static final class NarrowHandlers implements ApiHandlerFactory, ApiHandler<ListGroupsRequest> {
        @Override
        public List<ApiHandler<?>> create(BrokerServices services) {
            return List.of(this);
        }

        @Override
        public Api<ListGroupsRequest> api() {
            return NARROW;
        }

        @Override
        public CompletionStage<Response> handle(RequestContext context, ListGroupsRequest request) {
            return Response.completed(ListGroupsResponse.builder().build());
        }

        @Override
        public Message failure(ListGroupsRequest request, int version, ErrorCode error) {
            return ListGroupsResponse.builder().errorCode(error).build();
        }
    }

    @Provide
    Arbitrary<Integer> versions() {
        return Arbitraries.of(IntStream.rangeClosed(API.lowestVersion(), API.highestVersion())
                .boxed()
                .toList());
    }

    @Provide
    Arbitrary<String> software() {
        String alphanumeric = "abcxyzABCXYZ0189";
        Arbitrary<String> end = Arbitraries.strings().withChars(alphanumeric).ofLength(1);
        Arbitrary<String> middle =
                Arbitraries.strings().withChars(alphanumeric + ".-").ofMaxLength(40);
        return end.flatMap(first -> middle.flatMap(inner -> end.map(last -> first + inner + last)));
    }

    @Provide
    Arbitrary<String> illegalSoftware() {
        return Arbitraries.oneOf(
                Arbitraries.just(""),
                software().map(name -> name + "."),
                software().map(name -> "-" + name),
                software().flatMap(name -> Arbitraries.of(" ", "_", "é", "/", "\n")
                        .map(bad -> name + bad + name)));
    }

    @Property(tries = 60)
    void everyVersionTellsExactlyWhatIsServed(
            @ForAll("versions") int version, @ForAll("software") String name, @ForAll("software") String number) {
        ApiVersionsResponse response = ask(request(name, number), version);

        assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE.code());
        assertThat(response.apiKeys()).containsExactly(entry(NARROW), entry(API));
        assertThat(response.supportedFeatures()).isEmpty();
        assertThat(response.finalizedFeatures()).isEmpty();
        assertThat(response.finalizedFeaturesEpoch()).isEqualTo(-1);
        assertThat(response.zkMigrationReady()).isFalse();
    }

    @Property(tries = 60)
    void aClientThatDoesNotSayProperlyWhatItIsIsRefused(
            @ForAll("versions") int version,
            @ForAll("software") String legal,
            @ForAll("illegalSoftware") String illegal,
            @ForAll boolean nameIsIllegal) {
        ApiVersionsRequest request = nameIsIllegal ? request(illegal, legal) : request(legal, illegal);

        ApiVersionsResponse response = ask(request, version);

        if (version < 3) {
            assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE.code());
        } else {
            assertThat(response.errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
            assertThat(response.apiKeys()).isEmpty();
        }
    }

    /** KIP-511: whatever a client of the future sends, it gets an answer that every client can read, and the connection stays. */
    @Property(tries = 60)
    void aVersionOfTheFutureIsAnsweredAtVersion0(
            @ForAll @ShortRange(min = 6) short version, @ForAll @Size(max = 200) byte[] body) {
        try (WireClient client = broker.connect()) {
            client.sendFrame(frame(version, 4711, body));

            ByteBuffer answer = client.receiveFrame();
            assertThat(answer.getInt()).as("correlation id").isEqualTo(4711);
            ApiVersionsResponse response = ApiVersionsResponse.read(new MessageReader(answer), 0);
            assertThat(response.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION.code());
            assertThat(response.apiKeys()).containsExactly(entry(API));

            int retry = response.apiKeys().get(0).maxVersion();
            assertThat(client.call(API, request("a", "1"), retry, ApiVersionsResponse::read)
                            .apiKeys())
                    .hasSize(2);
        }
    }

    /** The layout that librdkafka and others of version 0 read: error, then key, lowest and highest as 16 bits each. */
    @Example
    void version0HasTheOldLayout() {
        try (WireClient client = broker.connect()) {
            int correlationId = client.send(API, ApiVersionsRequest.builder().build(), 0);

            ByteBuffer expected = ByteBuffer.allocate(4 + 2 + 4 + 2 * 6)
                    .putInt(correlationId)
                    .putShort((short) 0)
                    .putInt(2);
            for (Api<?> api : List.of(NARROW, API)) {
                expected.putShort((short) api.key())
                        .putShort((short) api.lowestVersion())
                        .putShort((short) api.highestVersion());
            }
            assertThat(client.receiveFrame()).isEqualTo(expected.flip());
        }
    }

    @Example
    void aClientThatReachedTheRightBrokerGoesOn() {
        String cluster = broker.services().cluster().id();
        int node = broker.services().cluster().brokerId();

        assertThat(errorFor(cluster, node)).isEqualTo(ErrorCode.NONE);
        assertThat(errorFor(null, -1)).isEqualTo(ErrorCode.NONE);
    }

    @Example
    void aClientThatReachedAnotherBrokerBeginsAnew() {
        String cluster = broker.services().cluster().id();
        int node = broker.services().cluster().brokerId();

        assertThat(errorFor(cluster, node + 1)).isEqualTo(ErrorCode.REBOOTSTRAP_REQUIRED);
        assertThat(errorFor("another", node)).isEqualTo(ErrorCode.REBOOTSTRAP_REQUIRED);
    }

    @Example
    void aClusterWithoutANodeOrTheOtherWayRoundIsRefused() {
        assertThat(errorFor("some", -1)).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(errorFor(null, 1)).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    private static ErrorCode errorFor(String clusterId, int nodeId) {
        ApiVersionsRequest request = request("a", "1").toBuilder()
                .clusterId(clusterId)
                .nodeId(nodeId)
                .build();
        return ErrorCode.forCode(ask(request, 5).errorCode());
    }

    private static ApiVersionsResponse ask(ApiVersionsRequest request, int version) {
        try (WireClient client = broker.connect()) {
            return client.call(API, request, version, ApiVersionsResponse::read);
        }
    }

    private static ApiVersionsRequest request(String name, String version) {
        return ApiVersionsRequest.builder()
                .clientSoftwareName(name)
                .clientSoftwareVersion(version)
                .build();
    }

    private static ApiVersion entry(Api<?> api) {
        return ApiVersion.builder()
                .apiKey((short) api.key())
                .minVersion((short) api.lowestVersion())
                .maxVersion((short) api.highestVersion())
                .build();
    }

    private static ByteBuffer frame(short version, int correlationId, byte[] body) {
        RequestHeader header = RequestHeader.builder()
                .requestApiKey((short) API.key())
                .requestApiVersion(version)
                .correlationId(correlationId)
                .clientId("from the future")
                .build();
        ByteBuffer frame = ByteBuffer.allocate(header.encodedSize(2) + body.length);
        header.write(MessageWriter.copying(frame), 2);
        return frame.put(body).flip();
    }
}
