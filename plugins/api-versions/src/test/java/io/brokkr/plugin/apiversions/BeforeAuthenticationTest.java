package io.brokkr.plugin.apiversions;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.ApiVersionsRequest;
import io.brokkr.protocol.message.ApiVersionsResponse;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.security.AuthenticationStep;
import io.brokkr.spi.security.Authenticator;
import io.brokkr.spi.security.AuthenticatorFactory;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.WireClient;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Clients ask for versions before they prove who they are: how they can do that is one of the things that they learn. */
class BeforeAuthenticationTest {

    private static EmbeddedBroker broker;

    /** Challenges for ever. */
    private static final class Never implements AuthenticatorFactory {
        @Override
        public String mechanism() {
            return "NEVER";
        }

        @Override
        public Authenticator create(BrokerServices services) {
            return client -> token -> CompletableFuture.completedFuture(AuthenticationStep.challenge(new byte[0]));
        }
    }

    @BeforeContainer
    static void start() {
        broker = EmbeddedBroker.builder()
                .extension(MemoryStorageEngineFactory::new)
                .extension(ApiVersionsHandlers::new)
                .extension(Never::new)
                .setting("listener.security.protocol.map", "PLAINTEXT:SASL_PLAINTEXT")
                .start();
    }

    @AfterContainer
    static void stop() {
        broker.close();
    }

    @Property
    void versionsAreToldToEverybody(@ForAll @IntRange(max = 4) int version) {
        ApiVersionsRequest.Builder request = ApiVersionsRequest.builder();
        if (version >= 3) {
            request.clientSoftwareName("test").clientSoftwareVersion("1");
        }
        try (WireClient client = broker.connect()) {
            ApiVersionsResponse response =
                    client.call(ApiVersionsRequest.API, request.build(), version, ApiVersionsResponse::read);
            assertThat(ErrorCode.forCode(response.errorCode())).isEqualTo(ErrorCode.NONE);
            assertThat(response.apiKeys()).isNotEmpty();
        }
    }
}
