package io.brokkr.core.partition;

import io.brokkr.core.topic.TopicSettings;
import io.brokkr.pluginhost.InterceptorChain;
import io.brokkr.pluginhost.PluginInterceptors;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.Topic;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The record interceptors that there are, which changes as a whole when plugins come and go. Thread-safe. */
final class Interceptors {

    private volatile TreeMap<String, PluginInterceptors> loaded = new TreeMap<>();

    void replace(Collection<PluginInterceptors> all) {
        TreeMap<String, PluginInterceptors> byName = new TreeMap<>();
        all.forEach(plugin -> byName.put(plugin.name(), plugin));
        loaded = byName;
    }

    /**
     * Makes sure that what a topic asks for is there, and that it asks for what it has settings for.
     *
     * @throws ApiException {@code INVALID_CONFIG}
     */
    void check(Map<String, String> overrides, Configuration settings) {
        List<String> wanted = settings.get(TopicSettings.RECORD_INTERCEPTORS);
        if (overrides.containsKey(TopicSettings.RECORD_INTERCEPTORS.name())
                && !loaded.keySet().containsAll(wanted)) {
            throw notLoaded(wanted);
        }
        for (PluginInterceptors plugin : loaded.values()) {
            if (!wanted.contains(plugin.name())
                    && plugin.settings().stream().anyMatch(setting -> overrides.containsKey(setting.name()))) {
                throw invalid("the settings of " + plugin.name() + " do nothing unless "
                        + TopicSettings.RECORD_INTERCEPTORS + " names it");
            }
        }
    }

    private static ApiException invalid(String reason) {
        return new ApiException(ErrorCode.INVALID_CONFIG, reason);
    }

    private ApiException notLoaded(List<String> wanted) {
        return invalid(TopicSettings.RECORD_INTERCEPTORS + "=" + String.join(",", wanted)
                + ": not all of them are loaded; those that are: " + loaded.keySet());
    }

    /** What a topic asks for, null if that is nothing. */
    @Nullable
    InterceptorChain chain(Topic topic) {
        List<String> wanted = topic.configuration().get(TopicSettings.RECORD_INTERCEPTORS);
        if (wanted.isEmpty()) {
            return null;
        }
        Map<String, PluginInterceptors> there = loaded;
        ApiException missing = notLoaded(wanted);
        try {
            return there.keySet().containsAll(wanted)
                    ? InterceptorChain.of(topic, wanted.stream().map(there::get).toList(), missing)
                    : InterceptorChain.refusing(missing);
        } catch (ApiException failed) {
            return InterceptorChain.refusing(failed);
        }
    }
}
