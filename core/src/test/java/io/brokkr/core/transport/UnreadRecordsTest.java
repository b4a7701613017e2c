package io.brokkr.core.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.message.ProduceRequest;
import io.brokkr.protocol.message.ProduceResponse;
import io.brokkr.spi.Response;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a handler does with the records of a request, or does not do: their memory comes back when the request is answered. */
class UnreadRecordsTest {

    private static final int VERSION = 9;
    private static final int ROUNDS = 300;
    private static final int RECORD_BYTES = 200_000;
    private static final byte[] REQUEST = TestClient.frame(
            ProduceRequest.API, VERSION, 1, Handlers.produceRequest(RecordData.of(ByteBuffer.allocate(RECORD_BYTES))));

    /** None of them reads the records, nor closes them. */
    @SuppressWarnings("ImmutableEnumChecker") // functions without a state
    private enum Handling {
        ANSWERS(executor -> answer()),
        ANSWERS_LATER(
                executor -> CompletableFuture.supplyAsync(() -> null, executor).thenCompose(then -> answer())),
        ANSWERS_NOTHING(executor -> null),
        THROWS(executor -> {
            throw new IllegalStateException("on purpose");
        }),
        FAILS_LATER(executor -> CompletableFuture.failedStage(new NoClassDefFoundError("on purpose")));

        private final Function<Executor, CompletionStage<Response>> handler;

        Handling(Function<Executor, CompletionStage<Response>> handler) {
            this.handler = handler;
        }
    }

    private static CompletionStage<Response> answer() {
        return Response.completed(ProduceResponse.builder().build());
    }

    @ParameterizedTest
    @EnumSource
    void recordsThatNobodyReadsCostNothingThatStays(Handling handling) throws IOException {
        try (TestServer server = TestServer.start(
                        Map.of(), Handlers.produce((context, request) -> handling.handler.apply(context.executor())));
                TestClient client = server.connect()) {
            round(client);
            long pooledBytes = server.server.pooledBytes();
            for (int round = 0; round < ROUNDS; round++) {
                round(client);
            }
            Waiting.until(
                    "the memory is back", () -> server.transport().memory().takenBytes() == 0);
            // Some 60 MB went through it.
            assertThat(server.server.pooledBytes()).isLessThanOrEqualTo(2 * pooledBytes);
        }
    }

    private static void round(TestClient client) throws IOException {
        client.send(REQUEST);
        client.read();
    }
}
