package io.brokkr.example.passwordfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.junit.TestBroker;
import io.brokkr.protocol.Api;
import io.brokkr.protocol.Message;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.NextHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.RequestHook;
import io.brokkr.spi.RequestHookFactory;
import io.brokkr.spi.Response;
import io.brokkr.spi.security.Principal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whom handlers see. */
@Timeout(120)
class ListenerPrincipalsTest {

    @TempDir
    private Path folder;

    private final Witness witness = new Witness();

    private TestBroker start(String protocol, Map<String, String> settings) throws Exception {
        Path file = Files.writeString(folder.resolve("users"), "alice:" + HashedPassword.of("wonderland", 1000));
        TestBroker.Builder builder = TestBroker.builder()
                .extension(new PasswordFile())
                .extension(new ListenerPrincipals())
                .extension(witness)
                .setting("password.file", file.toString())
                .setting("listener.security.protocol.map", "PLAINTEXT:" + protocol);
        settings.forEach(builder::setting);
        return builder.start();
    }

    private Set<Principal> seen(TestBroker broker, Map<String, String> further) throws Exception {
        Map<String, Object> settings = new HashMap<>(further);
        settings.put("bootstrap.servers", broker.getBootstrapServers());
        try (Admin admin = Admin.create(settings)) {
            admin.describeCluster().nodes().get(60, TimeUnit.SECONDS);
        }
        return witness.principals;
    }

    private static final Map<String, String> ALICE = Map.of(
            "security.protocol", "SASL_PLAINTEXT",
            "sasl.mechanism", "PLAIN",
            "sasl.jaas.config",
                    "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"alice\""
                            + " password=\"wonderland\";");

    @Test
    void withoutABuilderAClientIsTheUserWhoseNameItProvedToHave() throws Exception {
        try (TestBroker broker = start("SASL_PLAINTEXT", Map.of("service.listeners", "PLAINTEXT"))) {
            assertThat(seen(broker, ALICE)).containsExactly(Principal.user("alice"));
        }
    }

    @Test
    void whoeverComesFromAListenerForServicesIsOne() throws Exception {
        try (TestBroker broker = start(
                "SASL_PLAINTEXT", Map.of("principal.builder", "listener", "service.listeners", "OTHER,PLAINTEXT"))) {
            assertThat(seen(broker, ALICE)).containsExactly(new Principal("Service", "alice"));
        }
    }

    @Test
    void whoeverComesFromAnotherIsAUser() throws Exception {
        try (TestBroker broker = start("SASL_PLAINTEXT", Map.of("principal.builder", "listener"))) {
            assertThat(seen(broker, ALICE)).containsExactly(Principal.user("alice"));
        }
    }

    @Test
    void whoeverHasNoNameIsAnonymousUnlessServicesAreAskedFor() throws Exception {
        try (TestBroker broker = start("PLAINTEXT", Map.of("principal.builder", "listener"))) {
            assertThat(seen(broker, Map.of())).containsExactly(Principal.ANONYMOUS);
        }
        witness.principals.clear();
        try (TestBroker broker =
                start("PLAINTEXT", Map.of("principal.builder", "listener", "service.listeners", "PLAINTEXT"))) {
            Map<String, String> impatient = Map.of("request.timeout.ms", "1000", "default.api.timeout.ms", "2000");
            assertThatThrownBy(() -> seen(broker, impatient)).hasRootCauseInstanceOf(TimeoutException.class);
            assertThat(witness.principals).isEmpty();
        }
    }

    /** Sees by whom handlers are called. */
    private static final class Witness implements RequestHookFactory, RequestHook {

        private final Set<Principal> principals = ConcurrentHashMap.newKeySet();

        @Override
        public RequestHook create(BrokerServices broker) {
            return this;
        }

        @Override
        public boolean wants(Api<?> api) {
            return api.name().equals("DescribeCluster");
        }

        @Override
        public CompletionStage<Response> around(RequestContext context, Message request, NextHandler next) {
            principals.add(context.principal());
            return next.proceed(request);
        }
    }
}
