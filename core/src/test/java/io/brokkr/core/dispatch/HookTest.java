package io.brokkr.core.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.core.metrics.MetricsRegistry;
import io.brokkr.core.schedule.SystemClock;
import io.brokkr.pluginhost.CallWatch;
import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.MessageReader;
import io.brokkr.protocol.MessageWriter;
import io.brokkr.protocol.message.HeartbeatRequest;
import io.brokkr.protocol.message.HeartbeatResponse;
import io.brokkr.protocol.message.ListTransactionsRequest;
import io.brokkr.protocol.message.ListTransactionsResponse;
import io.brokkr.protocol.message.RequestHeader;
import io.brokkr.protocol.message.ResponseHeader;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.NextHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.RequestHook;
import io.brokkr.spi.Response;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Any chain of hooks, well behaved or not, against a model of what the client gets. */
class HookTest {

    private static final int VERSION = 1;

    private final ApiRegistry apis = new ApiRegistry();
    private final Set<ClassLoader> loaders = ConcurrentHashMap.newKeySet();
    private final RecordingLogger log = new RecordingLogger();
    private final ExecutorService eventLoop = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "event loop");
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        return thread;
    });
    private final ExecutorService elsewhere = Executors.newSingleThreadExecutor();
    private final ClientConnection client = TestClients.on(eventLoop);

    @AfterEach
    @AfterProperty
    void endThreads() {
        eventLoop.shutdownNow();
        elsewhere.shutdownNow();
    }

    /** What a hook does; those below the line are mistakes. */
    private enum Conduct {
        PASS,
        REWRITE_REQUEST,
        REWRITE_RESPONSE,
        GO_ON_ELSEWHERE,
        REFUSE,
        REFUSE_AFTERWARDS,
        CLOSE,
        SAY_NOTHING,
        // ---
        THROW,
        FAIL,
        NO_STAGE,
        NO_RESPONSE,
        OTHER_RESPONSE,
        UNWRITABLE_RESPONSE,
        GO_ON_TWICE,
        OTHER_REQUEST;

        boolean isMistake() {
            return compareTo(THROW) >= 0;
        }
    }

    private record Hook(String owner, int order, Conduct conduct) {}

    /** What the client gets, and whom the log blames. */
    private record Outcome(List<String> trace, ErrorCode error, boolean closes, boolean silent, List<String> blamed) {

        static Outcome of(ErrorCode error) {
            return new Outcome(List.of(), error, false, false, new ArrayList<>());
        }
    }

    @Provide
    Arbitrary<List<Hook>> hooks() {
        return Combinators.combine(
                        Arbitraries.of("a", "b", "c", "handler"),
                        Arbitraries.integers().between(-1, 1),
                        Arbitraries.of(Conduct.class))
                .as(Hook::new)
                .list()
                .ofMaxSize(5)
                // Of the same plugin and number, their order says nothing.
                .uniqueElements(hook -> hook.owner() + hook.order());
    }

    @Property
    void theClientGetsWhatTheModelSays(@ForAll("hooks") List<Hook> hooks, @ForAll boolean handlerIsLate)
            throws Exception {
        AtomicReference<Thread> handlerThread = new AtomicReference<>();
        Handler handler = new Handler(request -> {
            handlerThread.set(Thread.currentThread());
            loaders.add(Thread.currentThread().getContextClassLoader());
            Response answer = Response.of(ListTransactionsResponse.builder()
                    .unknownStateFilters(request.stateFilters())
                    .build());
            return handlerIsLate
                    ? CompletableFuture.supplyAsync(() -> answer, elsewhere)
                    : CompletableFuture.completedStage(answer);
        });
        Map<String, List<ApiHandler<?>>> handlers = new HashMap<>();
        hooks.forEach(hook -> handlers.put(hook.owner(), List.of()));
        handlers.put("handler", List.of(handler));
        apis.serve(handlers, hooks.stream().map(this::make).toList());

        Outcome expected = expected(
                hooks.stream()
                        .sorted(Comparator.comparingInt(Hook::order).thenComparing(Hook::owner))
                        .toList(),
                List.of());
        assertThat(outcome(dispatch())).isEqualTo(expected);
        assertThat(loaders).isSubsetOf(HookTest.class.getClassLoader());
        if (handlerThread.get() != null) {
            assertThat(handlerThread.get())
                    .isSameAs(eventLoop.submit(Thread::currentThread).get());
        }
        for (CompletionStage<Void> drained : apis.serve(Map.of()).values()) {
            drained.toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    private static Outcome expected(List<Hook> hooks, List<String> request) {
        if (hooks.isEmpty()) {
            return new Outcome(request, ErrorCode.NONE, false, false, new ArrayList<>());
        }
        Hook hook = hooks.get(0);
        List<Hook> rest = hooks.subList(1, hooks.size());
        String name = hook.owner() + hook.order();
        switch (hook.conduct()) {
            case PASS, GO_ON_ELSEWHERE -> {
                return expected(rest, request);
            }
            case REWRITE_REQUEST -> {
                return expected(rest, with(request, name));
            }
            case REWRITE_RESPONSE -> {
                Outcome below = expected(rest, request);
                return below.closes() || below.silent()
                        ? below
                        : new Outcome(with(below.trace(), name), below.error(), false, false, below.blamed());
            }
            case REFUSE -> {
                return Outcome.of(ErrorCode.NOT_COORDINATOR);
            }
            case REFUSE_AFTERWARDS -> {
                return blaming(Outcome.of(ErrorCode.NOT_COORDINATOR), expected(rest, request));
            }
            case CLOSE -> {
                return new Outcome(List.of(), ErrorCode.NONE, true, false, new ArrayList<>());
            }
            case SAY_NOTHING -> {
                return new Outcome(List.of(), ErrorCode.NONE, false, true, new ArrayList<>());
            }
            default -> {
                Outcome outcome = Outcome.of(ErrorCode.UNKNOWN_SERVER_ERROR);
                if (hook.conduct() == Conduct.GO_ON_TWICE) {
                    blaming(outcome, expected(rest, request));
                }
                outcome.blamed().add(hook.owner());
                return outcome;
            }
        }
    }

    private static Outcome blaming(Outcome outcome, Outcome also) {
        outcome.blamed().addAll(also.blamed());
        return outcome;
    }

    private static List<String> with(List<String> trace, String name) {
        return Stream.concat(trace.stream(), Stream.of(name)).toList();
    }

    private PluginHook make(Hook hook) {
        String name = hook.owner() + hook.order();
        return new PluginHook(hook.owner(), hook.order(), new TestHook((request, next) -> {
            loaders.add(Thread.currentThread().getContextClassLoader());
            return hook.conduct().isMistake()
                    ? mistake(hook.conduct(), request, next)
                    : conduct(hook.conduct(), name, (ListTransactionsRequest) request, next);
        }));
    }

    private CompletionStage<Response> conduct(
            Conduct conduct, String name, ListTransactionsRequest request, NextHandler next) {
        return switch (conduct) {
            case REWRITE_REQUEST ->
                next.proceed(request.toBuilder()
                        .stateFilters(with(request.stateFilters(), name))
                        .build());
            case REWRITE_RESPONSE -> next.proceed(request).thenApply(response -> rewritten(response, name));
            case GO_ON_ELSEWHERE ->
                CompletableFuture.runAsync(() -> {}, elsewhere).thenCompose(done -> next.proceed(request));
            case REFUSE -> throw new ApiException(ErrorCode.NOT_COORDINATOR, "elsewhere");
            case REFUSE_AFTERWARDS ->
                next.proceed(request).thenApply(response -> {
                    throw new ApiException(ErrorCode.NOT_COORDINATOR, "elsewhere");
                });
            case CLOSE -> CompletableFuture.completedStage(Response.closeConnection());
            case SAY_NOTHING -> CompletableFuture.completedStage(Response.none());
            default -> next.proceed(request);
        };
    }

    private static CompletionStage<Response> mistake(Conduct conduct, Message request, NextHandler next) {
        return switch (conduct) {
            case THROW -> throw new NoClassDefFoundError("bug");
            case FAIL -> CompletableFuture.failedStage(new IllegalStateException("bug"));
            case NO_STAGE -> null;
            case NO_RESPONSE -> CompletableFuture.completedStage(null);
            case OTHER_RESPONSE ->
                Response.completed(HeartbeatResponse.builder().build());
            case UNWRITABLE_RESPONSE ->
                Response.completed(ListTransactionsResponse.builder()
                        .unknownStateFilters(List.of("x".repeat(40_000)))
                        .build());
            case GO_ON_TWICE -> {
                next.proceed(request);
                yield next.proceed(request);
            }
            default -> next.proceed(HeartbeatRequest.builder().build());
        };
    }

    private static Response rewritten(Response response, String name) {
        return response.message() instanceof ListTransactionsResponse message
                ? Response.of(message.toBuilder()
                        .unknownStateFilters(with(message.unknownStateFilters(), name))
                        .build())
                : response;
    }

    private Answer dispatch() throws Exception {
        RequestHeader header = RequestHeader.builder()
                .requestApiKey((short) ListTransactionsRequest.API.key())
                .requestApiVersion((short) VERSION)
                .build();
        ListTransactionsRequest request = ListTransactionsRequest.builder().build();
        int headerVersion = ListTransactionsRequest.API.requestHeaderVersion(VERSION);
        ByteBuffer frame = ByteBuffer.allocate(header.encodedSize(headerVersion) + request.encodedSize(VERSION));
        MessageWriter writer = MessageWriter.copying(frame);
        header.write(writer, headerVersion);
        request.write(writer, VERSION);
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        CallWatch watch = new CallWatch(Duration.ZERO, log::warn);
        // One that has not logged anything yet, since its log is bounded.
        Dispatcher dispatcher = new Dispatcher(apis, new MetricsRegistry(), new SystemClock(), watch, log);
        eventLoop.execute(() -> dispatcher.dispatch(client, frame.flip(), answer::complete));
        return answer.get(20, TimeUnit.SECONDS);
    }

    private Outcome outcome(Answer answer) {
        List<String> blamed = log.texts().stream()
                .map(text -> text.substring("A bug in ".length(), text.indexOf(':')))
                .toList();
        log.clear();
        if (answer == Answer.CLOSE || answer == Answer.NONE) {
            return new Outcome(List.of(), ErrorCode.NONE, answer == Answer.CLOSE, answer == Answer.NONE, blamed);
        }
        ByteBuffer bytes = ByteBuffer.allocate(answer.sizeInBytes());
        answer.write(MessageWriter.copying(bytes));
        MessageReader reader = new MessageReader(bytes.flip());
        ResponseHeader.read(reader, ListTransactionsRequest.API.responseHeaderVersion(VERSION));
        ListTransactionsResponse message = ListTransactionsResponse.read(reader, VERSION);
        return new Outcome(message.unknownStateFilters(), ErrorCode.forCode(message.errorCode()), false, false, blamed);
    }

    private record Handler(Function<ListTransactionsRequest, CompletionStage<Response>> work)
            implements ApiHandler<ListTransactionsRequest> {

        @Override
        public Api<ListTransactionsRequest> api() {
            return ListTransactionsRequest.API;
        }

        @Override
        public CompletionStage<Response> handle(RequestContext context, ListTransactionsRequest request) {
            return work.apply(request);
        }

        @Override
        public Message failure(ListTransactionsRequest request, int version, ErrorCode error) {
            return ListTransactionsResponse.builder().errorCode(error).build();
        }
    }

    /** {@link #dispatch}, on a thread of its own. */
    private CompletableFuture<Answer> dispatchElsewhere() {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        elsewhere.execute(() -> {
            try {
                answer.complete(dispatch());
            } catch (Exception failure) {
                answer.completeExceptionally(failure);
            }
        });
        return answer;
    }

    @Test
    void anAnswerWaitsForTheHandlerThatStillReadsTheRequest() throws Exception {
        CompletableFuture<Void> arrived = new CompletableFuture<>();
        CompletableFuture<Response> atWork = new CompletableFuture<>();
        Handler handler = new Handler(request -> {
            arrived.complete(null);
            return atWork;
        });
        PluginHook hasty = new PluginHook("hasty", 0, new TestHook((request, next) -> {
            next.proceed(request);
            return CompletableFuture.completedStage(Response.closeConnection());
        }));
        apis.serve(Map.of("handler", List.of(handler), "hasty", List.of()), List.of(hasty));
        CompletableFuture<Answer> answer = dispatchElsewhere();
        arrived.get(20, TimeUnit.SECONDS);
        // Behind all that the request does on the event loop.
        eventLoop.submit(() -> {}).get(20, TimeUnit.SECONDS);
        CompletableFuture<Void> drained = apis.serve(Map.of()).get("hasty").toCompletableFuture();
        assertThat(answer).isNotDone();
        assertThat(drained).isNotDone();
        atWork.complete(Response.none());
        assertThat(answer.get(20, TimeUnit.SECONDS)).isSameAs(Answer.CLOSE);
        drained.get(20, TimeUnit.SECONDS);
    }

    @Test
    void onlyWhatAHookWantsIsGivenToIt() {
        AtomicInteger asked = new AtomicInteger();
        RequestHook choosy = new RequestHook() {
            @Override
            public boolean wants(Api<?> api) {
                asked.incrementAndGet();
                if (api.key() == 1001) {
                    throw new IllegalStateException("bug");
                }
                return api.key() == 1002;
            }

            @Override
            public CompletionStage<Response> around(RequestContext context, Message request, NextHandler next) {
                return next.proceed(request);
            }
        };
        List<HeartbeatHandler> handlers =
                Stream.of(1000, 1001, 1002).map(HeartbeatHandler::withKey).toList();
        apis.serve(Map.of("plugin", handlers), List.of(new PluginHook("plugin", 0, choosy)));
        assertThat(asked).hasValue(3);
        assertThat(apis.find(1000).hooks()).isEmpty();
        assertThat(apis.find(1001).hooks()).isEmpty();
        assertThat(apis.find(1002).hooks()).hasSize(1);
    }

    /** While hooks come and go every request is answered; and once a hook is drained nobody calls it, nor is anybody in it. */
    @Test
    void hooksComeAndGoUnderLoad() throws Exception {
        Handler handler = new Handler(
                request -> Response.completed(ListTransactionsResponse.builder().build()));
        apis.serve(Map.of("handler", List.of(handler)));
        AtomicBoolean stop = new AtomicBoolean();
        Future<?> load = elsewhere.submit(() -> {
            while (!stop.get()) {
                assertThat(outcome(dispatch())).isEqualTo(Outcome.of(ErrorCode.NONE));
            }
            return null;
        });
        try {
            for (int round = 0; round < 300; round++) {
                AtomicBoolean gone = new AtomicBoolean();
                AtomicInteger late = new AtomicInteger();
                AtomicInteger met = new AtomicInteger();
                AtomicInteger inside = new AtomicInteger();
                PluginHook hook = new PluginHook("hook", 0, new TestHook((request, next) -> {
                    late.addAndGet(gone.get() ? 1 : 0);
                    inside.incrementAndGet();
                    met.incrementAndGet();
                    return next.proceed(request).whenComplete((response, failure) -> inside.decrementAndGet());
                }));
                apis.serve(Map.of("handler", List.of(handler), "hook", List.of()), List.of(hook));
                while (met.get() == 0 && !load.isDone()) {
                    Thread.onSpinWait();
                }
                Map<String, CompletionStage<Void>> drained = apis.serve(Map.of("handler", List.of(handler)));
                drained.get("hook").toCompletableFuture().get(20, TimeUnit.SECONDS);
                gone.set(true);
                assertThat(inside).hasValue(0);
                assertThat(late).hasValue(0);
            }
        } finally {
            stop.set(true);
        }
        load.get(20, TimeUnit.SECONDS);
    }
}
