package io.brokkr.plugin.groups;

import io.brokkr.plugin.groups.CoordinatorEvent.OffsetWritten;
import io.brokkr.spi.TopicPartition;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Forgets the offsets of topics that are deleted, so that a topic of the same name begins without any. The records of offsets name topics by their
 * names alone: offsets that were committed since the groups were read are known by the id of their topic, those that were read are not.
 * Stateless; called on the shard's executor.
 */
final class Forgetting {

    private final Function<String, @Nullable UUID> topicIds;

    /**
     * For the topics that there are.
     *
     * @param topicIds the id of the topic of a name, null if there is none
     */
    Forgetting(Function<String, @Nullable UUID> topicIds) {
        this.topicIds = topicIds;
    }

    /** Whether there is a topic of a name. */
    boolean isThere(String topic) {
        return topicIds.apply(topic) != null;
    }

    /** Whether an offset belongs to a topic that was deleted, be it that another one has its name now. */
    boolean isOrphan(TopicPartition partition, CommittedOffset offset) {
        UUID id = topicIds.apply(partition.topic());
        return id == null || !offset.belongsTo(id);
    }

    /** Forgets the offsets of all topics that are gone: what is left when the broker was killed between a deletion and its tombstones. */
    void forgetOrphans(Decision decision) {
        for (Group group : decision.groups().all()) {
            for (TopicPartition partition : group.offsets().matching(this::isOrphan)) {
                decision.write(new OffsetWritten(group.id(), partition, null));
            }
        }
    }

    /**
     * Forgets the offsets of a topic.
     *
     * @param withUnknown whether offsets of an unknown topic of its name are its own, too
     */
    void forget(Decision decision, String name, UUID id, boolean withUnknown) {
        for (Group group : decision.groups().all()) {
            for (int index : group.offsets().partitions(name)) {
                UUID owner = group.offsets().get(name, index).topicId();
                if (owner.equals(id) || (withUnknown && owner.equals(CommittedOffset.UNKNOWN_TOPIC))) {
                    decision.write(new OffsetWritten(group.id(), new TopicPartition(name, index), null));
                }
            }
        }
    }
}
