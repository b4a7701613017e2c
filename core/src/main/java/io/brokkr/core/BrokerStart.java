package io.brokkr.core;

import io.brokkr.core.configuration.GivenSetting;
import io.brokkr.core.configuration.InvalidConfigurationException;
import io.brokkr.core.configuration.KnownSettings;
import io.brokkr.core.configuration.LoadedConfiguration;
import io.brokkr.core.dispatch.ApiRegistry;
import io.brokkr.core.dispatch.Dispatcher;
import io.brokkr.core.metrics.MetricsRegistry;
import io.brokkr.core.partition.PartitionRegistry;
import io.brokkr.core.partition.PartitionSettings;
import io.brokkr.core.schedule.ScheduleSettings;
import io.brokkr.core.schedule.ThreadScheduler;
import io.brokkr.core.topic.TopicRegistry;
import io.brokkr.core.topic.TopicSettings;
import io.brokkr.core.transport.CannotListenException;
import io.brokkr.core.transport.Listener;
import io.brokkr.core.transport.Server;
import io.brokkr.core.transport.TransportSettings;
import io.brokkr.pluginhost.CallWatch;
import io.brokkr.pluginhost.HostedPlugin;
import io.brokkr.pluginhost.MetricsReporters;
import io.brokkr.pluginhost.PluginHost;
import io.brokkr.pluginhost.PluginSettings;
import io.brokkr.pluginhost.PluginWatch;
import io.brokkr.pluginhost.StopSteps;
import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodec;
import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.security.Security;
import io.brokkr.security.SecurityPlugins;
import io.brokkr.security.SecuritySettings;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Clock;
import io.brokkr.spi.CommandLineContext;
import io.brokkr.spi.CommandLineTool;
import io.brokkr.spi.Scheduler;
import io.brokkr.spi.storage.MetadataStore;
import io.brokkr.spi.storage.NoSuchEngineException;
import io.brokkr.spi.storage.StorageEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One start of a broker, from the plugins to the listeners, which are opened last. What has been done is undone in reverse if a later step fails, or at the
 * broker's end.
 */
final class BrokerStart {

    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);
    private static final Duration LIMIT_AFTER_FAILURE = Duration.ofSeconds(5);

    private final List<GivenSetting> given;
    private final Supplier<List<GivenSetting>> givenLater;
    private final List<Object> extensions;
    private final long beginNanos;
    private final StopSteps stopSteps = new StopSteps();
    private final Clock clock;
    private final UnaryOperator<Scheduler> timers;
    private final MetricsRegistry metrics = new MetricsRegistry();

    /** With what gives the settings anew, for plugins that come later and have settings of their own. */
    BrokerStart(
            List<GivenSetting> given,
            Supplier<List<GivenSetting>> givenLater,
            List<Object> extensions,
            Clock clock,
            UnaryOperator<Scheduler> timers,
            long beginNanos) {
        this.given = List.copyOf(given);
        this.givenLater = givenLater;
        this.extensions = List.copyOf(extensions);
        this.clock = clock;
        this.timers = timers;
        this.beginNanos = beginNanos;
    }

    Broker start(boolean offline) {
        try {
            return mendable(() -> startAll(offline));
        } catch (RuntimeException | Error failure) {
            stopSteps.run(LIMIT_AFTER_FAILURE);
            throw failure;
        }
    }

    List<InspectedPlugin> inspectPlugins() {
        return withPlugins((host, known) -> InspectedPlugin.all(host));
    }

    List<DescribedSetting> describeSettings() {
        return withPlugins((host, known) -> {
            List<DescribedSetting> described = new ArrayList<>();
            known.forEach((owner, setting) -> described.add(DescribedSetting.of(owner, setting)));
            return described;
        });
    }

    int runTool(
            String name,
            List<String> arguments,
            Function<Map<Compression, CompressionCodec>, CommandLineContext> context) {
        return withPlugins((host, known) -> host.plugins().stream()
                .flatMap(plugin -> plugin.extensions(CommandLineTool.class).stream()
                        .filter(tool -> tool.name().equals(name))
                        .map(tool ->
                                plugin.call(() -> tool.run(arguments, context.apply(CompressionPlugins.codecs(host))))))
                .findFirst()
                .orElseThrow(() -> new StartException("no plugin supplies the command " + name)));
    }

    private <T> T withPlugins(BiFunction<PluginHost, KnownSettings, T> work) {
        return mendable(() -> {
            try (PluginHost host = new PluginHost(pluginSettings(), extensions)) {
                return work.apply(host, knownSettings(host));
            }
        });
    }

    /** Lets what the operator can mend stand out from what are bugs of ours. */
    static <T> T mendable(Supplier<T> step) {
        try {
            return step.get();
        } catch (InvalidConfigurationException | CannotListenException | ApiException failure) {
            throw new StartException(String.valueOf(failure.getMessage()), failure);
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof ApiException) {
                throw new StartException(String.valueOf(failure.getCause().getMessage()), failure);
            }
            throw failure;
        }
    }

    private Broker startAll(boolean offline) {
        LOG.info(
                "Brokkr {} on Java {}, {} {}",
                Broker.version(),
                Runtime.version(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"));
        // The plugins and the network have nothing to do with each other until the listeners are opened.
        Thread network = new Thread(Server::prepare, "brokkr-prepare-network");
        network.setDaemon(true);
        network.start();
        PluginHost host = loadPlugins();
        LoadedConfiguration configuration = LoadedConfiguration.load(knownSettings(host), given);
        DataFolders folders = DataFolders.open(configuration.get(BrokerSettings.DATA_FOLDERS));
        stopSteps.add("the locks of the data folders", folders::close);
        ThreadScheduler threads = new ThreadScheduler(configuration.get(ScheduleSettings.BACKGROUND_THREADS));
        Duration stopLimit = configuration.get(BrokerSettings.SHUTDOWN_LIMIT);
        stopSteps.add("background work", () -> threads.close(stopLimit));
        Scheduler scheduler = timers.apply(threads);
        MetricsReporters reporters = new MetricsReporters(metrics::snapshot, configuration, stopLimit);
        stopSteps.addParts(reporters::close);
        if (!offline) {
            reporters.start(host);
        }
        ApiRegistry registry = new ApiRegistry();
        Security security;
        Services services = null;
        ApiPlugins apis = null;
        if (host.isEmpty()) {
            LOG.warn("there are no plugins: this broker serves nothing");
            security = Security.none(clock, metrics);
        } else {
            PluginContext context = new PluginContext(
                    configuration,
                    folders,
                    folders.paths(),
                    clock,
                    scheduler,
                    metrics,
                    new Events(clock, metrics),
                    (name, space) -> {
                        throw new NoSuchEngineException("the broker itself builds no engine on " + name);
                    });
            services = openServices(host, context, registry);
            if (offline) {
                return new Broker(services, List.of(), stopSteps, stopLimit);
            }
            services.partitions().start();
            Services offered = services;
            security = new SecurityPlugins(
                            host, configuration, plugin -> offered.of(plugin, metrics, stopSteps), stopSteps)
                    .open(clock, metrics);
            apis = new ApiPlugins(services, metrics);
            stopSteps.addParts(apis::close);
            apis.register(host);
        }
        Server server = listen(configuration, registry, security, scheduler, services);
        boolean watches = configuration.get(PluginSettings.WATCH)
                && !configuration.get(PluginSettings.FOLDERS).isEmpty();
        if (apis != null && watches) {
            PluginWatch watch = PluginWatch.start(host, new ComingPlugins(apis, reporters, configuration, givenLater));
            stopSteps.add("the watch over the plugin folders", watch::close);
        }
        LOG.info("ready in {} ms", (System.nanoTime() - beginNanos) / 1_000_000);
        return new Broker(services, server.listeners(), stopSteps, stopLimit);
    }

    private PluginHost loadPlugins() {
        PluginHost host = new PluginHost(pluginSettings(), extensions);
        stopSteps.add("the plugin host", host::close);
        String loaded = host.plugins().stream().map(HostedPlugin::toString).collect(Collectors.joining(", "));
        LOG.info("plugins from {}: {}", pluginFolders(), loaded);
        return host;
    }

    List<Path> pluginFolders() {
        return mendable(() -> pluginSettings().get(PluginSettings.FOLDERS).stream()
                .map(Path::of)
                .toList());
    }

    private LoadedConfiguration pluginSettings() {
        return LoadedConfiguration.only(PluginSettings.all(), given);
    }

    /** A plugin that cannot even say what its settings are is left out. */
    private static KnownSettings knownSettings(PluginHost host) {
        KnownSettings known = new KnownSettings()
                .add("the core", BrokerSettings.all())
                .add("the core", PluginSettings.all())
                .add("the core", ScheduleSettings.all())
                .add("the core", TransportSettings.all())
                .add("the core", SecuritySettings.all())
                .add("the core", TopicSettings.all())
                .add("the core", PartitionSettings.all());
        for (HostedPlugin plugin : host.plugins()) {
            try {
                known.add(plugin.owner(), plugin.settings());
            } catch (InvalidConfigurationException declaredTwice) {
                throw declaredTwice;
            } catch (RuntimeException | LinkageError failure) {
                host.leaveOut(plugin, failure);
            }
        }
        return known;
    }

    private Services openServices(PluginHost host, PluginContext context, ApiRegistry registry) {
        LoadedConfiguration configuration = context.configuration();
        StoragePlugins storage = new StoragePlugins(host, context, stopSteps);
        String storeName = configuration.get(BrokerSettings.METADATA_STORE);
        MetadataStore store = storage.openMetadataStore(storeName);
        SingleBrokerCluster cluster = cluster(configuration, store);
        LOG.info(
                "broker {} of the cluster {}, which metadata store {} keeps",
                cluster.brokerId(),
                cluster.id(),
                storeName);
        String engineName = configuration.get(TopicSettings.STORAGE_ENGINE);
        Map<String, StorageEngine> engines = storage.openEngines(engineName, TopicSettings.STORAGE_ENGINE.name());
        LOG.info("data in {}, storage engines {}, by default {}", context.dataFolders(), engines.keySet(), engineName);
        Map<Compression, CompressionCodec> codecs = CompressionPlugins.codecs(host);
        LOG.info(
                "record compression {}",
                codecs.keySet().stream().map(Compression::text).toList());
        TopicRegistry topics = TopicRegistry.load(store, configuration, engines.keySet(), () -> 1)
                .toCompletableFuture()
                .join();
        topics.tell(context.events());
        PartitionRegistry partitions = new PartitionRegistry(
                topics, engines, new CompressionCodecs(codecs), configuration, context.scheduler(), clock, metrics);
        stopSteps.add(
                "the partitions", () -> partitions.close().toCompletableFuture().join());
        return new Services(
                cluster,
                topics,
                partitions,
                configuration,
                context.scheduler(),
                clock,
                metrics,
                registry,
                store,
                engines,
                codecs,
                context.events());
    }

    private static SingleBrokerCluster cluster(LoadedConfiguration configuration, MetadataStore store) {
        String rack = configuration.get(BrokerSettings.RACK);
        return new SingleBrokerCluster(
                ClusterId.of(store), configuration.get(BrokerSettings.BROKER_ID), rack.isEmpty() ? null : rack);
    }

    private Server listen(
            LoadedConfiguration configuration,
            ApiRegistry registry,
            Security security,
            Scheduler scheduler,
            @Nullable Services services) {
        List<Listener> advertised = List.of();
        try {
            CallWatch watch = new CallWatch(configuration.get(PluginSettings.BLOCKING_WARNING), LOG::warn);
            stopSteps.add("the watch over the network threads", watch::close);
            Dispatcher dispatcher = new Dispatcher(registry, metrics, clock, watch);
            Server server = Server.start(configuration, dispatcher, security, metrics, clock, scheduler);
            stopSteps.add("the listeners", () -> server.close(configuration.get(BrokerSettings.SHUTDOWN_LIMIT)));
            advertised = server.advertisedListeners();
            LOG.info("listening on {}, advertised as {}", server.listeners(), advertised);
            return server;
        } finally {
            // Also after a failure, so that no request is left waiting for it.
            if (services != null) {
                services.cluster().advertise(advertised);
            }
        }
    }
}
