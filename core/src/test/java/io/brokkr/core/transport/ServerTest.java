package io.brokkr.core.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.core.configuration.InvalidConfigurationException;
import io.brokkr.protocol.message.FetchRequest;
import io.brokkr.protocol.message.HeartbeatRequest;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.Response;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Listening, stopping, and the number of connections. */
class ServerTest {

    private final ApiHandler<HeartbeatRequest> heartbeats = Handlers.heartbeat(
            (context, request) -> Response.completed(Handlers.heartbeatResponse(request.generationId())));

    private static byte[] heartbeat(int number) {
        return TestClient.frame(HeartbeatRequest.API, 4, number, Handlers.heartbeatRequest(number));
    }

    private static byte[] fetch(int number) {
        return TestClient.frame(
                FetchRequest.API, 12, number, FetchRequest.builder().build());
    }

    /** The tests run with both kinds of sockets; where this fails the native library is missing from the class path. */
    @Test
    void nativeSocketsAreUsedOnLinux() {
        assertThat(System.getProperty("os.name").equals("Linux"))
                .isEqualTo(Epoll.isAvailable())
                .isEqualTo(Sockets.best() == Sockets.EPOLL);
    }

    @Test
    void everyListenerIsServedUnderItsName() throws Exception {
        Map<String, String> settings = Map.of(
                "listeners", "PLAINTEXT://127.0.0.1:0,internal://127.0.0.1:0",
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,INTERNAL:PLAINTEXT",
                "advertised.listeners", "INTERNAL://broker.example:1234");
        try (TestServer server = TestServer.start(
                settings,
                Handlers.heartbeat((context, request) -> Response.completed(
                        Handlers.heartbeatResponse(context.listener().length()))))) {
            List<Listener> listeners = server.server.listeners();
            assertThat(listeners).extracting(Listener::name).containsExactly("PLAINTEXT", "INTERNAL");
            for (Listener listener : listeners) {
                try (TestClient client = new TestClient(listener.port())) {
                    client.send(heartbeat(3));
                    assertThat(TestClient.readHeader(client.read(), 1)).isEqualTo(3);
                }
            }
            assertThat(server.server.advertisedListeners())
                    .containsExactly(listeners.get(0), new Listener("INTERNAL", "broker.example", 1234));
        }
    }

    @Test
    void aListenerOnAllAddressesIsAdvertisedOnThisMachine() {
        try (TestServer server = TestServer.start(Map.of("listeners", "PLAINTEXT://:0"), heartbeats)) {
            int port = server.server.listeners().get(0).port();
            assertThat(server.server.advertisedListeners())
                    .containsExactly(new Listener("PLAINTEXT", "localhost", port));
        }
    }

    @Test
    void aPortInUseIsToldWithTheAddressAndWhatToDo() {
        try (TestServer first = TestServer.start(Map.of(), heartbeats)) {
            int port = first.server.listeners().get(0).port();
            assertThatThrownBy(() -> TestServer.start(Map.of("listeners", "PLAINTEXT://127.0.0.1:" + port)))
                    .isInstanceOf(CannotListenException.class)
                    .hasMessageContaining("cannot listen on PLAINTEXT://127.0.0.1:" + port)
                    .hasMessageContaining("stop the process that has port " + port);
        }
    }

    @Test
    void anAddressOfAnotherMachineIsTold() {
        assertThatThrownBy(() -> TestServer.start(Map.of("listeners", "PLAINTEXT://192.0.2.1:0")))
                .isInstanceOf(CannotListenException.class)
                .hasMessageContaining("give an address of this machine");
        assertThat(new CannotListenException(new Listener("A", "typo.example", 1), new UnresolvedAddressException()))
                .hasMessageContaining("cannot listen on A://typo.example:1: no address is known for the host");
    }

    @Test
    void protocolsThatAreNotServedAreToldApart() {
        assertThatThrownBy(() -> TestServer.start(Map.of("listeners", "SASL_SSL://:9093")))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage(
                        "listeners: SASL_SSL://:9093: the protocol SASL_SSL is not served yet, only PLAINTEXT and SASL_PLAINTEXT");
        assertThatThrownBy(() -> TestServer.start(Map.of("listeners", "OUTSIDE://:9093")))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("add OUTSIDE:PLAINTEXT to listener.security.protocol.map");
        assertThatThrownBy(() -> TestServer.start(Map.of("advertised.listeners", "OTHER://host:9093")))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("no listener of this name");
        assertThatThrownBy(() -> TestServer.start(Map.of("advertised.listeners", "PLAINTEXT://0.0.0.0:9093")))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("that they can reach");
    }

    @ParameterizedTest
    @EnumSource
    void requestsUnderWayAreAnsweredBeforeTheEnd(Sockets sockets) throws Exception {
        CompletableFuture<Response> answer = new CompletableFuture<>();
        CompletableFuture<Void> arrived = new CompletableFuture<>();
        try (TestServer server = TestServer.start(sockets, Map.of(), heartbeats, Handlers.fetch((context, request) -> {
                    arrived.complete(null);
                    return answer;
                }));
                TestClient busy = server.connect();
                TestClient idle = server.connect()) {
            idle.send(heartbeat(1));
            assertThat(idle.readCorrelationId()).isEqualTo(1);
            busy.send(heartbeat(2));
            busy.send(fetch(3));
            assertThat(busy.readCorrelationId()).isEqualTo(2);
            Waiting.result(arrived);
            CompletionStage<Void> closing = CompletableFuture.runAsync(() -> server.server.close(Waiting.BOUND));
            assertThat(idle.isClosedByServer()).isTrue();
            // What comes now may be too late, but must not harm what came before.
            busy.send(heartbeat(4));
            answer.complete(Response.of(Handlers.fetchResponse(List.of())));
            assertThat(busy.readCorrelationId()).isEqualTo(3);
            assertThat(busy.correlationIdsUntilClosed()).isSubsetOf(4);
            busy.hangUp();
            Waiting.result(closing);
            assertThat(server.transport().openConnections()).isZero();
            assertThatThrownBy(server::connect).isInstanceOf(UncheckedIOException.class);
        }
    }

    /** The request that waits in the socket makes the end of the connection a reset, which takes along what the client has not read yet. */
    @Test
    void anAnswerSurvivesTheEndThoughTheNextRequestIsUnread() throws Exception {
        for (int round = 0; round < 20; round++) {
            CompletableFuture<Void> arrived = new CompletableFuture<>();
            CompletableFuture<Void> goOn = new CompletableFuture<>();
            try (TestServer server = TestServer.start(
                            Map.of("num.network.threads", "1"), heartbeats, Handlers.fetch((context, request) -> {
                                arrived.complete(null);
                                // The event loop itself waits, so that it reads nothing meanwhile.
                                goOn.orTimeout(Waiting.BOUND.toSeconds(), TimeUnit.SECONDS)
                                        .join();
                                return CompletableFuture.completedStage(Response.of(Handlers.fetchResponse(List.of())));
                            }));
                    TestClient client = server.connect()) {
                client.send(fetch(1));
                Waiting.result(arrived);
                server.transport().stopAll();
                client.send(heartbeat(2));
                goOn.complete(null);
                assertThat(client.readCorrelationId()).isEqualTo(1);
                assertThat(client.correlationIdsUntilClosed()).isSubsetOf(2);
            }
        }
    }

    @Test
    void requestsThatAreNotDoneInTimeAreGivenUp() throws Exception {
        CompletableFuture<Void> arrived = new CompletableFuture<>();
        try (TestServer server = TestServer.start(Map.of(), Handlers.fetch((context, request) -> {
                    arrived.complete(null);
                    return new CompletableFuture<>();
                }));
                TestClient client = server.connect()) {
            client.send(fetch(1));
            Waiting.result(arrived);
            server.server.close(Duration.ofMillis(1));
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(server.transport().openConnections()).isZero();
        }
    }

    /** An answer that comes when everything has ended harms nobody, and neither does a task for an event loop that is gone. */
    @Test
    void answersAfterTheEndAreThrownAway() throws Exception {
        CompletableFuture<Response> answer = new CompletableFuture<>();
        CompletableFuture<Executor> arrived = new CompletableFuture<>();
        try (TestServer server = TestServer.start(Map.of(), Handlers.fetch((context, request) -> {
                    arrived.complete(context.executor());
                    return answer;
                }));
                TestClient client = server.connect()) {
            client.send(fetch(1));
            Waiting.result(arrived);
            server.server.close(Duration.ZERO);
            answer.complete(Response.of(Handlers.fetchResponse(List.of())));
            CompletableFuture<Void> ran = new CompletableFuture<>();
            arrived.join().execute(() -> ran.complete(null));
            Waiting.result(ran);
            assertThat(server.transport().memory().takenBytes()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void connectionsBeyondTheLimitWaitForTheirTurn(Sockets sockets) throws Exception {
        Map<String, String> settings = Map.of("max.connections", "2", "num.network.threads", "1");
        try (TestServer server = TestServer.start(sockets, settings, heartbeats);
                TestClient first = server.connect();
                TestClient second = server.connect()) {
            first.send(heartbeat(1));
            second.send(heartbeat(1));
            assertThat(first.readCorrelationId()).isEqualTo(1);
            assertThat(second.readCorrelationId()).isEqualTo(1);
            try (TestClient third = server.connect()) {
                third.send(heartbeat(3));
                for (int round = 0; round < 100; round++) {
                    second.send(heartbeat(round));
                    assertThat(second.readCorrelationId()).isEqualTo(round);
                }
                assertThat(server.transport().openConnections()).isEqualTo(2);
                first.hangUp();
                assertThat(third.readCorrelationId()).isEqualTo(3);
            }
        }
    }

    /** A client may close its side when it has sent all it wants to send, and still reads the answers. */
    @ParameterizedTest
    @EnumSource
    void whatWasSentBeforeTheEndOfAClientIsServed(Sockets sockets) throws IOException {
        Map<String, String> settings = Map.of("connection.requests.max", "3");
        try (TestServer server = TestServer.start(
                        sockets,
                        settings,
                        Handlers.heartbeat((context, request) ->
                                CompletableFuture.supplyAsync(() -> Response.of(Handlers.heartbeatResponse(1)))));
                TestClient client = server.connect()) {
            for (int index = 0; index < 50; index++) {
                client.send(heartbeat(index));
            }
            client.shutdownOutput();
            for (int index = 0; index < 50; index++) {
                assertThat(client.readCorrelationId()).isEqualTo(index);
            }
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void anAnswerMayBeTheEndOfTheConnection() throws Exception {
        try (TestServer server = TestServer.start(
                        Map.of(),
                        Handlers.heartbeat((context, request) ->
                                CompletableFuture.supplyAsync(() -> switch (request.generationId()) {
                                    case 0 -> Response.none();
                                    case 1 -> Response.of(Handlers.heartbeatResponse(1));
                                    default -> Response.closeConnection();
                                })));
                TestClient client = server.connect()) {
            for (int generation : new int[] {0, 1, 0, 1, 2, 1}) {
                client.send(heartbeat(generation));
            }
            assertThat(client.readCorrelationId()).isEqualTo(1);
            assertThat(client.readCorrelationId()).isEqualTo(1);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }
}
