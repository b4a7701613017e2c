package io.brokkr.core.topic;

import io.brokkr.core.configuration.LoadedConfiguration;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.AdoptedTopic;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.BrokerEvents;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Scheduler;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicDeletionListener;
import io.brokkr.spi.Topics;
import io.brokkr.spi.storage.MetadataStore;
import io.brokkr.spi.storage.MetadataStore.Change;
import io.brokkr.spi.storage.MetadataStore.Entry;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The topics, in memory and in the metadata store. Thread-safe.
 *
 * <pre>
 *   topics/orders              a topic, see {@link TopicFormat}
 *   deleted-topics/1c4e3b6a-…  a topic that is gone; same format, removed when its data is gone, too, and all plugins that are told have done their part
 * </pre>
 *
 * <p>Data is deleted only where such a note of its deletion stands: logs that nobody knows, such as those of an adopted folder or beside a metadata
 * store that was mixed up, are never touched.
 */
public final class TopicRegistry implements Topics {

    /** The most partitions of a topic: enough for anyone, and one request cannot exhaust the memory. */
    static final int MAX_PARTITIONS = 100_000;

    private static final String TOPICS = "topics/";
    private static final UUID NO_ID_YET = new UUID(0, 0);

    private final MetadataStore store;
    private final LoadedConfiguration configuration;
    private final Set<String> engines;
    private final IntSupplier brokerCount;
    private final TopicIndex index = new TopicIndex();
    private final ChangeQueue changes = new ChangeQueue();
    private final Deletions deletions;
    private volatile BrokerEvents events = (type, subject, details) -> {};
    private volatile @Nullable TopicListener listener;

    private TopicRegistry(
            MetadataStore store, LoadedConfiguration configuration, Set<String> engines, IntSupplier brokerCount) {
        this.store = store;
        this.configuration = configuration;
        this.engines = Set.copyOf(engines);
        this.brokerCount = brokerCount;
        this.deletions = new Deletions(store);
    }

    /**
     * Reads all topics.
     *
     * @param engines the names of the storage engines that are open
     * @param brokerCount the number of live brokers, which is how many replicas a topic can have
     * @return fails with {@link io.brokkr.spi.storage.StorageException} if an entry is damaged or of a newer version
     */
    public static CompletionStage<TopicRegistry> load(
            MetadataStore store, LoadedConfiguration configuration, Set<String> engines, IntSupplier brokerCount) {
        TopicRegistry registry = new TopicRegistry(store, configuration, engines, brokerCount);
        return store.list(TOPICS).thenCombine(store.list(Deletions.NOTES), (entries, notes) -> {
            entries.forEach(entry -> registry.index.put(registry.topicOf(entry)));
            notes.forEach(note -> registry.deletions.addUnfinished(registry.topicOf(note)));
            return registry;
        });
    }

    /** Names the one who is told of changes and deletions; to be called once, before anything changes. */
    public void listen(TopicListener told) {
        listener = told;
        deletions.listen(told);
    }

    /** Tells of topics that are created and deleted from now on. */
    public void tell(BrokerEvents told) {
        events = told;
    }

    private StoredTopic raise(String type, StoredTopic topic) {
        events.raise(
                type,
                topic.name(),
                Map.of(
                        "id", topic.id().toString(),
                        "partitions", Integer.toString(topic.partitionCount()),
                        "internal", Boolean.toString(topic.internal())));
        return topic;
    }

    /**
     * Adds one who is told of deletions alone, as {@link TopicDeletionListener} has it.
     *
     * @param plugin whom to name if it fails
     * @param scheduler what tells that it is late
     * @return what takes it out again
     */
    public Runnable listen(String plugin, TopicDeletionListener told, Scheduler scheduler) {
        return deletions.listen(plugin, told, scheduler);
    }

    private StoredTopic topicOf(Entry entry) {
        return new StoredTopic(TopicFormat.read(entry.key(), entry.value()), entry.version(), configuration);
    }

    @Override
    public Collection<StoredTopic> all() {
        return index.all();
    }

    @Override
    public @Nullable StoredTopic find(String name) {
        return index.find(name);
    }

    @Override
    public @Nullable StoredTopic find(UUID id) {
        return index.find(id);
    }

    @Override
    public StoredTopic validate(NewTopic wish) {
        return new StoredTopic(check(new AdoptedTopic(wish, NO_ID_YET, false, 0)), 0, configuration);
    }

    @Override
    public CompletionStage<Topic> create(NewTopic wish) {
        return change(wish.name(), () -> createChecked(new AdoptedTopic(wish, newId(), false, 0)));
    }

    @Override
    public CompletionStage<Topic> adopt(AdoptedTopic adopted) {
        return change(adopted.topic().name(), () -> createChecked(adopted));
    }

    @Override
    public CompletionStage<Topic> internal(NewTopic wish) {
        StoredTopic known = index.find(wish.name());
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        return change(wish.name(), () -> {
            StoredTopic meanwhile = index.find(wish.name());
            return meanwhile == null
                    ? createChecked(new AdoptedTopic(wish, newId(), true, 0))
                    : CompletableFuture.completedFuture(meanwhile);
        });
    }

    private CompletionStage<Topic> createChecked(AdoptedTopic topic) {
        TopicFormat.Content content = check(topic);
        String key = TOPICS + content.name();
        return deletions
                .finish(content.name())
                .thenCompose(told -> store.commit(List.of(Change.create(key, TopicFormat.write(content)))))
                .thenApply(done -> raise("topic.created", index.put(new StoredTopic(content, 1, configuration))));
    }

    /** Tools write an id as Base64 text of which the first character must not be a dash, else command lines take it for an option. */
    private static UUID newId() {
        UUID id = UUID.randomUUID();
        while (id.getMostSignificantBits() >>> 58 == 62) {
            id = UUID.randomUUID();
        }
        return id;
    }

    private TopicFormat.Content check(AdoptedTopic topic) {
        NewTopic wish = topic.topic();
        TopicNames.check(wish.name());
        StoredTopic same = index.find(wish.name()) != null ? index.find(wish.name()) : index.find(topic.id());
        if (same != null) {
            throw new ApiException(ErrorCode.TOPIC_ALREADY_EXISTS, "there is a topic " + same + " already");
        }
        String other = index.collision(wish.name());
        if (other != null) {
            throw TopicNames.invalid("the topic name " + wish.name() + " collides with " + other
                    + ": names that differ in dots and underscores alone cannot be told apart in metrics");
        }
        int partitions = wish.partitionCount() == NewTopic.DEFAULT
                ? configuration.get(TopicSettings.NUM_PARTITIONS)
                : wish.partitionCount();
        checkPartitions(partitions, 0);
        checkReplicas(wish.replicationFactor());
        String engine = checkSettings(wish.overrides());
        return new TopicFormat.Content(
                wish.name(), topic.id(), partitions, topic.internal(), engine, topic.leaderEpoch(), wish.overrides());
    }

    private static void checkPartitions(int wanted, int present) {
        if (wanted <= present || wanted > MAX_PARTITIONS) {
            throw new ApiException(
                    ErrorCode.INVALID_PARTITIONS,
                    "the number of partitions must be from " + (present + 1) + " to " + MAX_PARTITIONS + ", and is "
                            + wanted);
        }
    }

    private void checkReplicas(int wanted) {
        int replicas =
                wanted == NewTopic.DEFAULT ? configuration.get(TopicSettings.DEFAULT_REPLICATION_FACTOR) : wanted;
        if (replicas < 1 || replicas > brokerCount.getAsInt()) {
            throw new ApiException(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "the replication factor must be from 1 to the number of brokers, which is " + brokerCount.getAsInt()
                            + ", and is " + replicas);
        }
    }

    /** Checks all settings, and returns the engine that they name. */
    private String checkSettings(Map<String, String> overrides) {
        Configuration settings = configuration.forTopic(overrides);
        String engine = settings.get(TopicSettings.STORAGE_ENGINE);
        if (!engines.contains(engine)) {
            throw new ApiException(
                    ErrorCode.INVALID_CONFIG,
                    TopicSettings.STORAGE_ENGINE + "=" + engine + ": must be one of the loaded storage engines, "
                            + String.join(", ", engines.stream().sorted().toList()));
        }
        TopicListener told = listener;
        if (told != null) {
            told.check(overrides, settings);
        }
        return engine;
    }

    @Override
    public CompletionStage<Topic> addPartitions(String name, int total, boolean validateOnly) {
        return change(name, () -> {
            StoredTopic topic = existing(name);
            checkPartitions(total, topic.partitionCount());
            TopicFormat.Content old = topic.content();
            return replace(topic, old.with(total, old.overrides()), validateOnly);
        });
    }

    @Override
    public CompletionStage<Topic> configure(String name, Map<String, String> overrides, boolean validateOnly) {
        return change(name, () -> {
            StoredTopic topic = existing(name);
            checkSettings(withEngine(overrides, topic));
            TopicFormat.Content old = topic.content();
            return replace(topic, old.with(old.partitionCount(), overrides), validateOnly);
        });
    }

    @Override
    public CompletionStage<Topic> changeStorageEngine(String name, String storageEngine) {
        return change(name, () -> {
            StoredTopic topic = existing(name);
            Map<String, String> overrides = new HashMap<>(topic.overrides());
            overrides.put(TopicSettings.STORAGE_ENGINE.name(), storageEngine);
            checkSettings(overrides);
            return replace(topic, topic.content().keptBy(storageEngine, overrides), false);
        });
    }

    /** The engine stays what it is when the settings do not name it, whatever the broker's default is now. */
    private static Map<String, String> withEngine(Map<String, String> overrides, StoredTopic topic) {
        String setting = TopicSettings.STORAGE_ENGINE.name();
        String engine = overrides.get(setting);
        if (engine != null && !engine.strip().equals(topic.storageEngine())) {
            throw new ApiException(
                    ErrorCode.INVALID_CONFIG,
                    setting + " cannot be changed: the records of " + topic.name() + " are kept by "
                            + topic.storageEngine());
        }
        Map<String, String> all = new HashMap<>(overrides);
        all.put(setting, topic.storageEngine());
        return all;
    }

    private CompletionStage<Topic> replace(StoredTopic old, TopicFormat.Content content, boolean validateOnly) {
        StoredTopic changed = new StoredTopic(content, validateOnly ? old.version() : old.version() + 1, configuration);
        if (validateOnly) {
            return CompletableFuture.completedFuture(changed);
        }
        Change change = new Change(TOPICS + old.name(), TopicFormat.write(content), old.version());
        return store.commit(List.of(change)).thenApply(done -> {
            index.put(changed);
            TopicListener told = listener;
            if (told != null) {
                told.changed(changed);
            }
            return changed;
        });
    }

    @Override
    public CompletionStage<Void> delete(UUID id) {
        StoredTopic known = index.find(id);
        if (known == null) {
            return CompletableFuture.failedFuture(unknownId(id));
        }
        return this.<CompletionStage<Void>>change(known.name(), () -> {
                    StoredTopic topic = index.find(id);
                    if (topic == null) {
                        throw unknownId(id);
                    }
                    return store.commit(List.of(
                                    new Change(TOPICS + topic.name(), null, topic.version()),
                                    Change.create(Deletions.NOTES + id, TopicFormat.write(topic.content()))))
                            .thenCompose(done -> {
                                index.remove(topic);
                                raise("topic.deleted", topic);
                                return deletions.finish(topic);
                            });
                })
                .thenCompose(Function.identity());
    }

    private static ApiException unknownId(UUID id) {
        return new ApiException(ErrorCode.UNKNOWN_TOPIC_ID, "there is no topic of the id " + id);
    }

    /** Finishes the deletions that were cut short by the end of the broker; for some quiet moment after the start. */
    public CompletionStage<Void> finishDeletions() {
        CompletionStage<Void> all = CompletableFuture.completedFuture(null);
        for (StoredTopic topic : deletions.unfinished()) {
            all = all.thenCompose(done -> change(topic.name(), () -> deletions.finish(topic.name())))
                    .thenCompose(Function.identity());
        }
        return all;
    }

    private <T> CompletionStage<T> change(String name, Supplier<CompletionStage<T>> change) {
        return changes.run(TopicNames.collisionKey(name), change);
    }

    private StoredTopic existing(String name) {
        StoredTopic topic = index.find(name);
        if (topic == null) {
            throw new ApiException(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "there is no topic " + name);
        }
        return topic;
    }
}
