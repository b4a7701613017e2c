package io.brokkr.core.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.MessageReader;
import io.brokkr.protocol.message.ApiVersionsRequest;
import io.brokkr.protocol.message.ApiVersionsResponse;
import io.brokkr.protocol.message.HeartbeatRequest;
import io.brokkr.protocol.message.MetadataRequest;
import io.brokkr.spi.AnswersUnsupportedVersions;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients send that they should not costs them their connection, and nobody else anything. */
class BadInputTest {

    private static final int LIMIT = 200_000;
    private static TestServer server;

    private static final class Versions implements ApiHandler<ApiVersionsRequest>, AnswersUnsupportedVersions {

        @Override
        public Api<ApiVersionsRequest> api() {
            return ApiVersionsRequest.API;
        }

        @Override
        public CompletionStage<Response> handle(RequestContext context, ApiVersionsRequest request) {
            return Response.completed(ApiVersionsResponse.builder().build());
        }

        @Override
        public Message failure(ApiVersionsRequest request, int version, ErrorCode error) {
            return ApiVersionsResponse.builder().errorCode(error).build();
        }

        @Override
        public Message unsupportedVersion() {
            return ApiVersionsResponse.builder()
                    .errorCode(ErrorCode.UNSUPPORTED_VERSION)
                    .apiKeys(List.of(ApiVersionsResponse.ApiVersion.builder()
                            .apiKey((short) 18)
                            .maxVersion((short) 4)
                            .build()))
                    .build();
        }
    }

    @BeforeAll
    @BeforeContainer
    static void start() {
        server = TestServer.start(
                Map.of("socket.request.max.bytes", Integer.toString(LIMIT)),
                new Versions(),
                Handlers.heartbeat(
                        (context, request) -> Response.completed(Handlers.heartbeatResponse(request.generationId()))));
    }

    @AfterAll
    @AfterContainer
    static void stop() {
        server.close();
    }

    private static byte[] heartbeat(int number) {
        return TestClient.frame(HeartbeatRequest.API, 4, number, Handlers.heartbeatRequest(number));
    }

    private static byte[] raw(int length, int... int16s) {
        ByteBuffer frame = ByteBuffer.allocate(4 + 2 * int16s.length).putInt(length);
        for (int number : int16s) {
            frame.putShort((short) number);
        }
        return frame.array();
    }

    private static void assertOthersAreServed() throws IOException {
        try (TestClient other = server.connect()) {
            other.send(heartbeat(77));
            assertThat(other.readCorrelationId()).isEqualTo(77);
        }
    }

    /** What comes before the bad input is still answered. */
    private static void assertClosesAfterAnswers(byte[] bad) throws IOException {
        try (TestClient client = server.connect()) {
            client.send(heartbeat(1));
            client.send(heartbeat(2));
            client.send(bad);
            client.send(heartbeat(3));
            assertThat(client.readCorrelationId()).isEqualTo(1);
            assertThat(client.readCorrelationId()).isEqualTo(2);
            assertThat(client.isClosedByServer()).isTrue();
        }
        assertOthersAreServed();
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 7, LIMIT + 1, Integer.MAX_VALUE, 0x47455420})
    void lengthThatNoRequestHas(int length) throws IOException {
        assertClosesAfterAnswers(raw(length));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3, 127, 128, 200, Short.MAX_VALUE, Short.MIN_VALUE})
    void keyThatNobodyServes(int key) throws IOException {
        assertClosesAfterAnswers(raw(8, key, 0, 0, 9));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 5, Short.MAX_VALUE, Short.MIN_VALUE})
    void versionThatNobodyServes(int version) throws IOException {
        assertClosesAfterAnswers(raw(12, HeartbeatRequest.API.key(), version, 0, 9, -1, 0));
    }

    @Test
    void bodyThatEndsTooSoon() throws IOException {
        byte[] whole = heartbeat(9);
        byte[] cut = ByteBuffer.allocate(whole.length - 3)
                .putInt(whole.length - 7)
                .put(whole, 4, whole.length - 7)
                .array();
        assertClosesAfterAnswers(cut);
    }

    @Test
    void bytesBehindTheBodyAreIgnored() throws IOException {
        byte[] whole = heartbeat(9);
        byte[] longer = ByteBuffer.allocate(whole.length + 5)
                .putInt(whole.length + 1)
                .put(whole, 4, whole.length - 4)
                .array();
        try (TestClient client = server.connect()) {
            client.send(longer);
            assertThat(client.readCorrelationId()).isEqualTo(9);
        }
    }

    /** The connection stays open, so that the client can ask again at a version that it has learned of (KIP-511). */
    @ParameterizedTest
    @ValueSource(ints = {1, 99, 32_000})
    void apiVersionsOfTheFutureIsAnsweredAtVersion0(int beyond) throws IOException {
        int version = ApiVersionsRequest.API.highestVersion() + beyond;
        try (TestClient client = server.connect()) {
            // Header 2 with its tagged fields, and a body that nobody can read.
            client.send(raw(18, 18, version, 0x1234, 0x5678, -1, 0x00ff, -1, -1, -1));
            ByteBuffer response = client.read();
            assertThat(TestClient.readHeader(response, 0)).isEqualTo(0x12345678);
            MessageReader reader = new MessageReader(response);
            assertThat(ApiVersionsResponse.read(reader, 0)).isEqualTo(new Versions().unsupportedVersion());
            assertThat(reader.remaining()).isZero();
            client.send(heartbeat(4));
            assertThat(client.readCorrelationId()).isEqualTo(4);
        }
    }

    /** The response header of ApiVersions has no tagged fields at any version; that of others follows their flexibility. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void responseHeadersFollowTheApi(int version) throws IOException {
        try (TestClient client = server.connect()) {
            client.send(TestClient.frame(
                    ApiVersionsRequest.API,
                    version,
                    5,
                    ApiVersionsRequest.builder().build()));
            ByteBuffer response = client.read();
            assertThat(response.remaining())
                    .isEqualTo(4 + ApiVersionsResponse.builder().build().encodedSize(version));
            client.send(TestClient.frame(HeartbeatRequest.API, version, 6, Handlers.heartbeatRequest(0)));
            assertThat(client.read().remaining())
                    .isEqualTo((version == 4 ? 5 : 4)
                            + Handlers.heartbeatResponse(0).encodedSize(version));
        }
    }

    /** Of a request that is announced and does not come, no more is kept than came. */
    @Property(tries = 30)
    void announcedBytesCostNothing(@ForAll @IntRange(min = 0, max = 3_000) int sent) throws IOException {
        Waiting.until("nothing is taken", () -> server.transport().memory().takenBytes() == 0);
        try (TestClient client = server.connect()) {
            client.send(raw(LIMIT));
            client.send(new byte[sent]);
            assertOthersAreServed();
            assertThat(server.transport().memory().takenBytes()).isLessThanOrEqualTo(Math.max(4096, 16L * sent));
        }
    }

    @Property(tries = 200)
    void garbageHarmsNobody(@ForAll @Size(max = 300) byte[] garbage, @ForAll boolean framed) throws IOException {
        try (TestClient client = server.connect()) {
            if (framed) {
                client.send(raw(Math.max(8, garbage.length)));
            }
            client.send(garbage);
            client.shutdownOutput();
            client.readToTheEnd();
        }
        assertOthersAreServed();
        Waiting.until("nothing is taken", () -> server.transport().memory().takenBytes() == 0);
    }

    @Test
    void metadataIsNotServedHere() throws IOException {
        assertClosesAfterAnswers(TestClient.frame(
                MetadataRequest.API, 1, 1, MetadataRequest.builder().build()));
    }
}
