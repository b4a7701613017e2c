package io.brokkr.example.slowrequests;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.FetchRequest;
import io.brokkr.protocol.message.ListTransactionsRequest;
import io.brokkr.protocol.message.ListTransactionsResponse;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.Clock;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.RequestHook;
import io.brokkr.spi.RequestHookFactory;
import io.brokkr.spi.Response;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.WireClient;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A request that takes long is told, by a clock that the handler turns. */
class SlowRequestsTest {

    private final AtomicLong nanos = new AtomicLong();
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Clock clock = new Clock() {
        @Override
        public long millis() {
            return nanos.get() / 1_000_000;
        }

        @Override
        public long nanos() {
            return nanos.get();
        }
    };

    /** Takes as many seconds as the client has named states. */
    private final class Handler implements ApiHandler<ListTransactionsRequest> {

        @Override
        public Api<ListTransactionsRequest> api() {
            return ListTransactionsRequest.API;
        }

        @Override
        public CompletionStage<Response> handle(RequestContext context, ListTransactionsRequest request) {
            nanos.addAndGet(Duration.ofSeconds(request.stateFilters().size()).toNanos());
            return Response.completed(ListTransactionsResponse.builder().build());
        }

        @Override
        public Message failure(ListTransactionsRequest request, int version, ErrorCode error) {
            return ListTransactionsResponse.builder().errorCode(error).build();
        }
    }

    private final class Handlers implements ApiHandlerFactory {
        @Override
        public List<ApiHandler<?>> create(BrokerServices broker) {
            return List.of(new Handler());
        }
    }

    private final class Hooks implements RequestHookFactory {
        @Override
        public RequestHook create(BrokerServices broker) {
            return new SlowRequestsHook(clock, Duration.ofSeconds(2), lines::add);
        }
    }

    private static void call(WireClient client, String... states) {
        client.call(
                ListTransactionsRequest.API,
                ListTransactionsRequest.builder().stateFilters(List.of(states)).build(),
                1,
                ListTransactionsResponse::read);
    }

    @Test
    void whatTakesLongIsTold() {
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                        .extension(MemoryStorageEngineFactory::new)
                        .extension(Handlers::new)
                        .extension(Hooks::new)
                        .start();
                WireClient client = broker.connect()) {
            call(client, "one");
            call(client, "one", "two");
            call(client, "one", "two", "three");
        }
        assertThat(lines)
                .containsExactly(
                        "ListTransactions of wire-client took 2000 ms", "ListTransactions of wire-client took 3000 ms");
    }

    @Test
    void whatWaitsOnPurposeIsNot() {
        assertThat(new SlowRequestsHook(clock, Duration.ZERO, lines::add).wants(FetchRequest.API))
                .isFalse();
    }

    @Test
    void theBrokerFindsIt() {
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                        .extension(MemoryStorageEngineFactory::new)
                        .extension(Handlers::new)
                        .extension(SlowRequests::new)
                        .setting("slow.requests.ms", "0")
                        .start();
                WireClient client = broker.connect()) {
            call(client);
        }
    }
}
