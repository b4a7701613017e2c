package io.brokkr.distribution;

import io.brokkr.protocol.message.ApiVersionsRequest;
import io.brokkr.protocol.message.ApiVersionsResponse;
import io.brokkr.protocol.message.ListTransactionsRequest;
import io.brokkr.protocol.message.ListTransactionsResponse;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.spi.BrokerEventListener;
import io.brokkr.spi.RequestHookFactory;
import io.brokkr.testkit.PluginJar;
import io.brokkr.testkit.WireClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * A plugin that serves ListTransactions, and names itself in the answer: as a jar with a module descriptor or without one, and with code of the test's where that is wanted.
 *
 * @param id also its module and package
 * @param create what the factory does when it makes the handler
 * @param handle what the handler does with a request; {@code answer} is what it would answer
 * @param members of the factory's class
 * @param hook what its hook, which wants all APIs and hears of events, does with a request and what is next; empty if it has none
 */
record TestPlugin(String id, String version, String create, String handle, String members, String hook) {

    private static final int VERSION = 1;

    TestPlugin(String id, String version) {
        this(id, version, "", "return io.brokkr.spi.Response.completed(answer);", "", "");
    }

    TestPlugin create(String code) {
        return new TestPlugin(id, version, code, handle, members, hook);
    }

    TestPlugin handle(String code) {
        return new TestPlugin(id, version, create, code, members, hook);
    }

    TestPlugin members(String code) {
        return new TestPlugin(id, version, create, handle, code, hook);
    }

    TestPlugin hook(String code) {
        return new TestPlugin(id, version, create, handle, members, code);
    }

    private PluginJar classes() {
        return hook.isEmpty() ? handlerClasses() : handlerClasses().source(id + ".Hooks", hookSource());
    }

    private String hookSource() {
        return """
                package %s;
                public class Hooks implements io.brokkr.spi.RequestHookFactory, io.brokkr.spi.RequestHook,
                        io.brokkr.spi.BrokerEventListener {
                    public io.brokkr.spi.RequestHook create(io.brokkr.spi.BrokerServices broker) {
                        return this;
                    }
                    public boolean wants(io.brokkr.protocol.Api<?> api) {
                        return true;
                    }
                    public java.util.concurrent.CompletionStage<io.brokkr.spi.Response> around(
                            io.brokkr.spi.RequestContext context, io.brokkr.protocol.Message request,
                            io.brokkr.spi.NextHandler next) {
                        %s
                    }
                    public void happened(io.brokkr.spi.BrokerEvent event) {
                        if (event.type().equals("plugin.created")) System.out.println("heard of " + event.subject());
                    }
                    public java.util.List<io.brokkr.spi.Setting<?>> settings() {
                        return java.util.List.of();
                    }
                    public void close() {}
                }
                """
                .formatted(id, hook);
    }

    private PluginJar handlerClasses() {
        return new PluginJar()
                .plugin(id, version)
                .source(
                        id + ".Factory",
                        """
                        package %s;
                        public class Factory implements io.brokkr.spi.ApiHandlerFactory {
                            %s
                            public java.util.List<io.brokkr.spi.ApiHandler<?>> create(io.brokkr.spi.BrokerServices broker) {
                                %s
                                return java.util.List.of(new Handler());
                            }
                        }
                        """
                                .formatted(id, members, create))
                .source(
                        id + ".Handler",
                        """
                        package %s;
                        import io.brokkr.protocol.message.ListTransactionsRequest;
                        import io.brokkr.protocol.message.ListTransactionsResponse;
                        class Handler implements io.brokkr.spi.ApiHandler<ListTransactionsRequest> {
                            public io.brokkr.protocol.Api<ListTransactionsRequest> api() {
                                return ListTransactionsRequest.API;
                            }
                            public java.util.concurrent.CompletionStage<io.brokkr.spi.Response> handle(
                                    io.brokkr.spi.RequestContext context, ListTransactionsRequest request) {
                                ListTransactionsResponse answer = ListTransactionsResponse.builder()
                                        .unknownStateFilters(java.util.List.of("%s"))
                                        .build();
                                %s
                            }
                            public io.brokkr.protocol.Message failure(
                                    ListTransactionsRequest request, int version, io.brokkr.protocol.ErrorCode error) {
                                return ListTransactionsResponse.builder().errorCode(error).build();
                            }
                        }
                        """
                                .formatted(id, id + " " + version, handle));
    }

    /** Without a module descriptor. */
    PluginJar plain() {
        PluginJar jar = classes().provider(ApiHandlerFactory.class, id + ".Factory");
        return hook.isEmpty()
                ? jar
                : jar.provider(RequestHookFactory.class, id + ".Hooks")
                        .provider(BrokerEventListener.class, id + ".Hooks");
    }

    PluginJar modular() {
        return classes()
                .source(
                        "module-info",
                        "module " + id + " { requires io.brokkr.spi; exports " + id
                                + "; provides io.brokkr.spi.ApiHandlerFactory with " + id + ".Factory;"
                                + (hook.isEmpty()
                                        ? ""
                                        : "provides io.brokkr.spi.RequestHookFactory with " + id + ".Hooks;"
                                                + "provides io.brokkr.spi.BrokerEventListener with " + id + ".Hooks;")
                                + "}");
    }

    /** The plugins that ship, in a folder of the test's. */
    static Path copyShipped(Path to) {
        Path shipped = BrokkrProcess.HOME.resolve("plugins");
        try (Stream<Path> paths = Files.walk(shipped)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(shipped.relativize(path).toString()));
            }
            return to;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Puts a copy of a jar into its place in one step, as an operator is told to. */
    static void drop(Path jar, Path place) {
        try {
            Path copy = place.resolveSibling("." + place.getFileName() + ".part");
            Files.copy(jar, copy, StandardCopyOption.REPLACE_EXISTING);
            Files.move(copy, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What the broker advertises. */
    static List<Short> advertised(WireClient client) {
        return client
                .call(ApiVersionsRequest.API, ApiVersionsRequest.builder().build(), 0, ApiVersionsResponse::read)
                .apiKeys()
                .stream()
                .map(ApiVersionsResponse.ApiVersion::apiKey)
                .toList();
    }

    static boolean isAdvertised(WireClient client) {
        return advertised(client).contains((short) ListTransactionsRequest.API.key());
    }

    static ListTransactionsResponse call(WireClient client) {
        return client.call(
                ListTransactionsRequest.API,
                ListTransactionsRequest.builder().build(),
                VERSION,
                ListTransactionsResponse::read);
    }

    /** The id and the version of the plugin that serves. */
    static String whoServes(WireClient client) {
        return String.join(",", call(client).unknownStateFilters());
    }
}
