package io.brokkr.plugin.fetch;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.OffsetForLeaderEpochRequest;
import io.brokkr.protocol.message.OffsetForLeaderEpochRequest.OffsetForLeaderPartition;
import io.brokkr.protocol.message.OffsetForLeaderEpochRequest.OffsetForLeaderTopic;
import io.brokkr.protocol.message.OffsetForLeaderEpochResponse;
import io.brokkr.protocol.message.OffsetForLeaderEpochResponse.EpochEndOffset;
import io.brokkr.protocol.message.OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.Partition;
import io.brokkr.spi.Partition.EpochEnd;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.security.Operation;
import java.util.concurrent.CompletionStage;

/** OffsetForLeaderEpoch: tells a reader where an epoch ended, so that it notices a log that was cut (KIP-320). */
final class OffsetForLeaderEpochHandler implements ApiHandler<OffsetForLeaderEpochRequest> {

    private final PartitionAccess access;

    OffsetForLeaderEpochHandler(PartitionAccess access) {
        this.access = access;
    }

    @Override
    public Api<OffsetForLeaderEpochRequest> api() {
        return OffsetForLeaderEpochRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, OffsetForLeaderEpochRequest request) {
        AllowedPartitions partitions = new AllowedPartitions(access, context, Operation.DESCRIBE);
        return Stages.mapAll(request.topics(), topic -> topic(partitions, topic))
                .thenApply(topics -> Response.of(
                        OffsetForLeaderEpochResponse.builder().topics(topics).build()));
    }

    private CompletionStage<OffsetForLeaderTopicResult> topic(
            AllowedPartitions partitions, OffsetForLeaderTopic topic) {
        return Stages.mapAll(
                        topic.partitions(), wish -> partition(partitions.open(topic.topic(), wish.partition()), wish))
                .thenApply(ends -> OffsetForLeaderTopicResult.builder()
                        .topic(topic.topic())
                        .partitions(ends)
                        .build());
    }

    private static CompletionStage<EpochEndOffset> partition(
            CompletionStage<Partition> opening, OffsetForLeaderPartition wish) {
        return opening.thenApply(partition -> {
                    PartitionAccess.requireEpoch(partition, wish.currentLeaderEpoch());
                    return ended(wish.partition(), partition.endOfEpoch(wish.leaderEpoch()));
                })
                .exceptionally(failure -> failed(wish.partition(), ApiException.errorOf(failure)));
    }

    private static EpochEndOffset ended(int index, EpochEnd end) {
        return EpochEndOffset.builder()
                .partition(index)
                .leaderEpoch(end.leaderEpoch())
                .endOffset(end.endOffset())
                .build();
    }

    private static EpochEndOffset failed(int index, ErrorCode error) {
        return EpochEndOffset.builder().partition(index).errorCode(error).build();
    }

    @Override
    public Message failure(OffsetForLeaderEpochRequest request, int version, ErrorCode error) {
        return OffsetForLeaderEpochResponse.builder()
                .topics(request.topics().stream()
                        .map(topic -> OffsetForLeaderTopicResult.builder()
                                .topic(topic.topic())
                                .partitions(topic.partitions().stream()
                                        .map(partition -> failed(partition.partition(), error))
                                        .toList())
                                .build())
                        .toList())
                .build();
    }
}
