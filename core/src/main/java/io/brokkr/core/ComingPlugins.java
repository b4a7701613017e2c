package io.brokkr.core;

import io.brokkr.core.configuration.GivenSetting;
import io.brokkr.core.configuration.InvalidConfigurationException;
import io.brokkr.core.configuration.KnownSettings;
import io.brokkr.core.configuration.LoadedConfiguration;
import io.brokkr.pluginhost.HostedPlugin;
import io.brokkr.pluginhost.MetricsReporters;
import io.brokkr.pluginhost.PluginThread;
import io.brokkr.pluginhost.PluginUser;
import io.brokkr.pluginhost.RejectionException;
import io.brokkr.spi.Setting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Lets plugins come and go while the broker runs, with their settings and their handlers. Used by the thread of the watch alone. */
final class ComingPlugins implements PluginUser {

    private final ApiPlugins apis;
    private final MetricsReporters reporters;
    private final LoadedConfiguration configuration;
    private final Supplier<List<GivenSetting>> given;
    private final Map<HostedPlugin, Prepared> prepared = new LinkedHashMap<>();
    private final List<LivePlugin> ending = new ArrayList<>();

    private record Prepared(LivePlugin live, List<Setting<?>> settings) {}

    /** With what gives the settings as they are by now. */
    ComingPlugins(
            ApiPlugins apis,
            MetricsReporters reporters,
            LoadedConfiguration configuration,
            Supplier<List<GivenSetting>> given) {
        this.apis = apis;
        this.reporters = reporters;
        this.configuration = configuration;
        this.given = given;
    }

    @Override
    public void prepare(HostedPlugin plugin, Collection<String> leaving) {
        List<Setting<?>> settings = PluginThread.WHILE_RUNNING.call(plugin.id(), plugin::settings, late -> {});
        KnownSettings others = configuration
                .known()
                .without(leaving.stream().map(HostedPlugin::ownerOf).toList());
        prepared.forEach((other, made) -> others.add(other.owner(), made.settings()));
        try {
            KnownSettings known = others.without(List.of()).add(plugin.owner(), settings);
            configuration.admit(known, settings.isEmpty() ? List.of() : given.get());
            List<LivePlugin> ready =
                    prepared.values().stream().map(Prepared::live).toList();
            prepared.put(plugin, new Prepared(apis.createBeside(plugin, ready, leaving), settings));
        } catch (InvalidConfigurationException mistakes) {
            throw new RejectionException(String.join(
                    "; ", String.valueOf(mistakes.getMessage()).lines().toList()));
        } finally {
            if (!prepared.containsKey(plugin)) {
                configuration.forgetOthers(others);
            }
        }
    }

    @Override
    public void exchange(List<HostedPlugin> come, List<HostedPlugin> gone) {
        KnownSettings known = configuration
                .known()
                .without(gone.stream().map(HostedPlugin::owner).toList());
        List<LivePlugin> ready = new ArrayList<>();
        prepared.forEach((plugin, made) -> {
            known.add(plugin.owner(), made.settings());
            ready.add(made.live());
        });
        configuration.know(known);
        ending.addAll(apis.exchange(ready, gone));
        reporters.exchange(come, gone);
        prepared.clear();
    }

    @Override
    public void end(HostedPlugin plugin) {
        ending.stream().filter(live -> live.plugin().equals(plugin)).findFirst().ifPresent(live -> {
            apis.end(live);
            ending.remove(live);
        });
        if (ending.isEmpty()) {
            configuration.forgetOthers(configuration.known());
        }
    }
}
