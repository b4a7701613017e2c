package io.brokkr.plugin.groups;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.OffsetCommitRequest;
import io.brokkr.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.brokkr.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicPartition;
import io.brokkr.spi.Topics;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Looks at offsets before they go to the group: whether there is such a partition, and how long they are to live. Thread-safe. */
final class CommitInspection {

    /** The first version that names topics by their id. */
    private static final int FIRST_VERSION_WITH_TOPIC_ID = 10;

    private static final long NOT_GIVEN = -1;

    private final GroupSettings settings;
    private final Topics topics;
    private final Clock clock;

    CommitInspection(GroupSettings settings, Topics topics, Clock clock) {
        this.settings = settings;
        this.topics = topics;
        this.clock = clock;
    }

    /**
     * What came of it.
     *
     * @param topics in the order of the request
     * @param offsets those that are in order
     */
    record Result(List<InspectedTopic> topics, Map<TopicPartition, CommittedOffset> offsets) {}

    /**
     * A topic of the request.
     *
     * @param errors one for each partition of it
     */
    record InspectedTopic(OffsetCommitRequestTopic topic, List<ErrorCode> errors) {

        static InspectedTopic refused(OffsetCommitRequestTopic topic, ErrorCode error) {
            return new InspectedTopic(
                    topic, Collections.nCopies(topic.partitions().size(), error));
        }
    }

    /**
     * Looks at all offsets of a request.
     *
     * @param readable whether the client may read a topic, whether or not there is one
     */
    Result inspect(OffsetCommitRequest request, int version, Predicate<String> readable) {
        Map<TopicPartition, CommittedOffset> accepted = new LinkedHashMap<>();
        List<InspectedTopic> inspected = request.topics().stream()
                .map(named -> {
                    Topic topic = find(named, version);
                    if (!mayRead(named, topic, version, readable)) {
                        return InspectedTopic.refused(named, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
                    }
                    return new InspectedTopic(
                            named,
                            named.partitions().stream()
                                    .map(partition -> inspect(request, topic, partition, version, accepted))
                                    .toList());
                })
                .toList();
        return new Result(inspected, accepted);
    }

    /** Of an id without a topic there is no name to ask for. */
    private static boolean mayRead(
            OffsetCommitRequestTopic named, @Nullable Topic topic, int version, Predicate<String> readable) {
        if (topic == null) {
            return version >= FIRST_VERSION_WITH_TOPIC_ID || readable.test(named.name());
        }
        return readable.test(topic.name());
    }

    private @Nullable Topic find(OffsetCommitRequestTopic named, int version) {
        return version >= FIRST_VERSION_WITH_TOPIC_ID ? topics.find(named.topicId()) : topics.find(named.name());
    }

    private ErrorCode inspect(
            OffsetCommitRequest request,
            @Nullable Topic topic,
            OffsetCommitRequestPartition partition,
            int version,
            Map<TopicPartition, CommittedOffset> accepted) {
        if (topic == null) {
            return version >= FIRST_VERSION_WITH_TOPIC_ID
                    ? ErrorCode.UNKNOWN_TOPIC_ID
                    : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        if (partition.partitionIndex() < 0 || partition.partitionIndex() >= topic.partitionCount()) {
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        String metadata = partition.committedMetadata();
        if (metadata != null && metadata.length() > settings.maxMetadataLength()) {
            return ErrorCode.OFFSET_METADATA_TOO_LARGE;
        }
        long now = clock.millis();
        CommittedOffset offset = new CommittedOffset(
                partition.committedOffset(),
                partition.committedLeaderEpoch(),
                metadata == null ? "" : metadata,
                now,
                expiry(request, partition, now),
                topic.id());
        accepted.put(new TopicPartition(topic.name(), partition.partitionIndex()), offset);
        return ErrorCode.NONE;
    }

    /** Clients of versions 2 to 4 could ask for a time to live; those of version 1 could date the commit, which moves its end. */
    private long expiry(OffsetCommitRequest request, OffsetCommitRequestPartition partition, long now) {
        if (request.retentionTimeMs() != NOT_GIVEN) {
            return now + request.retentionTimeMs();
        }
        if (partition.commitTimestamp() != NOT_GIVEN) {
            return partition.commitTimestamp() + settings.offsetRetention().toMillis();
        }
        return CommittedOffset.NONE;
    }
}
