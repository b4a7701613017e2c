package io.brokkr.core.topic;

import io.brokkr.core.configuration.LoadedConfiguration;
import io.brokkr.spi.Configuration;
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
    private volatile @Nullable Configuration configuration;

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

    /** The name of the engine that keeps its logs; fixed when the topic was created, whatever the broker's default became. */
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

    /** Parsed when it is first asked for, since the start must not wait for ten thousand topics that nobody uses. */
    @Override
    public Configuration configuration() {
        Configuration known = configuration;
        if (known == null) {
            known = parse();
            configuration = known;
        }
        return known;
    }

    private Configuration parse() {
        if (broker.get(TopicSettings.STORAGE_ENGINE).equals(storageEngine())) {
            return broker.forTopic(overrides());
        }
        Map<String, String> all = new HashMap<>(overrides());
        all.put(TopicSettings.STORAGE_ENGINE.name(), storageEngine());
        return broker.forTopic(all);
    }

    @Override
    public String toString() {
        return name() + " (" + id() + ", " + partitionCount() + " partitions)";
    }
}
