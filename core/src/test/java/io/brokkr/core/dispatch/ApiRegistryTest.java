package io.brokkr.core.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.core.metrics.MetricsRegistry;
import io.brokkr.core.schedule.SystemClock;
import io.brokkr.protocol.Api;
import io.brokkr.protocol.message.HeartbeatRequest;
import io.brokkr.spi.Response;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ApiRegistryTest {

    private final ApiRegistry registry = new ApiRegistry();

    /** An owner that comes with some keys, or goes. */
    private record Change(String owner, Set<Integer> keys, boolean comes) {}

    /** Against a map from keys to owners. */
    @Property
    void theRegistryIsWhatTheChangesMakeOfIt(@ForAll("changes") List<Change> changes) {
        ApiRegistry apis = new ApiRegistry();
        Map<Integer, String> model = new TreeMap<>();
        Map<String, Set<Integer>> owners = new HashMap<>();
        for (Change change : changes) {
            if (!change.comes) {
                assertThat(apis.unregister(change.owner).toCompletableFuture()).isCompleted();
                owners.remove(change.owner);
                model.values().removeIf(change.owner::equals);
            } else {
                boolean accepted = register(apis, change);
                boolean free = change.keys.stream().noneMatch(model::containsKey);
                assertThat(accepted).isEqualTo(free && !owners.containsKey(change.owner));
                if (accepted) {
                    owners.put(change.owner, change.keys);
                    change.keys.forEach(key -> model.put(key, change.owner));
                }
            }
            assertThat(apis.apis()).extracting(Api::key).containsExactlyElementsOf(model.keySet());
            model.forEach((key, owner) ->
                    assertThat(apis.find(key).registration().owner()).isEqualTo(owner));
            assertThat(apis.find(77)).isNull();
        }
    }

    private static boolean register(ApiRegistry apis, Change change) {
        try {
            apis.register(
                    change.owner,
                    change.keys.stream().map(HeartbeatHandler::withKey).toList());
            return true;
        } catch (IllegalStateException taken) {
            return false;
        }
    }

    @Provide
    Arbitrary<List<Change>> changes() {
        return Combinators.combine(
                        Arbitraries.of("a", "b", "c", "d"),
                        Arbitraries.of(-1, 0, 1, 2, 127, 128, 129, 5000, 32_767)
                                .set()
                                .ofMaxSize(4),
                        Arbitraries.of(true, true, false))
                .as(Change::new)
                .list()
                .ofMaxSize(25);
    }

    @Test
    void aKeyThatIsServedTwiceNamesBoth() {
        registry.register("first", List.of(HeartbeatHandler.withKey(12)));
        assertThatThrownBy(() -> registry.register(
                        "second", List.of(HeartbeatHandler.withKey(13), HeartbeatHandler.withKey(12))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("API 12 (Api12) is served by first and by second: only one of them can stay");
        assertThat(registry.find(13)).isNull();
        assertThat(registry.apis()).hasSize(1);
    }

    @Test
    void anOwnerThatGoesIsDrainedOfItsRequests() {
        CompletableFuture<Response> underWay = new CompletableFuture<>();
        registry.register("owner", List.of(new HeartbeatHandler(() -> underWay)));
        List<Answer> answers = new ArrayList<>();
        Dispatcher dispatcher = new Dispatcher(registry, new MetricsRegistry(), new SystemClock());
        dispatch(dispatcher, answers);
        CompletableFuture<Void> drained = registry.unregister("owner").toCompletableFuture();
        assertThat(registry.apis()).isEmpty();
        assertThat(drained).isNotDone();
        dispatch(dispatcher, answers);
        assertThat(answers).containsExactly(Answer.CLOSE);
        underWay.complete(Response.none());
        assertThat(answers).containsExactly(Answer.CLOSE, Answer.NONE);
        assertThat(drained).isCompleted();
        registry.register("owner", List.of(HeartbeatHandler.withKey(12)));
        assertThat(registry.apis()).hasSize(1);
    }

    private static void dispatch(Dispatcher dispatcher, List<Answer> answers) {
        ByteBuffer frame = ByteBuffer.allocate(100);
        frame.putShort((short) HeartbeatRequest.API.key());
        ClientConnection client =
                new ClientConnection("PLAINTEXT", InetSocketAddress.createUnresolved("host", 1), 1, Runnable::run);
        dispatcher.dispatch(client, frame.clear(), answers::add);
    }

    /** Once an owner is drained, its handlers are not called again, and none of their stages is open. */
    @Test
    void nobodyIsCalledAfterTheDrain() throws Exception {
        Dispatcher dispatcher = new Dispatcher(registry, new MetricsRegistry(), new SystemClock());
        ExecutorService threads = Executors.newFixedThreadPool(2);
        AtomicBoolean stop = new AtomicBoolean();
        List<Future<?>> clients = new ArrayList<>();
        try {
            for (int thread = 0; thread < 2; thread++) {
                clients.add(threads.submit(() -> {
                    while (!stop.get()) {
                        dispatch(dispatcher, new ArrayList<>());
                    }
                }));
            }
            for (int round = 0; round < 300; round++) {
                AtomicInteger inside = new AtomicInteger();
                AtomicInteger calls = new AtomicInteger();
                AtomicBoolean gone = new AtomicBoolean();
                AtomicInteger late = new AtomicInteger();
                registry.register("owner", List.of(new HeartbeatHandler(() -> {
                    inside.incrementAndGet();
                    late.addAndGet(gone.get() ? 1 : 0);
                    calls.incrementAndGet();
                    inside.decrementAndGet();
                    return CompletableFuture.completedFuture(Response.none());
                })));
                while (calls.get() == 0) {
                    Thread.onSpinWait();
                }
                registry.unregister("owner").toCompletableFuture().get(30, TimeUnit.SECONDS);
                assertThat(inside).hasValue(0);
                gone.set(true);
                assertThat(late).hasValue(0);
            }
        } finally {
            stop.set(true);
            threads.shutdown();
        }
        for (Future<?> client : clients) {
            client.get(30, TimeUnit.SECONDS);
        }
    }
}
