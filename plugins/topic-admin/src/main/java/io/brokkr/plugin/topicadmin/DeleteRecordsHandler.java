package io.brokkr.plugin.topicadmin;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.DeleteRecordsRequest;
import io.brokkr.protocol.message.DeleteRecordsRequest.DeleteRecordsPartition;
import io.brokkr.protocol.message.DeleteRecordsRequest.DeleteRecordsTopic;
import io.brokkr.protocol.message.DeleteRecordsResponse;
import io.brokkr.protocol.message.DeleteRecordsResponse.DeleteRecordsPartitionResult;
import io.brokkr.protocol.message.DeleteRecordsResponse.DeleteRecordsTopicResult;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.Partitions;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicPartition;
import io.brokkr.spi.Topics;
import io.brokkr.spi.security.Operation;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Serves DeleteRecords (KIP-107).
 *
 * <p>The timeout of the request bounds how long Kafka waits for followers. There are none to wait for.
 */
final class DeleteRecordsHandler implements ApiHandler<DeleteRecordsRequest> {

    private static final long NO_LOW_WATERMARK = -1;

    private final Topics topics;
    private final Partitions partitions;
    private final SettingValues settings;

    DeleteRecordsHandler(Topics topics, Partitions partitions, SettingValues settings) {
        this.topics = topics;
        this.partitions = partitions;
        this.settings = settings;
    }

    @Override
    public Api<DeleteRecordsRequest> api() {
        return DeleteRecordsRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, DeleteRecordsRequest request) {
        return Stages.mapAll(request.topics(), wanted -> delete(context, wanted))
                .thenApply(results -> Response.of(
                        DeleteRecordsResponse.builder().topics(results).build()));
    }

    private CompletionStage<DeleteRecordsTopicResult> delete(RequestContext context, DeleteRecordsTopic wanted) {
        boolean allowed = Rights.onTopic(context, Operation.DELETE, wanted.name());
        return Stages.mapAll(
                        wanted.partitions(),
                        partition -> allowed
                                ? delete(wanted.name(), partition)
                                : CompletableFuture.completedFuture(
                                        result(partition, NO_LOW_WATERMARK, ErrorCode.TOPIC_AUTHORIZATION_FAILED)))
                .thenApply(results -> DeleteRecordsTopicResult.builder()
                        .name(wanted.name())
                        .partitions(results)
                        .build());
    }

    private CompletionStage<DeleteRecordsPartitionResult> delete(String topic, DeleteRecordsPartition wanted) {
        return Stages.attempt(() -> {
                    checkDeletable(topic);
                    return partitions.open(new TopicPartition(topic, wanted.partitionIndex()));
                })
                .thenCompose(partition -> partition.deleteRecordsBefore(wanted.offset()))
                .handle((lowWatermark, failure) -> failure == null
                        ? result(wanted, lowWatermark, ErrorCode.NONE)
                        : result(wanted, NO_LOW_WATERMARK, Outcome.of(failure).error()));
    }

    private void checkDeletable(String name) {
        Topic topic = topics.find(name);
        if (topic == null) {
            throw new ApiException(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "there is no topic " + name);
        }
        if (topic.internal()) {
            throw new ApiException(
                    ErrorCode.INVALID_TOPIC_EXCEPTION,
                    "the records of the broker's own topic " + name + " are its own");
        }
        // What is compacted is meant to stay: Kafka deletes records only where they would be deleted one day anyway.
        if (settings.listOf(topic, "cleanup.policy").stream().noneMatch("delete"::equalsIgnoreCase)) {
            throw new ApiException(
                    ErrorCode.POLICY_VIOLATION, "the cleanup.policy of " + name + " does not have records deleted");
        }
    }

    private static DeleteRecordsPartitionResult result(
            DeleteRecordsPartition wanted, long lowWatermark, ErrorCode error) {
        return DeleteRecordsPartitionResult.builder()
                .partitionIndex(wanted.partitionIndex())
                .lowWatermark(lowWatermark)
                .errorCode(error)
                .build();
    }

    @Override
    public DeleteRecordsResponse failure(DeleteRecordsRequest request, int version, ErrorCode error) {
        return DeleteRecordsResponse.builder()
                .topics(request.topics().stream()
                        .map(topic -> failure(topic, error))
                        .toList())
                .build();
    }

    private static DeleteRecordsTopicResult failure(DeleteRecordsTopic topic, ErrorCode error) {
        List<DeleteRecordsPartitionResult> results = topic.partitions().stream()
                .map(partition -> result(partition, NO_LOW_WATERMARK, error))
                .toList();
        return DeleteRecordsTopicResult.builder()
                .name(topic.name())
                .partitions(results)
                .build();
    }
}
