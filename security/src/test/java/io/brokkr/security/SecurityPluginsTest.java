package io.brokkr.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.pluginhost.PluginHost;
import io.brokkr.pluginhost.StopSteps;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.Setting;
import io.brokkr.spi.security.AuthenticationStep;
import io.brokkr.spi.security.Authenticator;
import io.brokkr.spi.security.AuthenticatorFactory;
import io.brokkr.spi.security.Authorizer;
import io.brokkr.spi.security.AuthorizerFactory;
import io.brokkr.spi.security.ClientQuota;
import io.brokkr.spi.security.ClientQuotaFactory;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.Principal;
import io.brokkr.spi.security.PrincipalBuilder;
import io.brokkr.spi.security.PrincipalBuilderFactory;
import io.brokkr.spi.security.QuotaType;
import io.brokkr.spi.security.Resource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is named and cannot be had keeps the broker from starting, with one line that says which plugin, what and why. */
class SecurityPluginsTest {

    private static final List<String> CLOSED = new CopyOnWriteArrayList<>();

    private final TestParts parts = new TestParts();
    private final StopSteps stopSteps = new StopSteps();

    private record Given(Map<String, String> values) implements Configuration {

        @Override
        public <T> T get(Setting<T> setting) {
            String text = values.get(setting.name());
            return text == null ? setting.defaultValue() : setting.parse(text);
        }

        @Override
        public boolean isSet(Setting<?> setting) {
            return values.containsKey(setting.name());
        }
    }

    private record Authorizers(String name, Supplier<@Nullable Authorizer> made) implements AuthorizerFactory {

        @Override
        public Authorizer create(BrokerServices broker) {
            return made.get();
        }

        @Override
        public void close() {
            CLOSED.add(name);
        }
    }

    private record Builders(String name, PrincipalBuilder made) implements PrincipalBuilderFactory {

        @Override
        public PrincipalBuilder create(BrokerServices broker) {
            return made;
        }
    }

    private record Quotas(String name, ClientQuota made) implements ClientQuotaFactory {

        @Override
        public ClientQuota create(BrokerServices broker) {
            return made;
        }
    }

    private record Mechanism(String mechanism) implements AuthenticatorFactory {

        @Override
        public Authenticator create(BrokerServices broker) {
            return client -> token -> CompletableFuture.completedStage(
                    AuthenticationStep.authenticated(new String(token, StandardCharsets.UTF_8), token));
        }

        @Override
        public void close() {
            CLOSED.add(mechanism);
        }
    }

    private static Authorizers authorizer(String name) {
        return new Authorizers(name, () -> (request, operation, resource) -> operation == Operation.READ);
    }

    private Security open(Map<String, String> settings, Object... extensions) {
        Configuration configuration = new Given(settings);
        return new SecurityPlugins(
                        new PluginHost(configuration, List.of(extensions)), configuration, plugin -> null, stopSteps)
                .open(parts, parts);
    }

    private void assertRefused(String message, Map<String, String> settings, Object... extensions) {
        assertThatThrownBy(() -> open(settings, extensions))
                .isInstanceOfSatisfying(ApiException.class, refused -> assertThat(refused.error())
                        .isEqualTo(ErrorCode.INVALID_CONFIG))
                .hasMessageMatching("(?s).*" + message + ".*")
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"principal.builder", "authorizer", "client.quota"})
    void whatIsNamedAndNotThereIsToldWithWhatIs(String setting) {
        String kind = setting.replace('.', ' ');
        assertRefused(
                "no plugin supplies the " + kind + " lost, which " + setting + " names; there is none",
                Map.of(setting, "lost"));
        assertRefused(
                "no plugin supplies the " + kind + " lost, which " + setting + " names; there is first, second",
                Map.of(setting, "lost"),
                authorizer("second"),
                authorizer("first"),
                new Builders("first", client -> Principal.ANONYMOUS),
                new Builders("second", client -> Principal.ANONYMOUS),
                new Quotas("first", (request, type, amount) -> Duration.ZERO),
                new Quotas("second", (request, type, amount) -> Duration.ZERO));
    }

    @Test
    void twoOfTheSameNameAreToldBoth() {
        assertRefused(
                "the plugins \\S*Authorizers and \\S*Authorizers both supply the authorizer rules; remove one of them",
                Map.of(),
                authorizer("rules"),
                authorizer("rules"));
        assertRefused(
                "the plugins \\S*Mechanism and \\S*Mechanism both supply the SASL mechanism PLAIN; remove one of them",
                Map.of(),
                new Mechanism("PLAIN"),
                new Mechanism("PLAIN"));
    }

    @Test
    void whatCannotBeMadeIsToldWithTheReason() {
        assertRefused(
                "the authorizer rules of the plugin \\S*Authorizers cannot be opened: no file rules.txt",
                Map.of("authorizer", "rules"),
                new Authorizers("rules", () -> {
                    throw new ApiException(ErrorCode.INVALID_CONFIG, "no file rules.txt");
                }));
        assertRefused(
                "the authorizer rules of the plugin \\S*Authorizers cannot be opened: \\S*NoClassDefFoundError",
                Map.of("authorizer", "rules"),
                new Authorizers("rules", () -> {
                    throw new NoClassDefFoundError();
                }));
        assertRefused(
                "the authorizer rules of the plugin \\S*Authorizers cannot be opened: it is null",
                Map.of("authorizer", "rules"),
                new Authorizers("rules", () -> null));
        assertThat(CLOSED).doesNotContain("rules");
    }

    @Test
    void whatCannotSayItsNameIsTold() {
        assertRefused(
                "the plugin \\S*Authorizers cannot name its authorizer: it is null",
                Map.of(),
                new Authorizers(null, () -> null));
        assertRefused("the plugin \\S* cannot name its SASL mechanism: broken", Map.of(), new AuthenticatorFactory() {
            @Override
            public String mechanism() {
                throw new IllegalStateException("broken");
            }

            @Override
            public Authenticator create(BrokerServices broker) {
                throw new IllegalStateException("not asked");
            }
        });
    }

    @Test
    void onlyWhatIsNamedIsMadeAndAllOfItIsClosed() {
        Security security = open(
                Map.of("authorizer", "closing", "principal.builder", "place", "client.quota", "slow"),
                authorizer("closing"),
                new Authorizers("unused", () -> {
                    throw new IllegalStateException("nobody asked for it");
                }),
                new Mechanism("CLOSING-B"),
                new Mechanism("CLOSING-A"),
                new Builders("place", client -> Principal.user("p-" + client.authenticatedName())),
                new Quotas("slow", (request, type, amount) -> Duration.ofSeconds(amount)));
        assertThat(security.mechanisms()).containsExactly("CLOSING-A", "CLOSING-B");
        ConnectionSession session = security.connected("PLAINTEXT", TestParts.ADDRESS, false);
        assertThat(session.admits(new Object())).isTrue();
        assertThat(session.principal()).hasToString("User:p-null");
        assertThat(session.allows(TestParts.ANY_REQUEST, Operation.READ, Resource.CLUSTER))
                .isTrue();
        assertThat(session.allows(TestParts.ANY_REQUEST, Operation.WRITE, Resource.CLUSTER))
                .isFalse();
        assertThat(session.charge(TestParts.ANY_REQUEST, QuotaType.PRODUCE, 2)).hasSeconds(2);
        assertThat(CLOSED).doesNotContain("closing", "CLOSING-A", "CLOSING-B");
        stopSteps.run(Duration.ofSeconds(30));
        assertThat(CLOSED).contains("closing", "CLOSING-A", "CLOSING-B").doesNotContain("unused");
    }
}
