package io.brokkr.pluginhost;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.Setting;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicSetting;
import io.brokkr.spi.record.RecordInterceptor;
import io.brokkr.spi.record.RecordInterceptors;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The record interceptors that there are, which changes as a whole when plugins come and go. Thread-safe. */
public final class Interceptors {

    private static final TopicSetting<List<String>> ON_PRODUCE = TopicSetting.of(
            Setting.list(
                    "record.interceptors",
                    "",
                    "The interceptors that check or change each record before it is stored, by their names, in this order, with"
                            + " commas between them. As long as one of them is not loaded, no records are taken."),
            "log.record.interceptors");

    private static final TopicSetting<List<String>> ON_FETCH = TopicSetting.of(
            Setting.list(
                    "record.interceptors.fetch",
                    "",
                    "The interceptors that withhold or change what consumers read, record by record, by their names, in this"
                            + " order, with commas between them. As long as one of them is not loaded, consumers read nothing."),
            "log.record.interceptors.fetch");

    /** Those of topics that name interceptors. */
    public static final List<TopicSetting<List<String>>> SETTINGS = List.of(ON_PRODUCE, ON_FETCH);

    private volatile TreeMap<String, PluginInterceptors> loaded = new TreeMap<>();

    /** None. */
    public Interceptors() {}

    /** From now on there are these, and no others. */
    public void replace(Collection<PluginInterceptors> all) {
        TreeMap<String, PluginInterceptors> byName = new TreeMap<>();
        all.forEach(plugin -> byName.put(plugin.name(), plugin));
        loaded = byName;
    }

    /**
     * Makes sure that what a topic asks for is there, and that it asks for what it has settings for.
     *
     * @throws ApiException {@code INVALID_CONFIG}
     */
    public void check(Map<String, String> overrides, Configuration settings) {
        Set<String> named = new HashSet<>();
        for (TopicSetting<List<String>> way : SETTINGS) {
            List<String> wanted = settings.get(way);
            if (overrides.containsKey(way.name()) && !loaded.keySet().containsAll(wanted)) {
                throw notLoaded(way, wanted);
            }
            named.addAll(wanted);
        }
        for (PluginInterceptors plugin : loaded.values()) {
            if (!named.contains(plugin.name())
                    && plugin.settings().stream().anyMatch(setting -> overrides.containsKey(setting.name()))) {
                throw invalid("the settings of " + plugin.name() + " do nothing unless "
                        + ON_PRODUCE + " or " + ON_FETCH
                        + " names it");
            }
        }
    }

    private static ApiException invalid(String reason) {
        return new ApiException(ErrorCode.INVALID_CONFIG, reason);
    }

    private ApiException notLoaded(TopicSetting<List<String>> way, List<String> wanted) {
        return invalid(way + "=" + String.join(",", wanted) + ": not all of them are loaded; those that are: "
                + loaded.keySet());
    }

    /** Who stands in the way of what is produced to a topic, null if nobody does. */
    public @Nullable InterceptorChain ofProduced(Topic topic) {
        return chain(topic, ON_PRODUCE, RecordInterceptors::onProduce);
    }

    /** Who stands in the way of what is fetched from a topic, null if nobody does. */
    public @Nullable InterceptorChain ofFetched(Topic topic) {
        return chain(topic, ON_FETCH, RecordInterceptors::onFetch);
    }

    private @Nullable InterceptorChain chain(
            Topic topic,
            TopicSetting<List<String>> setting,
            BiFunction<RecordInterceptors, Topic, @Nullable RecordInterceptor> way) {
        List<String> wanted = topic.configuration().get(setting);
        // What is in the broker's own topics is nobody's but the coordinators'.
        if (wanted.isEmpty() || topic.internal()) {
            return null;
        }
        Map<String, PluginInterceptors> there = loaded;
        try {
            return InterceptorChain.of(
                    topic, wanted.stream().map(there::get).toList(), way, () -> notLoaded(setting, wanted));
        } catch (ApiException failed) {
            return InterceptorChain.refusing(failed);
        }
    }
}
