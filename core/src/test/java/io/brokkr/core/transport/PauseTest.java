package io.brokkr.core.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.message.FetchRequest;
import io.brokkr.protocol.message.HeartbeatRequest;
import io.brokkr.protocol.message.ProduceRequest;
import io.brokkr.protocol.message.ProduceResponse;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.security.ClientQuota;
import io.brokkr.spi.security.ClientQuotaFactory;
import io.brokkr.spi.security.QuotaType;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client that has used up too much pauses: by the broker's clock, alone, and without harm to the end of its connection. */
class PauseTest {

    /** Charges as many bytes as the request's generation says, each of which is a second. */
    private static final class Quota implements ClientQuotaFactory {
        @Override
        public String name() {
            return TestServer.QUOTA;
        }

        @Override
        public ClientQuota create(BrokerServices broker) {
            return (request, type, amount) -> Duration.ofSeconds(amount);
        }
    }

    private final List<Integer> served = new CopyOnWriteArrayList<>();

    /** Answers with the number of the request, which is the length of the pause, too. */
    private final ApiHandler<HeartbeatRequest> charging = Handlers.heartbeat((context, request) -> {
        served.add(request.generationId());
        context.charge(QuotaType.FETCH, request.generationId());
        return Response.completed(Handlers.heartbeatResponse(request.generationId()));
    });

    private static byte[] heartbeat(int seconds) {
        return TestClient.frame(HeartbeatRequest.API, 4, seconds, Handlers.heartbeatRequest(seconds));
    }

    private static byte[] together(byte[]... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            all.writeBytes(frame);
        }
        return all.toByteArray();
    }

    private TestServer start(Sockets sockets, ApiHandler<?>... more) {
        return TestServer.withQuota(
                sockets,
                new Quota(),
                Stream.concat(Stream.of(charging), Stream.of(more)).toArray(ApiHandler<?>[]::new));
    }

    private static void awaitTimers(TestServer server, int count) {
        Waiting.until(count + " timers are pending", () -> server.timers.pending() == count);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsBehindItWaitsUntilThePauseIsOver(Sockets sockets) throws Exception {
        try (TestServer server = start(sockets);
                TestClient client = server.connect();
                TestClient other = server.connect()) {
            client.send(together(heartbeat(10), heartbeat(0), heartbeat(0)));
            assertThat(client.readCorrelationId()).isEqualTo(10);
            awaitTimers(server, 1);
            other.send(together(heartbeat(0), heartbeat(0)));
            assertThat(other.readCorrelationId()).isZero();
            assertThat(other.readCorrelationId()).isZero();
            assertThat(served).containsExactly(10, 0, 0);
            server.timers.turn(Duration.ofMillis(9_999));
            assertThat(server.timers.pending()).isEqualTo(1);
            server.timers.turn(Duration.ofMillis(1));
            assertThat(client.readCorrelationId()).isZero();
            assertThat(client.readCorrelationId()).isZero();
            assertThat(served).hasSize(5);
            assertThat(server.timers.pending()).isZero();
        }
    }

    /** What comes when the pause has begun waits as well, and costs no timer before it comes. */
    @ParameterizedTest
    @EnumSource
    void whatComesDuringThePauseWaits(Sockets sockets) throws Exception {
        try (TestServer server = start(sockets);
                TestClient client = server.connect()) {
            client.send(heartbeat(10));
            assertThat(client.readCorrelationId()).isEqualTo(10);
            assertThat(server.timers.pending()).isZero();
            server.timers.turn(Duration.ofSeconds(4));
            client.send(heartbeat(3));
            awaitTimers(server, 1);
            assertThat(served).containsExactly(10);
            server.timers.turn(Duration.ofSeconds(6));
            assertThat(client.readCorrelationId()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoSendsAfterThePauseDoesNotWait(Sockets sockets) throws Exception {
        try (TestServer server = start(sockets);
                TestClient client = server.connect()) {
            client.send(heartbeat(10));
            assertThat(client.readCorrelationId()).isEqualTo(10);
            server.timers.turn(Duration.ofSeconds(10));
            client.send(heartbeat(0));
            assertThat(client.readCorrelationId()).isZero();
            assertThat(server.timers.pending()).isZero();
        }
    }

    /** A request that is charged when others are in the socket already: by a thread of its own, as one that produces is. */
    @ParameterizedTest
    @EnumSource
    void aRequestThatIsBeingReadWhenThePauseBeginsWaits(Sockets sockets) throws Exception {
        CompletableFuture<RequestContext> arrived = new CompletableFuture<>();
        CompletableFuture<Response> answer = new CompletableFuture<>();
        CompletableFuture<Void> produced = new CompletableFuture<>();
        ApiHandler<FetchRequest> fetch = Handlers.fetch((context, request) -> {
            arrived.complete(context);
            return answer;
        });
        ApiHandler<ProduceRequest> produce = Handlers.produce((context, request) -> {
            produced.complete(null);
            return Response.completed(ProduceResponse.builder().build());
        });
        byte[] large = TestClient.frame(
                ProduceRequest.API, 9, 3, Handlers.produceRequest(RecordData.of(ByteBuffer.allocate(300_000))));
        try (TestServer server = start(sockets, fetch, produce);
                TestClient client = server.connect()) {
            client.send(TestClient.frame(
                    FetchRequest.API, 12, 1, FetchRequest.builder().build()));
            RequestContext context = Waiting.result(arrived);
            client.send(large, 0, 200_000);
            Waiting.until(
                    "a part of the request has come",
                    () -> server.transport().memory().takenBytes() > 100_000);
            context.charge(QuotaType.PRODUCE, 10);
            answer.complete(Response.of(Handlers.fetchResponse(List.of())));
            assertThat(client.readCorrelationId()).isEqualTo(1);
            client.send(large, 200_000, large.length - 200_000);
            awaitTimers(server, 1);
            assertThat(produced).isNotDone();
            server.timers.turn(Duration.ofSeconds(10));
            assertThat(client.readCorrelationId()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatHasClosedItsSideIsStillServedWhatItSent(Sockets sockets) throws Exception {
        try (TestServer server = start(sockets);
                TestClient client = server.connect()) {
            client.send(together(heartbeat(10), heartbeat(0)));
            assertThat(client.readCorrelationId()).isEqualTo(10);
            client.shutdownOutput();
            awaitTimers(server, 1);
            server.timers.turn(Duration.ofSeconds(10));
            assertThat(client.readCorrelationId()).isZero();
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionThatIsGoneLeavesNoTimer(Sockets sockets) throws Exception {
        try (TestServer server = start(sockets);
                TestClient client = server.connect()) {
            client.send(together(heartbeat(10), heartbeat(0)));
            assertThat(client.readCorrelationId()).isEqualTo(10);
            awaitTimers(server, 1);
            server.transport().closeAll();
            assertThat(client.isClosedByServer()).isTrue();
            awaitTimers(server, 0);
            server.timers.turn(Duration.ofSeconds(10));
            assertThat(served).containsExactly(10);
            assertThat(server.transport().memory().takenBytes()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theEndDoesNotWaitForAPause(Sockets sockets) throws Exception {
        try (TestServer server = start(sockets);
                TestClient client = server.connect()) {
            client.send(together(heartbeat(10), heartbeat(0)));
            assertThat(client.readCorrelationId()).isEqualTo(10);
            awaitTimers(server, 1);
            CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> server.server.close(Waiting.BOUND));
            assertThat(client.correlationIdsUntilClosed()).isEmpty();
            client.hangUp();
            Waiting.result(closing);
            assertThat(served).containsExactly(10);
            assertThat(server.timers.pending()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoPausesIsNotIdle(Sockets sockets) throws Exception {
        try (TestServer server = start(sockets);
                TestClient client = server.connect();
                TestClient idle = server.connect()) {
            client.send(together(heartbeat(60), heartbeat(0)));
            assertThat(client.readCorrelationId()).isEqualTo(60);
            idle.send(heartbeat(0));
            assertThat(idle.readCorrelationId()).isZero();
            awaitTimers(server, 1);
            server.timers.turn(Duration.ofSeconds(50));
            server.transport().closeIdle(Duration.ofSeconds(40));
            assertThat(idle.isClosedByServer()).isTrue();
            server.timers.turn(Duration.ofSeconds(10));
            assertThat(client.readCorrelationId()).isZero();
        }
    }
}
