package io.brokkr.core.topic;

import io.brokkr.core.configuration.KnownSettings;
import io.brokkr.core.configuration.LoadedConfiguration;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.Setting;
import io.brokkr.spi.Topic;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A topic as the metadata store has it. Immutable. */
public final class StoredTopic implements Topic {

    private final TopicFormat.Content content;
    private final long version;
    private final LoadedConfiguration broker;
    private volatile @Nullable Parsed parsed;

    /** The topic's settings as they were understood when certain settings were known. */
    private record Parsed(KnownSettings known, Configuration configuration) {}

    StoredTopic(TopicFormat.Content content, long version, LoadedConfiguration broker) {
        this.content = content;
        this.version = version;
        this.broker = broker;
    }

    TopicFormat.Content content() {
        return content;
    }

    /** The version of its entry in the metadata store. */
    long version() {
        return version;
    }

    /** Fixed when the topic was created, whatever the broker's default became. */
    @Override
    public String storageEngine() {
        return content.storageEngine();
    }

    @Override
    public String name() {
        return content.name();
    }

    @Override
    public UUID id() {
        return content.id();
    }

    @Override
    public int partitionCount() {
        return content.partitionCount();
    }

    @Override
    public boolean internal() {
        return content.internal();
    }

    /** As it was when the topic was created or adopted: one broker leads every partition from then on. */
    @Override
    public int leaderEpoch(int partition) {
        return content.leaderEpoch();
    }

    @Override
    public Map<String, String> overrides() {
        return content.overrides();
    }

    /**
     * Parsed when it is first asked for, since the start must not wait for ten thousand topics that nobody uses, and again when plugins have come or gone. What the topic has
     * of the settings of one that went does not harm it while the broker runs.
     */
    @Override
    public Configuration configuration() {
        KnownSettings known = broker.known();
        Parsed before = parsed;
        if (before != null && before.known() == known) {
            return before.configuration();
        }
        Configuration configuration;
        try {
            configuration = parse(before == null ? overrides() : knownOverrides());
        } catch (ApiException unfit) {
            if (before == null) {
                throw unfit;
            }
            configuration = before.configuration();
        }
        parsed = new Parsed(known, configuration);
        return configuration;
    }

    private Map<String, String> knownOverrides() {
        Map<String, String> own = new HashMap<>(overrides());
        own.keySet()
                .retainAll(broker.topicSettings().stream().map(Setting::name).toList());
        return own;
    }

    private Configuration parse(Map<String, String> own) {
        if (broker.get(TopicSettings.STORAGE_ENGINE).equals(storageEngine())) {
            return broker.forTopic(own);
        }
        Map<String, String> all = new HashMap<>(own);
        all.put(TopicSettings.STORAGE_ENGINE.name(), storageEngine());
        return broker.forTopic(all);
    }

    @Override
    public String toString() {
        return name() + " (" + id() + ", " + partitionCount() + " partitions)";
    }
}
