package io.brokkr.testkit;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.MessageReader;
import io.brokkr.protocol.MessageWriter;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.security.ClientSession;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Calls one handler as the broker would, on the calling thread: for tests that hold the time in their hands. The request goes into the handler
 * as it comes out of its bytes, and so does the response come back.
 *
 * @param <Q> the class of the requests
 * @param <R> the class of the responses
 */
public final class HandlerHarness<Q extends Message, R extends Message> {

    private final ApiHandler<Q> handler;
    private final Api.Decoder<R> decoder;
    private final AtomicInteger correlationIds = new AtomicInteger();

    /**
     * For a handler.
     *
     * @param decoder the static method {@code read} of the response's class
     */
    public HandlerHarness(ApiHandler<Q> handler, Api.Decoder<R> decoder) {
        this.handler = handler;
        this.decoder = decoder;
    }

    /**
     * Calls the handler.
     *
     * @return complete with the response, or with null if the handler answers nothing; what concerns the whole request is in the response, as the client would see it
     */
    public CompletionStage<@Nullable R> call(Q request, int version) {
        ByteBuffer bytes = encode(request, version);
        Q received = handler.api().decoder().read(new MessageReader(bytes), version);
        RequestContext context =
                new Context(handler.api(), version, correlationIds.incrementAndGet(), "harness", Runnable::run);
        CompletionStage<Response> stage;
        try {
            stage = handler.handle(context, received);
        } catch (ApiException failure) {
            stage = CompletableFuture.failedStage(failure);
        }
        return stage.exceptionally(failure -> Response.of(handler.failure(received, version, known(failure))))
                .thenApply(response -> decode(response.message(), version));
    }

    /** A bug must fail the test, and not look like an answer. */
    private static ErrorCode known(Throwable failure) {
        ApiException exception = ApiException.in(failure);
        if (exception == null) {
            throw new CompletionException(failure);
        }
        return exception.error();
    }

    private @Nullable R decode(@Nullable Message response, int version) {
        return response == null ? null : decoder.read(new MessageReader(encode(response, version)), version);
    }

    private static ByteBuffer encode(Message message, int version) {
        ByteBuffer bytes = ByteBuffer.allocate(message.encodedSize(version));
        message.write(MessageWriter.copying(bytes), version);
        return bytes.flip();
    }

    private record Context(Api<?> api, int apiVersion, int correlationId, String clientId, Executor executor)
            implements RequestContext {

        @Override
        public String listener() {
            return "PLAINTEXT";
        }

        @Override
        public InetSocketAddress clientAddress() {
            return InetSocketAddress.createUnresolved("localhost", 1);
        }

        @Override
        public ClientSession session() {
            return AnonymousSession.INSTANCE;
        }

        @Override
        public String connectionId() {
            return "harness";
        }
    }
}
