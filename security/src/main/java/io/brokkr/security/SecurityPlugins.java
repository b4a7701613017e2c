package io.brokkr.security;

import io.brokkr.pluginhost.HostedPlugin;
import io.brokkr.pluginhost.PluginHost;
import io.brokkr.pluginhost.StopSteps;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.Metrics;
import io.brokkr.spi.Setting;
import io.brokkr.spi.security.Authenticator;
import io.brokkr.spi.security.AuthenticatorFactory;
import io.brokkr.spi.security.Authorizer;
import io.brokkr.spi.security.AuthorizerFactory;
import io.brokkr.spi.security.ClientQuota;
import io.brokkr.spi.security.ClientQuotaFactory;
import io.brokkr.spi.security.PrincipalBuilder;
import io.brokkr.spi.security.PrincipalBuilderFactory;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens the plugins that say who clients are and what they may do. Nothing is left out because it fails: then the broker must not start. Used by one thread. */
public final class SecurityPlugins {

    private final PluginHost host;
    private final Configuration configuration;
    private final Function<HostedPlugin, BrokerServices> services;
    private final StopSteps stopSteps;

    /**
     * Opens none yet.
     *
     * @param services makes what a plugin gets
     * @param stopSteps gets what has to be done at the broker's end
     */
    public SecurityPlugins(
            PluginHost host,
            Configuration configuration,
            Function<HostedPlugin, BrokerServices> services,
            StopSteps stopSteps) {
        this.host = host;
        this.configuration = configuration;
        this.services = services;
        this.stopSteps = stopSteps;
    }

    /**
     * Opens all mechanisms, and what the configuration names.
     *
     * @throws ApiException if a plugin fails, if two have something of the same name, or if one that is named is not there
     */
    public Security open(Clock clock, Metrics metrics) {
        Map<String, Hosted<Authenticator>> authenticators = new TreeMap<>();
        provided("SASL mechanism", AuthenticatorFactory.class, AuthenticatorFactory::mechanism)
                .forEach((mechanism, factory) -> authenticators.put(
                        mechanism,
                        create(
                                "SASL mechanism " + mechanism,
                                factory,
                                AuthenticatorFactory::create,
                                AuthenticatorFactory::close)));
        Hosted<PrincipalBuilder> builder = named(
                "principal builder",
                SecuritySettings.PRINCIPAL_BUILDER,
                provided("principal builder", PrincipalBuilderFactory.class, PrincipalBuilderFactory::name),
                PrincipalBuilderFactory::create,
                PrincipalBuilderFactory::close);
        Hosted<Authorizer> authorizer = named(
                "authorizer",
                SecuritySettings.AUTHORIZER,
                provided("authorizer", AuthorizerFactory.class, AuthorizerFactory::name),
                AuthorizerFactory::create,
                AuthorizerFactory::close);
        Hosted<ClientQuota> quota = named(
                "client quota",
                SecuritySettings.CLIENT_QUOTA,
                provided("client quota", ClientQuotaFactory.class, ClientQuotaFactory::name),
                ClientQuotaFactory::create,
                ClientQuotaFactory::close);
        return new Security(authenticators, builder, authorizer, quota, clock, metrics);
    }

    private <F> Map<String, Hosted<F>> provided(String kind, Class<F> type, Function<F, String> nameOf) {
        Map<String, Hosted<F>> byName = new TreeMap<>();
        for (HostedPlugin plugin : host.plugins()) {
            for (F factory : plugin.extensions(type)) {
                String name = name(kind, plugin, () -> nameOf.apply(factory));
                Hosted<F> first = byName.put(name, new Hosted<>(plugin, factory));
                if (first != null) {
                    throw invalid("the plugins " + first.plugin() + " and " + plugin + " both supply the " + kind + " "
                            + name + "; remove one of them");
                }
            }
        }
        return byName;
    }

    private static String name(String kind, HostedPlugin plugin, Supplier<String> name) {
        try {
            return Objects.requireNonNull(plugin.call(name), "it is null");
        } catch (RuntimeException | LinkageError | StackOverflowError failure) {
            throw failed("the plugin " + plugin + " cannot name its " + kind, failure);
        }
    }

    private <F, E> @Nullable Hosted<E> named(
            String kind,
            Setting<String> setting,
            Map<String, Hosted<F>> provided,
            BiFunction<F, BrokerServices, E> create,
            Consumer<F> close) {
        String name = configuration.get(setting);
        if (name.isEmpty()) {
            return null;
        }
        Hosted<F> factory = provided.get(name);
        if (factory == null) {
            String rejections = host.rejections();
            throw invalid("no plugin supplies the " + kind + " " + name + ", which " + setting + " names; there "
                    + (provided.isEmpty() ? "is none" : "is " + String.join(", ", provided.keySet()))
                    + (rejections.isEmpty() ? "" : "; " + rejections));
        }
        return create(kind + " " + name, factory, create, close);
    }

    private <F, E> Hosted<E> create(
            String what, Hosted<F> factory, BiFunction<F, BrokerServices, E> create, Consumer<F> close) {
        HostedPlugin plugin = factory.plugin();
        try {
            BrokerServices own = services.apply(plugin);
            E made = Objects.requireNonNull(plugin.call(() -> create.apply(factory.made(), own)), "it is null");
            stopSteps.add("the " + what, () -> plugin.run(() -> close.accept(factory.made())));
            return new Hosted<>(plugin, made);
        } catch (RuntimeException | LinkageError | StackOverflowError failure) {
            throw failed("the " + what + " of the plugin " + plugin + " cannot be opened", failure);
        }
    }

    private static ApiException failed(String what, Throwable failure) {
        String message = failure.getMessage();
        return new ApiException(ErrorCode.INVALID_CONFIG, what + ": " + (message == null ? failure : message), failure);
    }

    private static ApiException invalid(String reason) {
        return new ApiException(ErrorCode.INVALID_CONFIG, reason);
    }
}
