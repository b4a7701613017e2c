package io.brokkr.core.topic;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The topics by everything that they are looked up by. Thread-safe; the changes of one collision key come one after the other. */
final class TopicIndex {

    private final ConcurrentHashMap<String, StoredTopic> byName = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<UUID, StoredTopic> byId = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, String> nameByCollisionKey = new ConcurrentHashMap<>();

    Collection<StoredTopic> all() {
        return List.copyOf(byName.values());
    }

    @Nullable
    StoredTopic find(String name) {
        return byName.get(name);
    }

    @Nullable
    StoredTopic find(UUID id) {
        return byId.get(id);
    }

    /** The name of the topic that a new one cannot stand beside, null for none. */
    @Nullable
    String collision(String name) {
        return nameByCollisionKey.get(TopicNames.collisionKey(name));
    }

    StoredTopic put(StoredTopic topic) {
        byId.put(topic.id(), topic);
        if (mayCollide(topic.name())) {
            nameByCollisionKey.put(TopicNames.collisionKey(topic.name()), topic.name());
        }
        byName.put(topic.name(), topic);
        return topic;
    }

    void remove(StoredTopic topic) {
        byName.remove(topic.name());
        if (mayCollide(topic.name())) {
            nameByCollisionKey.remove(TopicNames.collisionKey(topic.name()));
        }
        byId.remove(topic.id());
    }

    /** Other names equal their collision key, and so only themselves. */
    private static boolean mayCollide(String name) {
        return name.indexOf('.') >= 0 || name.indexOf('_') >= 0;
    }
}
