package io.brokkr.plugin.fetch;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.ListOffsetsRequest;
import io.brokkr.protocol.message.ListOffsetsRequest.ListOffsetsPartition;
import io.brokkr.protocol.message.ListOffsetsRequest.ListOffsetsTopic;
import io.brokkr.protocol.message.ListOffsetsResponse;
import io.brokkr.protocol.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import io.brokkr.protocol.message.ListOffsetsResponse.ListOffsetsTopicResponse;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Partition;
import io.brokkr.spi.Partition.Isolation;
import io.brokkr.spi.Partition.RecordPosition;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.security.Operation;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * ListOffsets. Version 0 asks for offsets at which segments begin, see {@link SegmentOffsets}, and later versions for the one offset of a time. Below zero, a timestamp is the name of an offset: the end, the start, that of the largest timestamp (KIP-734), and two that matter where
 * older data lies elsewhere (KIP-405): without such a place the local start is the start, and the end of what lies elsewhere is unknown.
 */
final class ListOffsetsHandler implements ApiHandler<ListOffsetsRequest> {

    private static final int FIRST_VERSION_OF_SINGLE_OFFSETS = 1;
    private static final int FIRST_VERSION_OF_LEADER_EPOCHS = 4;
    private static final byte READ_COMMITTED = 1;

    private static final long LATEST = -1;
    private static final long EARLIEST = -2;
    private static final long MAX_TIMESTAMP = -3;
    private static final long EARLIEST_LOCAL = -4;
    private static final long LATEST_TIERED = -5;
    private static final long EARLIEST_PENDING_UPLOAD = -6;

    private static final RecordPosition UNKNOWN = new RecordPosition(-1, -1, -1);

    private final PartitionAccess access;
    private final Clock clock;

    ListOffsetsHandler(PartitionAccess access, Clock clock) {
        this.access = access;
        this.clock = clock;
    }

    @Override
    public Api<ListOffsetsRequest> api() {
        return ListOffsetsRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, ListOffsetsRequest request) {
        Isolation isolation =
                request.isolationLevel() == READ_COMMITTED ? Isolation.READ_COMMITTED : Isolation.READ_UNCOMMITTED;
        AllowedPartitions partitions = new AllowedPartitions(access, context, Operation.DESCRIBE);
        int version = context.apiVersion();
        return Stages.mapAll(request.topics(), topic -> topic(partitions, version, topic, isolation))
                .thenApply(topics ->
                        Response.of(ListOffsetsResponse.builder().topics(topics).build()));
    }

    private CompletionStage<ListOffsetsTopicResponse> topic(
            AllowedPartitions partitions, int version, ListOffsetsTopic topic, Isolation isolation) {
        return Stages.mapAll(
                        topic.partitions(),
                        wish -> partition(
                                version, partitions.open(topic.name(), wish.partitionIndex()), wish, isolation))
                .thenApply(offsets -> ListOffsetsTopicResponse.builder()
                        .name(topic.name())
                        .partitions(offsets)
                        .build());
    }

    private CompletionStage<ListOffsetsPartitionResponse> partition(
            int version, CompletionStage<Partition> opening, ListOffsetsPartition wish, Isolation isolation) {
        if (version < FIRST_VERSION_OF_SINGLE_OFFSETS) {
            return opening.thenApply(partition -> segmentOffsets(partition, wish))
                    .exceptionally(failure -> failed(wish.partitionIndex(), ApiException.errorOf(failure)));
        }
        return opening.thenCompose(partition -> {
                    PartitionAccess.requireEpoch(partition, wish.currentLeaderEpoch());
                    return find(partition, wish.timestamp(), isolation);
                })
                .handle((position, failure) -> failure == null
                        ? found(version, wish.partitionIndex(), position)
                        : failed(wish.partitionIndex(), ApiException.errorOf(failure)));
    }

    private ListOffsetsPartitionResponse segmentOffsets(Partition partition, ListOffsetsPartition wish) {
        return ListOffsetsPartitionResponse.builder()
                .partitionIndex(wish.partitionIndex())
                .oldStyleOffsets(
                        SegmentOffsets.before(partition, wish.timestamp(), wish.maxNumOffsets(), clock.millis()))
                .build();
    }

    private static CompletionStage<RecordPosition> find(Partition partition, long timestamp, Isolation isolation) {
        if (timestamp >= 0) {
            return partition.findTimestamp(timestamp, isolation).thenApply(ListOffsetsHandler::orUnknown);
        }
        if (timestamp == MAX_TIMESTAMP) {
            return partition.findMaxTimestamp(isolation).thenApply(ListOffsetsHandler::orUnknown);
        }
        if (timestamp == LATEST_TIERED || timestamp == EARLIEST_PENDING_UPLOAD) {
            return CompletableFuture.completedFuture(UNKNOWN);
        }
        long offset;
        if (timestamp == LATEST) {
            offset = isolation == Isolation.READ_COMMITTED ? partition.lastStableOffset() : partition.highWatermark();
        } else if (timestamp == EARLIEST || timestamp == EARLIEST_LOCAL) {
            offset = partition.logStartOffset();
        } else {
            throw new ApiException(
                    ErrorCode.UNSUPPORTED_VERSION, "there is no offset that the timestamp " + timestamp + " names");
        }
        return CompletableFuture.completedFuture(new RecordPosition(offset, -1, partition.epochOf(offset)));
    }

    private static RecordPosition orUnknown(Optional<RecordPosition> position) {
        return position.orElse(UNKNOWN);
    }

    private static ListOffsetsPartitionResponse found(int version, int index, RecordPosition position) {
        ListOffsetsPartitionResponse.Builder found = ListOffsetsPartitionResponse.builder()
                .partitionIndex(index)
                .timestamp(position.timestamp())
                .offset(position.offset());
        if (version >= FIRST_VERSION_OF_LEADER_EPOCHS) {
            found.leaderEpoch(position.leaderEpoch());
        }
        return found.build();
    }

    private static ListOffsetsPartitionResponse failed(int index, ErrorCode error) {
        return ListOffsetsPartitionResponse.builder()
                .partitionIndex(index)
                .errorCode(error)
                .build();
    }

    @Override
    public Message failure(ListOffsetsRequest request, int version, ErrorCode error) {
        return ListOffsetsResponse.builder()
                .topics(request.topics().stream()
                        .map(topic -> ListOffsetsTopicResponse.builder()
                                .name(topic.name())
                                .partitions(topic.partitions().stream()
                                        .map(partition -> failed(partition.partitionIndex(), error))
                                        .toList())
                                .build())
                        .toList())
                .build();
    }
}
