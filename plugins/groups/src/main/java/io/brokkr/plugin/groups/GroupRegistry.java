package io.brokkr.plugin.groups;

import io.brokkr.plugin.groups.CoordinatorEvent.GroupWritten;
import io.brokkr.plugin.groups.CoordinatorEvent.OffsetWritten;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The groups of one shard: what all events up to now have made of nothing. Confined to the shard. */
final class GroupRegistry {

    private final Map<String, Group> groups = new HashMap<>();
    private final Timers timers;
    private final Rebalancing rebalancing;

    GroupRegistry(Timers timers, Rebalancing rebalancing) {
        this.timers = timers;
        this.rebalancing = rebalancing;
    }

    @Nullable
    Group find(String groupId) {
        return groups.get(groupId);
    }

    /**
     * The group.
     *
     * @throws ApiException {@code otherwise}, if there is none
     */
    Group require(String groupId, ErrorCode otherwise) {
        Group group = groups.get(groupId);
        if (group == null) {
            throw new ApiException(otherwise, "there is no group " + groupId);
        }
        return group;
    }

    Group findOrCreate(String groupId) {
        return groups.computeIfAbsent(groupId, id -> new Group(id, timers, rebalancing));
    }

    /** All groups, as a copy. */
    Collection<Group> all() {
        return List.copyOf(groups.values());
    }

    /** Makes an event's effect; the same when it happens and when it is read from the log. */
    void apply(CoordinatorEvent event) {
        Group group = findOrCreate(event.groupId());
        if (event instanceof OffsetWritten written) {
            if (written.offset() == null) {
                group.offsets().remove(written.partition());
            } else {
                group.offsets().put(written.partition(), written.offset());
            }
        } else if (event instanceof GroupWritten written) {
            if (written.metadata() == null) {
                group.applyDeletion();
            } else {
                group.apply(written.metadata());
            }
        }
        dropIfBlank(group);
    }

    void dropIfBlank(Group group) {
        if (group.isBlank()) {
            group.rebalance().cancel();
            groups.remove(group.id());
        }
    }

    /** Forgets the groups: no timer runs any more, and everyone who waits for a rebalance is refused. */
    void close(RuntimeException reason) {
        groups.values().forEach(group -> group.close(reason));
        groups.clear();
    }
}
