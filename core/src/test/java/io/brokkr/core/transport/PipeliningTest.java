package io.brokkr.core.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.MessageReader;
import io.brokkr.protocol.message.HeartbeatRequest;
import io.brokkr.protocol.message.HeartbeatResponse;
import io.brokkr.spi.Response;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Responses leave in the order of the requests, in whatever order, on whatever thread, the handlers answer. */
class PipeliningTest {

    private static final int VERSION = 4;
    private static final Map<Sockets, TestServer> SERVERS = new EnumMap<>(Sockets.class);
    private static final Queue<CompletableFuture<Response>> ARRIVED = new ConcurrentLinkedQueue<>();
    private static final ExecutorService OTHER_THREADS = Executors.newFixedThreadPool(3);

    /** How a request is answered: within the handler or later, in which turn of those, with what, and by whom. */
    private record Plan(boolean atOnce, int turn, boolean silent, boolean otherThread) {}

    @BeforeContainer
    static void start() {
        for (Sockets sockets : Sockets.values()) {
            SERVERS.put(sockets, TestServer.start(sockets, Map.of(), Handlers.heartbeat((context, request) -> {
                if (request.generationId() < 0) {
                    return CompletableFuture.completedFuture(
                            request.memberId().equals("silent")
                                    ? Response.none()
                                    : Response.of(Handlers.heartbeatResponse(context.correlationId())));
                }
                CompletableFuture<Response> later = new CompletableFuture<>();
                ARRIVED.add(later);
                return later;
            })));
        }
    }

    @AfterContainer
    static void stop() {
        SERVERS.values().forEach(TestServer::close);
        OTHER_THREADS.shutdown();
    }

    @Property(tries = 150)
    void responsesKeepTheOrderOfTheRequests(@ForAll Sockets sockets, @ForAll("plans") List<Plan> plans)
            throws Exception {
        ARRIVED.clear();
        try (TestClient client = SERVERS.get(sockets).connect()) {
            client.send(frames(plans));
            List<Integer> later = indices(plans, false);
            Waiting.until("all requests arrived", () -> ARRIVED.size() == later.size());
            answer(plans, later, new ArrayList<>(ARRIVED));
            for (int index = 0; index < plans.size(); index++) {
                if (!plans.get(index).silent()) {
                    ByteBuffer response = client.read();
                    assertThat(TestClient.readHeader(response, 1)).isEqualTo(index);
                    assertThat(HeartbeatResponse.read(new MessageReader(response), VERSION))
                            .isEqualTo(Handlers.heartbeatResponse(index));
                }
            }
        }
    }

    private static byte[] frames(List<Plan> plans) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int index = 0; index < plans.size(); index++) {
            HeartbeatRequest request = HeartbeatRequest.builder()
                    .groupId("group")
                    .memberId(plans.get(index).silent() ? "silent" : "loud")
                    .generationId(plans.get(index).atOnce() ? -1 : index)
                    .build();
            frames.writeBytes(TestClient.frame(HeartbeatRequest.API, VERSION, index, request));
        }
        return frames.toByteArray();
    }

    private static List<Integer> indices(List<Plan> plans, boolean atOnce) {
        List<Integer> indices = new ArrayList<>();
        for (int index = 0; index < plans.size(); index++) {
            if (plans.get(index).atOnce() == atOnce) {
                indices.add(index);
            }
        }
        return indices;
    }

    private static void answer(List<Plan> plans, List<Integer> later, List<CompletableFuture<Response>> stages) {
        List<Integer> order = new ArrayList<>(later);
        order.sort((left, right) ->
                Integer.compare(plans.get(left).turn(), plans.get(right).turn()));
        for (int index : order) {
            Plan plan = plans.get(index);
            Executor executor = plan.otherThread() ? OTHER_THREADS : Runnable::run;
            Response response = plan.silent() ? Response.none() : Response.of(Handlers.heartbeatResponse(index));
            executor.execute(() -> stages.get(later.indexOf(index)).complete(response));
        }
    }

    @Provide
    Arbitrary<List<Plan>> plans() {
        Arbitrary<Boolean> flag = Arbitraries.of(true, false);
        return Combinators.combine(flag, Arbitraries.integers().between(0, 1000), flag, flag)
                .as(Plan::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(60);
    }
}
