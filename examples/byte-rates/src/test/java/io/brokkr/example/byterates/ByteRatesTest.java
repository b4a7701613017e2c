package io.brokkr.example.byterates;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.junit.TestBroker;
import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.ListTransactionsRequest;
import io.brokkr.protocol.message.ListTransactionsResponse;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.security.QuotaType;
import io.brokkr.testkit.WireClient;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** In a running broker: a client that used too much is told so and held back, and nobody else is. */
@Timeout(120)
class ByteRatesTest {

    private static final int VERSION = 1;
    private static final int RATE = 1_000;

    /** The broker makes no client pause for longer. */
    private static final int LONGEST_PAUSE_MS = 60_000;

    private final List<Long> served = new CopyOnWriteArrayList<>();

    /** Charges as many bytes as the request has for a producer's id. */
    private final class Charging implements ApiHandler<ListTransactionsRequest>, ApiHandlerFactory {

        @Override
        public List<ApiHandler<?>> create(BrokerServices broker) {
            return List.of(this);
        }

        @Override
        public Api<ListTransactionsRequest> api() {
            return ListTransactionsRequest.API;
        }

        @Override
        public CompletionStage<Response> handle(RequestContext context, ListTransactionsRequest request) {
            long bytes = request.producerIdFilters().get(0);
            served.add(bytes);
            Duration pause = context.charge(QuotaType.FETCH, bytes);
            return Response.completed(ListTransactionsResponse.builder()
                    .throttleTimeMs((int) pause.toMillis())
                    .build());
        }

        @Override
        public Message failure(ListTransactionsRequest request, int version, ErrorCode error) {
            return ListTransactionsResponse.builder().errorCode(error).build();
        }
    }

    private TestBroker start() {
        return TestBroker.builder()
                .extension(new ByteRates())
                .extension(new Charging())
                .setting("client.quota", "byte-rates")
                .setting("byte.rates.fetch", Integer.toString(RATE))
                .start();
    }

    private static WireClient connect(TestBroker broker) {
        String address = broker.getBootstrapServers();
        int colon = address.lastIndexOf(':');
        return WireClient.connect(
                new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))));
    }

    private static int send(WireClient client, long bytes) {
        return client.send(
                ListTransactionsRequest.API,
                ListTransactionsRequest.builder()
                        .producerIdFilters(List.of(bytes))
                        .build(),
                VERSION);
    }

    private static int throttleOf(WireClient client, int request) {
        return client.receive(ListTransactionsRequest.API, VERSION, request, ListTransactionsResponse::read)
                .throttleTimeMs();
    }

    @Test
    void whoUsesTooMuchIsHeldBackForAsLongAsItIsTold() {
        try (TestBroker broker = start();
                WireClient greedy = connect(broker);
                WireClient other = connect(broker)) {
            assertThat(throttleOf(greedy, send(greedy, RATE))).isZero();
            assertThat(throttleOf(greedy, send(greedy, (long) RATE * 3_600))).isEqualTo(LONGEST_PAUSE_MS);

            int waiting = send(greedy, 1);
            // Charged with nothing, and still told how long its principal's bytes take.
            assertThat(throttleOf(other, send(other, 0))).isEqualTo(LONGEST_PAUSE_MS);
            assertThat(served).containsExactly((long) RATE, (long) RATE * 3_600, 0L);

            broker.advance(Duration.ofMillis(LONGEST_PAUSE_MS));
            assertThat(throttleOf(greedy, waiting)).isEqualTo(LONGEST_PAUSE_MS);
            assertThat(served).hasSize(4);
            broker.advance(Duration.ofHours(2));
            assertThat(throttleOf(greedy, send(greedy, 1))).isZero();
        }
    }
}
