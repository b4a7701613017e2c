package io.brokkr.core.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.message.FetchRequest;
import io.brokkr.protocol.message.HeartbeatRequest;
import io.brokkr.protocol.message.ProduceRequest;
import io.brokkr.protocol.message.ProduceResponse;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that do not read, do not send, or stop in the middle: what they take is bounded, and the others do not notice. */
class SlowClientsTest {

    private static final int FETCHED_BYTES = 1 << 20;
    private static final Duration IDLE_LIMIT = Duration.ofMinutes(10);

    /** One loop for all connections: once it has served somebody else, it has been at everything that came before. */
    private static final Map<String, String> ONE_LOOP = Map.of("num.network.threads", "1");

    private final ApiHandler<HeartbeatRequest> heartbeats = Handlers.heartbeat(
            (context, request) -> Response.completed(Handlers.heartbeatResponse(request.generationId())));

    private static void assertIsServed(TestClient client, int rounds) throws IOException {
        for (int round = 0; round < rounds; round++) {
            client.send(TestClient.frame(HeartbeatRequest.API, 4, round, Handlers.heartbeatRequest(round)));
            assertThat(client.readCorrelationId()).isEqualTo(round);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatDoesNotReadIsNotRead(Sockets sockets) throws Exception {
        AtomicInteger fetches = new AtomicInteger();
        RecordData records = RecordData.of(ByteBuffer.allocateDirect(FETCHED_BYTES));
        try (TestServer server = TestServer.start(sockets, ONE_LOOP, heartbeats, Handlers.fetch((context, request) -> {
                    fetches.incrementAndGet();
                    return Response.completed(Handlers.fetchResponse(List.of(records)));
                }));
                TestClient greedy =
                        new TestClient(server.server.listeners().get(0).port(), 32 * 1024);
                TestClient other = server.connect()) {
            int requests = 500;
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            for (int index = 0; index < requests; index++) {
                frames.writeBytes(TestClient.frame(
                        FetchRequest.API, 12, index, FetchRequest.builder().build()));
            }
            greedy.send(frames.toByteArray());
            Waiting.until("the first request arrived", () -> fetches.get() > 0);
            assertIsServed(other, 300);
            // What the sockets between the two take, and what may pile up here, is a few MiB: not 500.
            assertThat(fetches).hasValueLessThan(20);
            for (int index = 0; index < requests; index++) {
                assertThat(greedy.readCorrelationId()).isEqualTo(index);
            }
        }
    }

    @Test
    void requestsUnderWayAreBoundedPerConnection() throws Exception {
        AtomicInteger arrived = new AtomicInteger();
        CompletableFuture<Response> answer = new CompletableFuture<>();
        try (TestServer server = TestServer.start(
                        Map.of("num.network.threads", "1", "connection.requests.max", "5"),
                        heartbeats,
                        Handlers.fetch((context, request) -> {
                            arrived.incrementAndGet();
                            return answer;
                        }));
                TestClient eager = server.connect();
                TestClient other = server.connect()) {
            for (int index = 0; index < 40; index++) {
                eager.send(TestClient.frame(
                        FetchRequest.API, 12, index, FetchRequest.builder().build()));
            }
            Waiting.until("as many arrived as may", () -> arrived.get() == 5);
            assertIsServed(other, 50);
            assertThat(arrived).hasValue(5);
            answer.complete(Response.of(Handlers.fetchResponse(List.of())));
            for (int index = 0; index < 40; index++) {
                assertThat(eager.readCorrelationId()).isEqualTo(index);
            }
        }
    }

    /** Twenty clients, each of which has sent half of more than the memory: they are served one after the other, and all of them. */
    @Test
    void halvesThatFillTheMemoryGetThroughOneByOne() throws Exception {
        int clients = 20;
        try (TestServer server = TestServer.start(
                Map.of("queued.max.request.bytes", "100000"),
                Handlers.produce((context, request) ->
                        Response.completed(ProduceResponse.builder().build())))) {
            RecordData records = RecordData.of(ByteBuffer.allocate(300_000));
            byte[] frame = TestClient.frame(ProduceRequest.API, 9, 1, Handlers.produceRequest(records));
            List<TestClient> all = new ArrayList<>();
            for (int index = 0; index < clients; index++) {
                TestClient client = server.connect();
                client.send(frame, 0, 20_000);
                all.add(client);
            }
            Waiting.until("memory is scarce", () -> server.transport().memory().isScarce());
            CompletableFuture<?>[] sending = all.stream()
                    .map(client -> CompletableFuture.runAsync(() -> sendRest(client, frame)))
                    .toArray(CompletableFuture[]::new);
            for (TestClient client : all) {
                assertThat(client.readCorrelationId()).isEqualTo(1);
                client.close();
            }
            Waiting.result(CompletableFuture.allOf(sending));
            Waiting.until("all is given back", () -> server.transport().memory().takenBytes() == 0);
        }
    }

    private static void sendRest(TestClient client, byte[] frame) {
        try {
            client.send(frame, 20_000, frame.length - 20_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void connectionsAreClosedWhenNothingHappens(Sockets sockets) throws Exception {
        CompletableFuture<Response> answer = new CompletableFuture<>();
        AtomicInteger waiting = new AtomicInteger();
        try (TestServer server = TestServer.start(sockets, ONE_LOOP, heartbeats, Handlers.fetch((context, request) -> {
                    waiting.incrementAndGet();
                    return answer;
                }));
                TestClient silent = server.connect();
                TestClient half = server.connect();
                TestClient waits = server.connect();
                TestClient active = server.connect()) {
            byte[] frame = TestClient.frame(HeartbeatRequest.API, 4, 1, Handlers.heartbeatRequest(1));
            half.send(frame, 0, frame.length - 3);
            waits.send(TestClient.frame(
                    FetchRequest.API, 12, 3, FetchRequest.builder().build()));
            Waiting.until("the fetch waits", () -> waiting.get() == 1);
            assertIsServed(active, 1);
            Waiting.until("all are accepted", () -> server.transport().openConnections() == 4);
            server.clock.turn(IDLE_LIMIT.minusSeconds(1));
            server.transport().closeIdle(IDLE_LIMIT);
            assertIsServed(active, 1);
            assertThat(server.transport().openConnections()).isEqualTo(4);

            server.clock.turn(Duration.ofSeconds(2));
            server.transport().closeIdle(IDLE_LIMIT);
            assertThat(silent.isClosedByServer()).isTrue();
            assertThat(half.isClosedByServer()).isTrue();
            assertIsServed(active, 1);
            answer.complete(Response.of(Handlers.fetchResponse(List.of())));
            assertThat(waits.readCorrelationId()).isEqualTo(3);
        }
    }

    /** Whoever holds memory that others wait for must go on sending. */
    @Test
    void halfARequestIsNotWaitedForWhileMemoryIsScarce() throws Exception {
        try (TestServer server = TestServer.start(
                        Map.of("num.network.threads", "1", "queued.max.request.bytes", "5000"),
                        heartbeats,
                        Handlers.produce((context, request) ->
                                Response.completed(ProduceResponse.builder().build())));
                TestClient hoarder = server.connect();
                TestClient other = server.connect()) {
            RecordData records = RecordData.of(ByteBuffer.allocate(300_000));
            byte[] frame = TestClient.frame(ProduceRequest.API, 9, 1, Handlers.produceRequest(records));
            hoarder.send(frame, 0, 10_000);
            Waiting.until("memory is scarce", () -> server.transport().memory().isScarce());
            // Nothing but halves would ever give back memory, so whole requests are still served.
            assertIsServed(other, 3);
            server.clock.turn(Duration.ofSeconds(29));
            server.transport().closeIdle(IDLE_LIMIT);
            assertIsServed(other, 1);
            assertThat(server.transport().openConnections()).isEqualTo(2);
            server.clock.turn(Duration.ofSeconds(2));
            server.transport().closeIdle(IDLE_LIMIT);
            assertThat(hoarder.isClosedByServer()).isTrue();
            Waiting.until("all is given back", () -> server.transport().memory().takenBytes() == 0);
        }
    }

    /** As many as the limit of open files allows to both sides, but 2,000 at most; on a usual machine the limit is above that. */
    @Test
    void connectionsThatSendNothingAreCheap() throws Exception {
        long openFiles =
                ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getMaxFileDescriptorCount();
        int count = (int) Math.min(2_000, (openFiles - 200) / 2);
        assertThat(count).as("connections that the limit of open files allows").isGreaterThan(100);
        try (TestServer server = TestServer.start(Map.of(), heartbeats)) {
            List<TestClient> silent = new ArrayList<>();
            try {
                for (int index = 0; index < count; index++) {
                    silent.add(server.connect());
                }
                Waiting.until("all are accepted", () -> server.transport().openConnections() == count);
                assertThat(server.transport().memory().takenBytes()).isZero();
                assertThat(server.server.pooledBytes()).isLessThanOrEqualTo(2L * 4 * 1024 * 1024);
                try (TestClient busy = server.connect()) {
                    assertIsServed(busy, 100);
                }
            } finally {
                silent.forEach(TestClient::close);
            }
            Waiting.until("all are gone", () -> server.transport().openConnections() == 0);
        }
    }
}
