package io.brokkr.plugin.groups;

import io.brokkr.protocol.coordinator.GroupMetadataValue;
import io.brokkr.spi.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Something that happened to a group and outlives the broker: one record of {@code __consumer_offsets}. */
sealed interface CoordinatorEvent {

    /** Whom it concerns. */
    String groupId();

    /**
     * An offset was committed, or forgotten.
     *
     * @param offset null if it was forgotten
     */
    record OffsetWritten(String groupId, TopicPartition partition, @Nullable CommittedOffset offset)
            implements CoordinatorEvent {}

    /**
     * A rebalance was completed, or a static member replaced, or the group deleted.
     *
     * @param metadata the group afterwards, null if it was deleted
     */
    record GroupWritten(String groupId, @Nullable GroupMetadataValue metadata) implements CoordinatorEvent {}
}
