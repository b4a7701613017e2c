package io.brokkr.pluginhost;

import io.brokkr.protocol.record.CompressionCodec;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.spi.BrokerEventListener;
import io.brokkr.spi.CommandLineTool;
import io.brokkr.spi.MetricsReporter;
import io.brokkr.spi.RequestHookFactory;
import io.brokkr.spi.record.RecordInterceptorFactory;
import io.brokkr.spi.security.AuthenticatorFactory;
import io.brokkr.spi.security.AuthorizerFactory;
import io.brokkr.spi.security.ClientQuotaFactory;
import io.brokkr.spi.security.PrincipalBuilderFactory;
import io.brokkr.spi.storage.MetadataStoreFactory;
import io.brokkr.spi.storage.StorageEngineFactory;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A kind of extension. {@link #ALL} is the one list of them, beside the {@code uses} of the module descriptor, without which {@link java.util.ServiceLoader} finds none.
 *
 * @param type what extensions of the kind implement
 * @param description tells one of them to the operator
 * @param fixed whether it is opened when the broker starts, and works until its end
 */
record ExtensionKind<E>(Class<E> type, Function<E, String> description, boolean fixed) {

    static final List<ExtensionKind<?>> ALL = List.of(
            new ExtensionKind<>(ApiHandlerFactory.class, api -> "API handlers", false),
            new ExtensionKind<>(RequestHookFactory.class, hook -> "request hooks", false),
            new ExtensionKind<>(BrokerEventListener.class, listener -> "event listener", false),
            new ExtensionKind<>(
                    RecordInterceptorFactory.class, records -> "record interceptor " + records.name(), false),
            new ExtensionKind<>(StorageEngineFactory.class, engine -> "storage engine " + engine.name(), true),
            new ExtensionKind<>(MetadataStoreFactory.class, store -> "metadata store " + store.name(), true),
            new ExtensionKind<>(
                    CompressionCodec.class,
                    codec -> "compression " + codec.compression().text(),
                    true),
            new ExtensionKind<>(
                    AuthenticatorFactory.class, authenticator -> "SASL mechanism " + authenticator.mechanism(), true),
            new ExtensionKind<>(PrincipalBuilderFactory.class, builder -> "principal builder " + builder.name(), true),
            new ExtensionKind<>(AuthorizerFactory.class, authorizer -> "authorizer " + authorizer.name(), true),
            new ExtensionKind<>(ClientQuotaFactory.class, quota -> "client quota " + quota.name(), true),
            new ExtensionKind<>(MetricsReporter.class, reporter -> "metrics reporter", false),
            new ExtensionKind<>(CommandLineTool.class, tool -> "command " + tool.name(), false));

    /** In words, those of a plugin's extensions that are opened when the broker starts. */
    static List<String> describeFixed(HostedPlugin plugin) {
        return plugin.call(() -> ALL.stream()
                .filter(ExtensionKind::fixed)
                .flatMap(kind -> kind.describe(plugin))
                .toList());
    }

    /** Those on the class path, or in the modules of the application, by the thread's class loader. */
    Stream<? extends ServiceLoader.Provider<E>> found() {
        return ServiceLoader.load(type).stream();
    }

    Stream<String> describe(HostedPlugin plugin) {
        return plugin.extensions(type).stream().map(description);
    }
}
