package io.brokkr.plugin.groups;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.spi.Topic;
import io.brokkr.spi.Topics;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Looks up committed offsets: OffsetFetch, whatever the form of the request. Called on the shard's executor. */
final class OffsetLookup {

    private final Topics topics;

    OffsetLookup(Topics topics) {
        this.topics = topics;
    }

    /**
     * What a client wants to know of a topic, which it names by its name or by its id.
     *
     * @param id all zero if the topic has a name
     */
    record WantedTopic(String name, UUID id, List<Integer> partitions) {}

    /**
     * What there is of a topic.
     *
     * @param id all zero if it is not known
     */
    record FoundTopic(String name, UUID id, List<FoundOffset> partitions) {}

    /** What there is of a partition; if there is nothing, the offset is -1 and the metadata empty, never null. */
    record FoundOffset(int partition, long offset, int leaderEpoch, String metadata, ErrorCode error) {

        static FoundOffset none(int partition, ErrorCode error) {
            return new FoundOffset(partition, CommittedOffset.NONE, CommittedOffset.NONE, "", error);
        }

        boolean isNone() {
            return offset < 0;
        }
    }

    /**
     * The offsets of a group; a group that does not exist has none.
     *
     * @param wanted null for all that there are
     * @param visible whether the client may see a topic, whether or not there is one
     */
    List<FoundTopic> find(
            Decision decision, String groupId, @Nullable List<WantedTopic> wanted, Predicate<String> visible) {
        Group group = decision.groups().find(groupId);
        if (wanted != null) {
            return wanted.stream().map(topic -> find(group, topic, visible)).toList();
        }
        return group == null ? List.of() : findAll(group, visible);
    }

    private List<FoundTopic> findAll(Group group, Predicate<String> visible) {
        return group.offsets().topics().stream()
                .filter(visible)
                .map(topics::find)
                .filter(topic -> topic != null)
                .map(topic -> found(group, topic, group.offsets().partitions(topic.name())))
                .map(topic -> new FoundTopic(
                        topic.name(),
                        topic.id(),
                        topic.partitions().stream()
                                .filter(offset -> !offset.isNone())
                                .toList()))
                .filter(topic -> !topic.partitions().isEmpty())
                .toList();
    }

    private FoundTopic find(@Nullable Group group, WantedTopic wanted, Predicate<String> visible) {
        boolean byId = !wanted.id().equals(Message.ZERO_UUID);
        Topic topic = byId ? topics.find(wanted.id()) : topics.find(wanted.name());
        if (topic == null && byId) {
            return nothing(wanted, ErrorCode.UNKNOWN_TOPIC_ID);
        }
        if (!visible.test(topic == null ? wanted.name() : topic.name())) {
            return nothing(wanted, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        }
        // Nobody can have committed anything for a topic that is not there.
        return topic == null ? nothing(wanted, ErrorCode.NONE) : found(group, topic, wanted.partitions());
    }

    private static FoundTopic nothing(WantedTopic wanted, ErrorCode error) {
        return new FoundTopic(
                wanted.name(),
                wanted.id(),
                wanted.partitions().stream()
                        .map(partition -> FoundOffset.none(partition, error))
                        .toList());
    }

    private static FoundTopic found(@Nullable Group group, Topic topic, List<Integer> partitions) {
        return new FoundTopic(
                topic.name(),
                topic.id(),
                partitions.stream()
                        .map(partition -> found(group, topic, partition))
                        .toList());
    }

    private static FoundOffset found(@Nullable Group group, Topic topic, int partition) {
        CommittedOffset offset = group == null ? null : group.offsets().get(topic.name(), partition);
        return offset == null || !offset.belongsTo(topic.id())
                ? FoundOffset.none(partition, ErrorCode.NONE)
                : new FoundOffset(partition, offset.offset(), offset.leaderEpoch(), offset.metadata(), ErrorCode.NONE);
    }
}
