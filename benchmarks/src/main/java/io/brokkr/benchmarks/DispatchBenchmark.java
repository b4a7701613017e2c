package io.brokkr.benchmarks;

import io.brokkr.core.dispatch.Answer;
import io.brokkr.core.dispatch.ApiRegistry;
import io.brokkr.core.dispatch.ClientConnection;
import io.brokkr.core.dispatch.Dispatcher;
import io.brokkr.core.metrics.MetricsRegistry;
import io.brokkr.core.schedule.SystemClock;
import io.brokkr.pluginhost.CallWatch;
import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.MessageWriter;
import io.brokkr.protocol.message.HeartbeatRequest;
import io.brokkr.protocol.message.HeartbeatResponse;
import io.brokkr.protocol.message.RequestHeader;
import io.brokkr.security.Security;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * A request that asks next to nothing, from its bytes to its answer. What the boundary of a plugin costs is the difference between a handler that has a class loader of its own, as those of
 * plugins have, and one that has the dispatcher's.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class DispatchBenchmark {

    private static final short VERSION = 4;

    /** Where the handler's classes come from. */
    @Param({"broker", "plugin"})
    private String classes = "broker";

    private final MetricsRegistry metrics = new MetricsRegistry();
    private final SystemClock clock = new SystemClock();
    private Dispatcher dispatcher;
    private ClientConnection client;
    private ByteBuffer frame;

    /** What a coordinator would answer at once. */
    public static final class Handler implements ApiHandler<HeartbeatRequest> {

        private static final HeartbeatResponse ANSWER =
                HeartbeatResponse.builder().build();

        /** Called by reflection. */
        public Handler() {}

        @Override
        public Api<HeartbeatRequest> api() {
            return HeartbeatRequest.API;
        }

        @Override
        public CompletionStage<Response> handle(RequestContext context, HeartbeatRequest request) {
            return Response.completed(ANSWER);
        }

        @Override
        public Message failure(HeartbeatRequest request, int version, ErrorCode error) {
            return ANSWER;
        }
    }

    /** Has the handler's class, and all others from the class loader of the broker. */
    private static final class OwnClasses extends ClassLoader {

        OwnClasses() {
            super(DispatchBenchmark.class.getClassLoader());
        }

        ApiHandler<?> newHandler() throws IOException, ReflectiveOperationException {
            String file = Handler.class.getName().replace('.', '/') + ".class";
            try (InputStream bytes = Objects.requireNonNull(getResourceAsStream(file))) {
                byte[] content = bytes.readAllBytes();
                Class<?> own = defineClass(Handler.class.getName(), content, 0, content.length);
                return (ApiHandler<?>) own.getConstructor().newInstance();
            }
        }
    }

    /** A dispatcher with one handler, and a request for it. */
    @Setup
    public void start() throws IOException, ReflectiveOperationException {
        ApiHandler<?> handler = classes.equals("plugin") ? new OwnClasses().newHandler() : new Handler();
        ApiRegistry registry = new ApiRegistry();
        registry.serve(Map.of("the benchmark", List.of(handler)));
        dispatcher = new Dispatcher(registry, metrics, clock, new CallWatch(Duration.ZERO, (line, stack) -> {}));
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        client = new ClientConnection(
                "PLAINTEXT",
                address,
                1,
                Security.none(clock, metrics).connected("PLAINTEXT", address, false),
                Runnable::run);
        frame = request();
    }

    private static ByteBuffer request() {
        RequestHeader header = RequestHeader.builder()
                .requestApiKey((short) HeartbeatRequest.API.key())
                .requestApiVersion(VERSION)
                .clientId("benchmark")
                .build();
        HeartbeatRequest body =
                HeartbeatRequest.builder().groupId("group").memberId("member").build();
        ByteBuffer bytes = ByteBuffer.allocate(200);
        MessageWriter writer = MessageWriter.copying(bytes);
        header.write(writer, HeartbeatRequest.API.requestHeaderVersion(VERSION));
        body.write(writer, VERSION);
        return bytes.flip();
    }

    /** From the bytes of the request to its answer, which is not written. */
    @Benchmark
    public void dispatch(Blackhole answered) {
        Consumer<Answer> answers = answered::consume;
        dispatcher.dispatch(client, frame.duplicate(), answers);
    }
}
