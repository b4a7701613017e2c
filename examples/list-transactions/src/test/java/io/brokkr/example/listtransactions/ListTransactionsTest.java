package io.brokkr.example.listtransactions;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.ListTransactionsRequest;
import io.brokkr.protocol.message.ListTransactionsResponse;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.EmbeddedBrokerExtension;
import io.brokkr.testkit.WireClient;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The plugin in a broker, asked over a socket. */
@Timeout(60)
class ListTransactionsTest {

    @RegisterExtension
    static final EmbeddedBrokerExtension BROKER = new EmbeddedBrokerExtension(EmbeddedBroker.builder()
            .extension(MemoryStorageEngineFactory::new)
            .extension(ListTransactionsHandlers::new));

    private static ListTransactionsResponse list(int version, String... states) {
        ListTransactionsRequest request =
                ListTransactionsRequest.builder().stateFilters(List.of(states)).build();
        try (WireClient client = BROKER.connect()) {
            return client.call(ListTransactionsRequest.API, request, version, ListTransactionsResponse::read);
        }
    }

    @Test
    void inEveryVersionThereAreNoTransactions() {
        int lowest = ListTransactionsRequest.API.lowestVersion();
        for (int version = lowest; version <= ListTransactionsRequest.API.highestVersion(); version++) {
            ListTransactionsResponse response = list(version);
            assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE.code());
            assertThat(response.transactionStates()).isEmpty();
        }
    }

    @Test
    void whatIsNoStateIsTold() {
        assertThat(list(0, "Ongoing", "Sleeping").unknownStateFilters()).containsExactly("Sleeping");
    }

    @Test
    void theBrokerServesTheApi() {
        assertThat(BROKER.broker().services().apis()).contains(ListTransactionsRequest.API);
    }
}
