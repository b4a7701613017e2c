package io.brokkr.plugin.groups;

import io.brokkr.plugin.groups.OffsetLookup.FoundOffset;
import io.brokkr.plugin.groups.OffsetLookup.FoundTopic;
import io.brokkr.plugin.groups.OffsetLookup.WantedTopic;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.OffsetFetchRequest;
import io.brokkr.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.brokkr.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.brokkr.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.brokkr.protocol.message.OffsetFetchResponse;
import io.brokkr.protocol.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.brokkr.protocol.message.OffsetFetchResponse.OffsetFetchResponsePartition;
import io.brokkr.protocol.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.brokkr.protocol.message.OffsetFetchResponse.OffsetFetchResponseTopic;
import io.brokkr.protocol.message.OffsetFetchResponse.OffsetFetchResponseTopics;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The two forms that OffsetFetch has had: of one group up to version 7, and of many. */
final class OffsetFetchFormat {

    /** The first version that has an error for the whole group. */
    private static final int FIRST_VERSION_WITH_GROUP_ERROR = 2;

    private OffsetFetchFormat() {}

    /** What a request of one group wants; null for all that there is. */
    static @Nullable List<WantedTopic> wanted(OffsetFetchRequest request) {
        List<OffsetFetchRequestTopic> topics = request.topics();
        return topics == null
                ? null
                : topics.stream()
                        .map(topic -> new WantedTopic(topic.name(), Message.ZERO_UUID, topic.partitionIndexes()))
                        .toList();
    }

    /** What a request of many groups wants of one of them; null for all that there is. */
    static @Nullable List<WantedTopic> wanted(OffsetFetchRequestGroup group) {
        List<OffsetFetchRequestTopics> topics = group.topics();
        return topics == null
                ? null
                : topics.stream()
                        .map(topic -> new WantedTopic(topic.name(), topic.topicId(), topic.partitionIndexes()))
                        .toList();
    }

    static OffsetFetchResponse ofOne(List<FoundTopic> found, int version) {
        return OffsetFetchResponse.builder()
                .topics(found.stream()
                        .map(topic -> OffsetFetchResponseTopic.builder()
                                .name(topic.name())
                                .partitions(topic.partitions().stream()
                                        .map(offset -> ofOne(offset, version))
                                        .toList())
                                .build())
                        .toList())
                .build();
    }

    /** Clients of version 0 expect of a partition without an offset that there is no such partition, as ZooKeeper had it. */
    private static OffsetFetchResponsePartition ofOne(FoundOffset offset, int version) {
        boolean absentFromZooKeeper = version == 0 && offset.isNone() && offset.error() == ErrorCode.NONE;
        return OffsetFetchResponsePartition.builder()
                .partitionIndex(offset.partition())
                .committedOffset(offset.offset())
                .committedLeaderEpoch(offset.leaderEpoch())
                .metadata(offset.metadata())
                .errorCode(absentFromZooKeeper ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : offset.error())
                .build();
    }

    static OffsetFetchResponseGroup ofMany(String groupId, List<FoundTopic> found) {
        return OffsetFetchResponseGroup.builder()
                .groupId(groupId)
                .topics(found.stream()
                        .map(topic -> OffsetFetchResponseTopics.builder()
                                .name(topic.name())
                                .topicId(topic.id())
                                .partitions(topic.partitions().stream()
                                        .map(OffsetFetchFormat::ofMany)
                                        .toList())
                                .build())
                        .toList())
                .build();
    }

    private static OffsetFetchResponsePartitions ofMany(FoundOffset offset) {
        return OffsetFetchResponsePartitions.builder()
                .partitionIndex(offset.partition())
                .committedOffset(offset.offset())
                .committedLeaderEpoch(offset.leaderEpoch())
                .metadata(offset.metadata())
                .errorCode(offset.error())
                .build();
    }

    /** An error of one group among many. */
    static OffsetFetchResponseGroup refusal(String groupId, ErrorCode error) {
        return OffsetFetchResponseGroup.builder()
                .groupId(groupId)
                .errorCode(error)
                .build();
    }

    /** An error of the one group: at each partition, as long as there is no better place for it. */
    static OffsetFetchResponse refusal(OffsetFetchRequest request, int version, ErrorCode error) {
        List<OffsetFetchRequestTopic> topics = request.topics();
        if (version >= FIRST_VERSION_WITH_GROUP_ERROR || topics == null) {
            return OffsetFetchResponse.builder().errorCode(error).build();
        }
        List<FoundTopic> refused = topics.stream()
                .map(topic -> new FoundTopic(
                        topic.name(),
                        Message.ZERO_UUID,
                        topic.partitionIndexes().stream()
                                .map(partition -> FoundOffset.none(partition, error))
                                .toList()))
                .toList();
        return ofOne(refused, version);
    }
}
