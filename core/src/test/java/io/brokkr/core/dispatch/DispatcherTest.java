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
import io.brokkr.protocol.RecordBuffers;
import io.brokkr.protocol.message.FetchRequest;
import io.brokkr.protocol.message.FetchResponse;
import io.brokkr.protocol.message.HeartbeatRequest;
import io.brokkr.protocol.message.HeartbeatResponse;
import io.brokkr.protocol.message.RequestHeader;
import io.brokkr.protocol.message.ResponseHeader;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.MetricFamily;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DispatcherTest {

    private static final int VERSION = 4;
    private static final ClientConnection CLIENT = TestClients.on(Runnable::run);

    private final ApiRegistry apis = new ApiRegistry();
    private final MetricsRegistry metrics = new MetricsRegistry();
    private final RecordingLogger log = new RecordingLogger();
    private final Dispatcher dispatcher =
            new Dispatcher(apis, metrics, new SystemClock(), new CallWatch(Duration.ZERO, log::warn), log);

    private static ByteBuffer request(Api<?> api, int version, Message body) {
        RequestHeader header = RequestHeader.builder()
                .requestApiKey((short) api.key())
                .requestApiVersion((short) version)
                .correlationId(99)
                .clientId("line\nbreak")
                .build();
        int headerVersion = api.requestHeaderVersion(version);
        ByteBuffer frame = ByteBuffer.allocate(header.encodedSize(headerVersion) + body.encodedSize(version));
        MessageWriter writer = MessageWriter.copying(frame);
        header.write(writer, headerVersion);
        body.write(writer, version);
        return frame.flip();
    }

    private static ByteBuffer heartbeat() {
        return request(HeartbeatRequest.API, VERSION, HeartbeatRequest.builder().build());
    }

    private List<Answer> dispatch(ByteBuffer frame) {
        List<Answer> answers = new ArrayList<>();
        dispatcher.dispatch(CLIENT, frame, answers::add);
        return answers;
    }

    private Answer outcome(Supplier<CompletionStage<Response>> outcome) {
        apis.serve(Map.of("owner", List.of(new HeartbeatHandler(outcome))));
        List<Answer> answers = dispatch(heartbeat());
        assertThat(apis.serve(Map.of()).get("owner").toCompletableFuture()).isCompleted();
        assertThat(answers).hasSize(1);
        return answers.get(0);
    }

    private static Message read(Answer answer, int headerVersion) {
        ByteBuffer bytes = ByteBuffer.allocate(answer.sizeInBytes());
        answer.write(MessageWriter.copying(bytes));
        assertThat(bytes.hasRemaining()).isFalse();
        MessageReader reader = new MessageReader(bytes.flip());
        assertThat(ResponseHeader.read(reader, headerVersion).correlationId()).isEqualTo(99);
        Message body = HeartbeatResponse.read(reader, VERSION);
        assertThat(reader.remaining()).isZero();
        return body;
    }

    private static Message failure(ErrorCode error) {
        return HeartbeatResponse.builder().errorCode(error).build();
    }

    @Test
    void whatTheHandlerAnswersIsTheAnswer() {
        assertThat(read(outcome(() -> Response.completed(HeartbeatHandler.ANSWER)), 1))
                .isEqualTo(HeartbeatHandler.ANSWER);
        assertThat(outcome(() -> CompletableFuture.completedFuture(Response.none())))
                .isSameAs(Answer.NONE);
        assertThat(outcome(() -> CompletableFuture.completedStage(Response.closeConnection())))
                .isSameAs(Answer.CLOSE);
        assertThat(log.lines()).isEmpty();
        assertThat(metrics.snapshot()).singleElement().satisfies(requests -> {
            assertThat(requests.name()).isEqualTo("brokkr_request_seconds");
            MetricFamily.Sample heartbeats = requests.samples().get(0);
            assertThat(heartbeats.labels()).isEqualTo(Map.of("api", "Heartbeat"));
            assertThat(heartbeats.buckets().stream()
                            .mapToLong(MetricFamily.Bucket::count)
                            .sum())
                    .isEqualTo(3);
        });
    }

    @Test
    void anApiExceptionAnywhereInTheCausesIsTold() {
        ApiException exception = new ApiException(ErrorCode.NOT_COORDINATOR, "elsewhere");
        assertThat(read(
                        outcome(() -> {
                            throw exception;
                        }),
                        1))
                .isEqualTo(failure(ErrorCode.NOT_COORDINATOR));
        assertThat(read(
                        outcome(() -> CompletableFuture.failedStage(
                                new CompletionException(new IllegalStateException(exception)))),
                        1))
                .isEqualTo(failure(ErrorCode.NOT_COORDINATOR));
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void aBugIsLoggedWithItsStackAndCostsItsOwnRequest() {
        List<Supplier<CompletionStage<Response>>> bugs = List.of(
                () -> {
                    throw new IllegalStateException("bug");
                },
                () -> {
                    throw new NoClassDefFoundError("bug");
                },
                () -> CompletableFuture.failedFuture(new IllegalStateException("bug")),
                () -> null,
                () -> CompletableFuture.completedFuture(null),
                () -> Response.completed(FetchResponse.builder().build()));
        for (Supplier<CompletionStage<Response>> bug : bugs) {
            assertThat(read(outcome(bug), 1)).isEqualTo(failure(ErrorCode.UNKNOWN_SERVER_ERROR));
        }
        assertThat(log.lines()).hasSize(bugs.size()).allSatisfy(line -> {
            assertThat(line.text()).contains("owner", "Heartbeat version 4 of client 'line?break' at ");
            assertThat(line.cause()).isNotNull();
        });
    }

    /** While it blocks, and with the place where it does. */
    @Test
    void aHandlerThatBlocksItsThreadIsNamed() throws Exception {
        CompletableFuture<RecordingLogger.Line> told = new CompletableFuture<>();
        try (CallWatch watch = new CallWatch(
                Duration.ofMillis(40), (line, stack) -> told.complete(new RecordingLogger.Line(line, stack)))) {
            apis.serve(Map.of("owner", List.of(new HeartbeatHandler(() -> {
                told.orTimeout(60, TimeUnit.SECONDS).join();
                return Response.completed(HeartbeatHandler.ANSWER);
            }))));
            List<Answer> answers = new ArrayList<>();
            new Dispatcher(apis, metrics, new SystemClock(), watch, log).dispatch(CLIENT, heartbeat(), answers::add);
            assertThat(read(answers.get(0), 1)).isEqualTo(HeartbeatHandler.ANSWER);
        }
        RecordingLogger.Line line = told.get();
        assertThat(line.text())
                .startsWith("a handler or hook has held up the thread "
                        + Thread.currentThread().getName())
                .contains(" ms with Heartbeat version 4 of client 'line?break' at ");
        assertThat(line.cause()).isNotNull();
        assertThat(line.cause().getStackTrace())
                .anySatisfy(frame -> assertThat(frame.getClassName()).isEqualTo(HeartbeatHandler.class.getName()));
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void aHandlerThatCannotEvenTellAFailureCostsTheConnection() {
        apis.serve(Map.of(
                "owner",
                List.of(new HeartbeatHandler(
                        HeartbeatRequest.API,
                        () -> {
                            throw new ApiException(ErrorCode.NOT_COORDINATOR, "elsewhere");
                        },
                        () -> {
                            throw new IllegalStateException("bug");
                        }))));
        assertThat(dispatch(heartbeat())).containsExactly(Answer.CLOSE);
        assertThat(log.texts()).hasSize(1).first().asString().contains("cannot tell NOT_COORDINATOR");
    }

    /** A response with a field that the version of the request cannot carry. */
    @Test
    void recordDataOfAnAnswerThatCannotBeWrittenIsClosed() {
        AtomicInteger closed = new AtomicInteger();
        apis.serve(Map.of("owner", List.of(new ApiHandler<FetchRequest>() {
            @Override
            public Api<FetchRequest> api() {
                return FetchRequest.API;
            }

            @Override
            public CompletionStage<Response> handle(RequestContext context, FetchRequest request) {
                return Response.completed(FetchResponse.builder()
                        .responses(List.of(FetchResponse.FetchableTopicResponse.builder()
                                .topic("t".repeat(40_000))
                                .partitions(List.of(FetchResponse.PartitionData.builder()
                                        .records(RecordBuffers.of(
                                                List.of(ByteBuffer.allocate(10)), closed::incrementAndGet))
                                        .build()))
                                .build()))
                        .build());
            }

            @Override
            public Message failure(FetchRequest request, int version, ErrorCode error) {
                return FetchResponse.builder().errorCode(error).build();
            }
        })));
        List<Answer> answers =
                dispatch(request(FetchRequest.API, 12, FetchRequest.builder().build()));
        assertThat(answers).hasSize(1);
        assertThat(answers.get(0).sizeInBytes()).isPositive();
        assertThat(closed).hasValue(1);
        assertThat(log.lines()).hasSize(1);
    }

    @Test
    void refusalsSayWhoSentWhat() {
        apis.serve(Map.of("owner", List.of(new HeartbeatHandler(() -> Response.completed(HeartbeatHandler.ANSWER)))));
        ByteBuffer cut = heartbeat();
        cut.limit(cut.limit() - 1);
        ByteBuffer futureVersion = heartbeat().putShort(2, (short) 50);
        ByteBuffer unknownKey = heartbeat().putShort(0, (short) 1234);
        for (ByteBuffer frame : List.of(cut, futureVersion, unknownKey, ByteBuffer.allocate(7))) {
            assertThat(dispatch(frame)).containsExactly(Answer.CLOSE);
        }
        assertThat(log.texts()).allSatisfy(text -> assertThat(text).contains(":4711 (PLAINTEXT)"));
        assertThat(log.texts().get(0)).contains("Heartbeat version 4 of client 'line?break'", "cannot be read: ");
        assertThat(log.texts().get(1)).contains("Heartbeat version 50", "is not served, only the versions 0 to 4");
        assertThat(log.texts().get(2)).contains("nobody here serves the API with the key 1234");
        assertThat(log.texts().get(3)).contains("a request of 7 bytes has no header");
        assertThat(apis.serve(Map.of()).get("owner").toCompletableFuture()).isCompleted();
    }

    @Property
    void anyBytesHaveOneAnswer(@ForAll @Size(max = 200) byte[] bytes, @ForAll @IntRange(max = 6) int version) {
        apis.serve(Map.of("owner", List.of(new HeartbeatHandler(() -> Response.completed(HeartbeatHandler.ANSWER)))));
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        if (bytes.length > 4) {
            frame.putShort(0, (short) HeartbeatRequest.API.key()).putShort(2, (short) version);
        }
        assertThat(dispatch(frame)).hasSize(1);
        assertThat(apis.serve(Map.of()).get("owner").toCompletableFuture()).isCompleted();
    }

    /** A class loader of its own, as a plugin has. */
    private static final class PluginLoader extends URLClassLoader {

        PluginLoader() {
            super(new URL[0], null);
        }
    }

    @Test
    void thePluginsClassLoaderIsTheThreadsOwn() throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        List<ClassLoader> seen = new ArrayList<>();
        try (PluginLoader other = new PluginLoader()) {
            thread.setContextClassLoader(other);
            apis.serve(Map.of(
                    "owner",
                    List.of(new HeartbeatHandler(
                            HeartbeatRequest.API,
                            () -> {
                                seen.add(thread.getContextClassLoader());
                                throw new ApiException(ErrorCode.NOT_COORDINATOR, "elsewhere");
                            },
                            () -> seen.add(thread.getContextClassLoader())))));
            dispatch(heartbeat());
            ClassLoader plugin = HeartbeatHandler.class.getClassLoader();
            assertThat(seen).containsExactly(plugin, plugin);
            assertThat(thread.getContextClassLoader()).isSameAs(other);
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
