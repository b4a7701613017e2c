package io.brokkr.plugin.groups;

import io.brokkr.plugin.groups.CoordinatorEvent.GroupWritten;
import io.brokkr.plugin.groups.CoordinatorEvent.OffsetWritten;
import io.brokkr.spi.Clock;
import io.brokkr.spi.TopicPartition;
import java.util.function.BiPredicate;

/** Forgets what is past its time (KIP-211). Stateless; called on the shard's executor. */
final class Expiring {

    private final GroupSettings settings;
    private final Clock clock;

    Expiring(GroupSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Forgets offsets that are past their time, and groups with nothing left.
     *
     * @param orphaned which offsets belong to a topic that is gone
     */
    void expire(Decision decision, BiPredicate<TopicPartition, CommittedOffset> orphaned) {
        long now = clock.millis();
        for (Group group : decision.groups().all()) {
            BiPredicate<TopicPartition, CommittedOffset> expired = expiredAt(now, group);
            for (TopicPartition partition : group.offsets().matching(orphaned.or(expired))) {
                decision.write(new OffsetWritten(group.id(), partition, null));
            }
            if (group.is(GroupState.EMPTY) && group.offsets().isEmpty() && group.isRecorded()) {
                decision.write(new GroupWritten(group.id(), null));
            }
        }
    }

    private BiPredicate<TopicPartition, CommittedOffset> expiredAt(long now, Group group) {
        if (group.is(GroupState.EMPTY)) {
            // What was committed after the last member went counts from then. (Kafka counts it from when the member
            // went, too.)
            return (partition, offset) ->
                    isExpired(now, offset, Math.max(group.stateTimestamp(), offset.commitTimestamp()));
        }
        SubscribedTopics subscribed = SubscribedTopics.of(group);
        if (group.is(GroupState.STABLE) && subscribed.areKnown()) {
            return (partition, offset) ->
                    !subscribed.mayContain(partition.topic()) && isExpired(now, offset, offset.commitTimestamp());
        }
        return (partition, offset) -> false;
    }

    private boolean isExpired(long now, CommittedOffset offset, long since) {
        return offset.expireTimestamp() == CommittedOffset.NONE
                ? now - since >= settings.offsetRetention().toMillis()
                : now >= offset.expireTimestamp();
    }
}
