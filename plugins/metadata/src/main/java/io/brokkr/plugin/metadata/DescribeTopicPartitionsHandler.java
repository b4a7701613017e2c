package io.brokkr.plugin.metadata;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.DescribeTopicPartitionsRequest;
import io.brokkr.protocol.message.DescribeTopicPartitionsRequest.TopicRequest;
import io.brokkr.protocol.message.DescribeTopicPartitionsResponse;
import io.brokkr.protocol.message.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponsePartition;
import io.brokkr.protocol.message.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.Cluster;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.Setting;
import io.brokkr.spi.Topic;
import io.brokkr.spi.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Serves DescribeTopicPartitions (KIP-966): topics in the order of their names, as many partitions as the client and the broker allow, and a cursor
 * that says where the next page begins.
 */
final class DescribeTopicPartitionsHandler implements ApiHandler<DescribeTopicPartitionsRequest> {

    static final Setting<Integer> MAX_PARTITIONS = Setting.integer(
            "max.request.partition.size.limit",
            2000,
            1,
            Integer.MAX_VALUE,
            "The most partitions that one response to DescribeTopicPartitions tells of; clients ask again for the rest.");

    private final Cluster cluster;
    private final Topics topics;
    private final TopicLookup lookup;
    private final int maxPartitions;

    DescribeTopicPartitionsHandler(Cluster cluster, Topics topics, TopicLookup lookup, int maxPartitions) {
        this.cluster = cluster;
        this.topics = topics;
        this.lookup = lookup;
        this.maxPartitions = maxPartitions;
    }

    @Override
    public Api<DescribeTopicPartitionsRequest> api() {
        return DescribeTopicPartitionsRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, DescribeTopicPartitionsRequest request) {
        Page page = new Page(context, Math.max(1, Math.min(maxPartitions, request.responsePartitionLimit())));
        DescribeTopicPartitionsRequest.Cursor cursor = request.cursor();
        for (String name : names(context, request, cursor)) {
            int first = cursor != null && cursor.topicName().equals(name) ? cursor.partitionIndex() : 0;
            if (!page.add(name, first)) {
                break;
            }
        }
        return Response.completed(page.response());
    }

    /** The names of the topics that the client asks for, from the cursor's on; of all topics, those that it may describe. */
    private SortedSet<String> names(
            RequestContext context,
            DescribeTopicPartitionsRequest request,
            DescribeTopicPartitionsRequest.@Nullable Cursor cursor) {
        TreeSet<String> names = new TreeSet<>();
        if (request.topics().isEmpty()) {
            lookup.all(context).forEach(topic -> names.add(topic.name()));
        } else {
            request.topics().forEach(topic -> names.add(topic.name()));
        }
        if (cursor == null) {
            return names;
        }
        if (cursor.partitionIndex() < 0) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST, "the cursor's partition is " + cursor.partitionIndex() + ", below 0");
        }
        if (!request.topics().isEmpty() && !names.contains(cursor.topicName())) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST, "the cursor's topic is not one of those that the request asks for");
        }
        return names.tailSet(cursor.topicName());
    }

    /** Collects what one response tells. */
    private final class Page {

        private final List<DescribeTopicPartitionsResponseTopic> described = new ArrayList<>();
        private final List<Integer> replicas = List.of(cluster.brokerId());
        private final RequestContext context;
        private int remaining;
        private DescribeTopicPartitionsResponse.@Nullable Cursor next;

        Page(RequestContext context, int limit) {
            this.context = context;
            this.remaining = limit;
        }

        /** Adds a topic from one of its partitions on; false if not all of them, or none, fitted in. */
        boolean add(String name, int first) {
            if (remaining == 0) {
                return continueAt(name, first);
            }
            if (!TopicLookup.mayDescribe(context, name)) {
                described.add(error(name, ErrorCode.TOPIC_AUTHORIZATION_FAILED));
                return true;
            }
            Topic topic = topics.find(name);
            if (topic == null) {
                described.add(error(
                        name,
                        TopicLookup.isLegal(name)
                                ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
                                : ErrorCode.INVALID_TOPIC_EXCEPTION));
                return true;
            }
            int count = topic.partitionCount();
            int start = Math.min(first, count);
            int end = start + Math.min(remaining, count - start);
            described.add(describe(topic, start, end));
            remaining -= end - start;
            return end == count || continueAt(name, end);
        }

        private boolean continueAt(String name, int partition) {
            next = DescribeTopicPartitionsResponse.Cursor.builder()
                    .topicName(name)
                    .partitionIndex(partition)
                    .build();
            return false;
        }

        private DescribeTopicPartitionsResponseTopic describe(Topic topic, int start, int end) {
            return DescribeTopicPartitionsResponseTopic.builder()
                    .name(topic.name())
                    .topicId(topic.id())
                    .isInternal(topic.internal())
                    .partitions(IntStream.range(start, end)
                            .mapToObj(partition -> describe(topic, partition))
                            .toList())
                    .topicAuthorizedOperations(AuthorizedOperations.onTopic(context, topic.name()))
                    .build();
        }

        private DescribeTopicPartitionsResponsePartition describe(Topic topic, int partition) {
            return DescribeTopicPartitionsResponsePartition.builder()
                    .partitionIndex(partition)
                    .leaderId(replicas.get(0))
                    .leaderEpoch(topic.leaderEpoch(partition))
                    .replicaNodes(replicas)
                    .isrNodes(replicas)
                    // No replica that is eligible to lead is outside of the in-sync replicas: empty, and not null for
                    // «unknown».
                    .eligibleLeaderReplicas(List.of())
                    .lastKnownElr(List.of())
                    .build();
        }

        DescribeTopicPartitionsResponse response() {
            return DescribeTopicPartitionsResponse.builder()
                    .topics(described)
                    .nextCursor(next)
                    .build();
        }
    }

    private static DescribeTopicPartitionsResponseTopic error(String name, ErrorCode error) {
        return DescribeTopicPartitionsResponseTopic.builder()
                .errorCode(error)
                .name(name)
                .build();
    }

    @Override
    public DescribeTopicPartitionsResponse failure(
            DescribeTopicPartitionsRequest request, int version, ErrorCode error) {
        return DescribeTopicPartitionsResponse.builder()
                .topics(request.topics().stream()
                        .map(TopicRequest::name)
                        .map(name -> error(name, error))
                        .toList())
                .build();
    }
}
