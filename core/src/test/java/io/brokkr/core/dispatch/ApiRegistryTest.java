package io.brokkr.core.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.core.metrics.MetricsRegistry;
import io.brokkr.core.schedule.SystemClock;
import io.brokkr.pluginhost.CallWatch;
import io.brokkr.protocol.Api;
import io.brokkr.protocol.message.HeartbeatRequest;
import io.brokkr.spi.Response;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ApiRegistryTest {

    private static final CallWatch WATCH = new CallWatch(Duration.ZERO, (line, stack) -> {});

    private final ApiRegistry registry = new ApiRegistry();

    /** Each table is served as a whole, or not at all where two owners have the same key; then the one before stays. */
    @Property
    void theRegistryIsTheLastTableWithoutConflicts(@ForAll("tables") List<Map<String, Set<Integer>>> tables) {
        ApiRegistry apis = new ApiRegistry();
        Map<Integer, String> model = new TreeMap<>();
        Set<String> owners = new HashSet<>();
        for (Map<String, Set<Integer>> table : tables) {
            Map<Integer, String> wanted = new TreeMap<>();
            table.forEach((owner, keys) -> keys.forEach(key -> wanted.put(key, owner)));
            int all = table.values().stream().mapToInt(Set::size).sum();
            Map<String, List<HeartbeatHandler>> handlers = new HashMap<>();
            table.forEach((owner, keys) -> handlers.put(
                    owner, keys.stream().map(HeartbeatHandler::withKey).toList()));
            if (wanted.size() < all) {
                assertThatThrownBy(() -> apis.serve(handlers)).isInstanceOf(IllegalStateException.class);
            } else {
                Map<String, CompletionStage<Void>> drained = apis.serve(handlers);
                assertThat(drained.keySet()).isEqualTo(owners);
                assertThat(drained.values()).allSatisfy(stage -> assertThat(stage.toCompletableFuture())
                        .isCompleted());
                model = wanted;
                owners = Set.copyOf(table.keySet());
            }
            assertThat(apis.apis()).extracting(Api::key).containsExactlyElementsOf(model.keySet());
            model.forEach((key, owner) ->
                    assertThat(apis.find(key).registration().owner()).isEqualTo(owner));
            assertThat(apis.find(77)).isNull();
        }
    }

    @Provide
    Arbitrary<List<Map<String, Set<Integer>>>> tables() {
        Arbitrary<Set<Integer>> keys =
                Arbitraries.of(-1, 0, 1, 2, 127, 128, 129, 5000, 32_767).set().ofMaxSize(3);
        return Arbitraries.maps(Arbitraries.of("a", "b", "c", "d"), keys).list().ofMaxSize(15);
    }

    @Test
    void aKeyThatIsServedTwiceNamesBoth() {
        registry.serve(Map.of("first", List.of(HeartbeatHandler.withKey(12))));
        Map<String, List<HeartbeatHandler>> both = new LinkedHashMap<>();
        both.put("first", List.of(HeartbeatHandler.withKey(12)));
        both.put("second", List.of(HeartbeatHandler.withKey(13), HeartbeatHandler.withKey(12)));
        assertThatThrownBy(() -> registry.serve(both))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("API 12 (Api12) is served by first and by second: only one of them can stay");
        assertThat(registry.find(13)).isNull();
        assertThat(registry.apis()).hasSize(1);
    }

    /** While two owners take turns in serving an API, nobody finds it without one. */
    @Test
    void whereOneOwnerTakesTheOthersPlaceNoRequestIsTurnedAway() throws Exception {
        Dispatcher dispatcher = new Dispatcher(registry, new MetricsRegistry(), new SystemClock(), WATCH);
        List<HeartbeatHandler> handlers =
                List.of(new HeartbeatHandler(() -> CompletableFuture.completedFuture(Response.none())));
        registry.serve(Map.of("owner 0", handlers));
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService client = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> turnedAway = client.submit(() -> {
                int closed = 0;
                while (!stop.get()) {
                    List<Answer> answers = new ArrayList<>();
                    dispatch(dispatcher, answers);
                    closed += answers.equals(List.of(Answer.NONE)) ? 0 : 1;
                }
                return closed;
            });
            for (int round = 1; round <= 20_000; round++) {
                registry.serve(Map.of("owner " + round % 2, handlers));
            }
            stop.set(true);
            assertThat(turnedAway.get(30, TimeUnit.SECONDS)).isZero();
        } finally {
            stop.set(true);
            client.shutdown();
        }
    }

    @Test
    void anOwnerThatGoesIsDrainedOfItsRequests() {
        CompletableFuture<Response> underWay = new CompletableFuture<>();
        registry.serve(Map.of("owner", List.of(new HeartbeatHandler(() -> underWay))));
        List<Answer> answers = new ArrayList<>();
        Dispatcher dispatcher = new Dispatcher(registry, new MetricsRegistry(), new SystemClock(), WATCH);
        dispatch(dispatcher, answers);
        CompletableFuture<Void> drained = registry.serve(Map.of()).get("owner").toCompletableFuture();
        assertThat(registry.apis()).isEmpty();
        assertThat(drained).isNotDone();
        dispatch(dispatcher, answers);
        assertThat(answers).containsExactly(Answer.CLOSE);
        underWay.complete(Response.none());
        assertThat(answers).containsExactly(Answer.CLOSE, Answer.NONE);
        assertThat(drained).isCompleted();
        registry.serve(Map.of("owner", List.of(HeartbeatHandler.withKey(12))));
        assertThat(registry.apis()).hasSize(1);
    }

    private static void dispatch(Dispatcher dispatcher, List<Answer> answers) {
        ByteBuffer frame = ByteBuffer.allocate(100);
        frame.putShort((short) HeartbeatRequest.API.key());
        ClientConnection client = TestClients.on(Runnable::run);
        dispatcher.dispatch(client, frame.clear(), answers::add);
    }

    /** Once an owner is drained, its handlers are not called again, and none of their stages is open. */
    @Test
    void nobodyIsCalledAfterTheDrain() throws Exception {
        Dispatcher dispatcher = new Dispatcher(registry, new MetricsRegistry(), new SystemClock(), WATCH);
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
                registry.serve(Map.of("owner", List.of(new HeartbeatHandler(() -> {
                    inside.incrementAndGet();
                    late.addAndGet(gone.get() ? 1 : 0);
                    calls.incrementAndGet();
                    inside.decrementAndGet();
                    return CompletableFuture.completedFuture(Response.none());
                }))));
                while (calls.get() == 0) {
                    Thread.onSpinWait();
                }
                registry.serve(Map.of()).get("owner").toCompletableFuture().get(30, TimeUnit.SECONDS);
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
