package io.brokkr.plugin.produce;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.message.ProduceRequest;
import io.brokkr.protocol.message.ProduceRequest.PartitionProduceData;
import io.brokkr.protocol.message.ProduceRequest.TopicProduceData;
import io.brokkr.protocol.message.ProduceResponse;
import io.brokkr.protocol.message.ProduceResponse.BatchIndexAndErrorMessage;
import io.brokkr.protocol.message.ProduceResponse.PartitionProduceResponse;
import io.brokkr.protocol.message.ProduceResponse.TopicProduceResponse;
import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.InvalidRecordBatchException;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.Partition.Appended;
import io.brokkr.spi.Partition.Durability;
import io.brokkr.spi.Partitions;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicPartition;
import io.brokkr.spi.Topics;
import io.brokkr.spi.record.RefusedRecordsException;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.QuotaType;
import io.brokkr.spi.security.Resource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Produce, at all versions.
 *
 * <p>Versions 0 to 2 come from clients that write the message formats 0 and 1, which a partition converts to record batches; later versions may not carry these formats. A
 * range that began later would also be the sign, for librdkafka, of a broker that knows no produce requests at all (KAFKA-18659).
 */
final class ProduceHandler implements ApiHandler<ProduceRequest> {

    /** From this version on a request has exactly one batch of magic 2 for each partition (KIP-98). */
    private static final int FIRST_VERSION_OF_SINGLE_BATCHES = 3;

    private static final int FIRST_VERSION_OF_ZSTANDARD = 7;

    private static final int FIRST_VERSION_OF_TOPIC_IDS = 13;

    private final Topics topics;
    private final Partitions partitions;

    ProduceHandler(Topics topics, Partitions partitions) {
        this.topics = topics;
        this.partitions = partitions;
    }

    @Override
    public Api<ProduceRequest> api() {
        return ProduceRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, ProduceRequest request) {
        int version = context.apiVersion();
        short acks = request.acks();
        if (acks < -1 || acks > 1) {
            return Response.completed(failure(request, version, ErrorCode.INVALID_REQUIRED_ACKS));
        }
        List<CompletableFuture<PartitionProduceResponse>> outcomes = new ArrayList<>();
        for (TopicProduceData topic : request.topicData()) {
            appendTopic(context, acks, topic, outcomes);
        }
        return CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new))
                .thenApply(all -> {
                    int pause = pauseMillis(context, appendedBytes(request, outcomes));
                    return acks == 0 ? silence(outcomes) : Response.of(answer(request, outcomes, pause));
                });
    }

    private void appendTopic(
            RequestContext context,
            short acks,
            TopicProduceData data,
            List<CompletableFuture<PartitionProduceResponse>> outcomes) {
        boolean byId = context.apiVersion() >= FIRST_VERSION_OF_TOPIC_IDS;
        Topic topic = byId ? topics.find(data.topicId()) : topics.find(data.name());
        ErrorCode refusal = refusal(context, data, topic, byId);
        for (PartitionProduceData partition : data.partitionData()) {
            outcomes.add(
                    refusal == ErrorCode.NONE && topic != null
                            ? append(context.apiVersion(), acks, topic.name(), partition)
                            : CompletableFuture.completedFuture(refused(partition.index(), refusal, null)));
        }
    }

    /** Whether there is a topic of a name, only those hear who may write to it. An id, which nobody can guess, is no secret to whoever has it, as in Apache Kafka. */
    private static ErrorCode refusal(
            RequestContext context, TopicProduceData data, @Nullable Topic topic, boolean byId) {
        if (byId && topic == null) {
            return ErrorCode.UNKNOWN_TOPIC_ID;
        }
        String name = topic == null ? data.name() : topic.name();
        if (!context.allows(Operation.WRITE, Resource.topic(name))) {
            return ErrorCode.TOPIC_AUTHORIZATION_FAILED;
        }
        if (topic == null) {
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        return topic.internal() ? ErrorCode.INVALID_TOPIC_EXCEPTION : ErrorCode.NONE;
    }

    private CompletableFuture<PartitionProduceResponse> append(
            int version, short acks, String topic, PartitionProduceData data) {
        int index = data.index();
        // With acks=1 too: who was told of a record, and then asks for the end of the partition, must find it there.
        Durability durability = acks == 0 ? Durability.WRITTEN : Durability.COMMITTED;
        try {
            ByteBuffer batches = batches(version, data.records());
            return partitions
                    .open(new TopicPartition(topic, index))
                    .thenCompose(partition -> partition.append(batches, durability))
                    .handle((appended, failure) ->
                            failure == null ? appended(index, appended) : refused(index, failure))
                    .toCompletableFuture();
        } catch (ApiException refusal) {
            return CompletableFuture.completedFuture(refused(index, refusal));
        }
    }

    private static ByteBuffer batches(int version, @Nullable RecordData records) {
        if (records == null || records.sizeInBytes() == 0) {
            throw new ApiException(ErrorCode.INVALID_RECORD, "there is no record batch for the partition");
        }
        ByteBuffer batches;
        try {
            batches = records.toBuffer();
        } catch (IOException unreadable) {
            throw new ApiException(ErrorCode.UNKNOWN_SERVER_ERROR, "the records cannot be read", unreadable);
        }
        if (version >= FIRST_VERSION_OF_SINGLE_BATCHES) {
            requireSingleBatch(version, batches);
        }
        return batches;
    }

    private static void requireSingleBatch(int version, ByteBuffer batches) {
        try {
            Iterator<RecordBatch> all = RecordBatches.complete(batches).iterator();
            RecordBatch first = all.next();
            if (version < FIRST_VERSION_OF_ZSTANDARD && first.compression() == Compression.ZSTD) {
                throw new ApiException(
                        ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
                        "version " + version + " of Produce has no Zstandard (KIP-110)");
            }
            if (all.hasNext()) {
                throw new ApiException(
                        ErrorCode.INVALID_RECORD, "there is more than one record batch for the partition");
            }
        } catch (InvalidRecordBatchException invalid) {
            boolean oldFormat = invalid.errorCode() == ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT;
            throw new ApiException(
                    oldFormat ? ErrorCode.INVALID_RECORD : invalid.errorCode(), invalid.getMessage(), invalid);
        }
    }

    private static PartitionProduceResponse appended(int index, Appended appended) {
        return PartitionProduceResponse.builder()
                .index(index)
                .baseOffset(appended.baseOffset())
                .logAppendTimeMs(appended.logAppendTime())
                .logStartOffset(appended.logStartOffset())
                .build();
    }

    /** What is no answer to the client is a bug, and fails the request as a whole, so that the broker logs it. */
    private static PartitionProduceResponse refused(int index, Throwable failure) {
        ApiException reason = ApiException.in(failure);
        if (reason == null) {
            throw new CompletionException(failure);
        }
        PartitionProduceResponse refused = refused(index, reason.error(), reason.getMessage());
        return reason instanceof RefusedRecordsException records
                ? refused.toBuilder().recordErrors(recordErrors(records)).build()
                : refused;
    }

    /** Clients hand each record's own reason to whoever sent it (KIP-467). */
    private static List<BatchIndexAndErrorMessage> recordErrors(RefusedRecordsException records) {
        return records.errors().stream()
                .map(error -> BatchIndexAndErrorMessage.builder()
                        .batchIndex(error.batchIndex())
                        .batchIndexErrorMessage(error.reason())
                        .build())
                .toList();
    }

    private static PartitionProduceResponse refused(int index, ErrorCode error, @Nullable String message) {
        return PartitionProduceResponse.builder()
                .index(index)
                .errorCode(error)
                .errorMessage(message)
                .baseOffset(-1)
                .build();
    }

    /** With acks=0 the client reads no response: the end of the connection is how it learns of an error. */
    private static Response silence(List<CompletableFuture<PartitionProduceResponse>> outcomes) {
        boolean refused = outcomes.stream().anyMatch(outcome -> outcome.join().errorCode() != ErrorCode.NONE.code());
        return refused ? Response.closeConnection() : Response.none();
    }

    /** The records of those partitions that took theirs. */
    private static long appendedBytes(
            ProduceRequest request, List<CompletableFuture<PartitionProduceResponse>> outcomes) {
        long bytes = 0;
        int next = 0;
        for (TopicProduceData topic : request.topicData()) {
            for (PartitionProduceData partition : topic.partitionData()) {
                RecordData records = partition.records();
                if (outcomes.get(next++).join().errorCode() == ErrorCode.NONE.code() && records != null) {
                    bytes += records.sizeInBytes();
                }
            }
        }
        return bytes;
    }

    private static int pauseMillis(RequestContext context, long bytes) {
        return bytes == 0
                ? 0
                : (int) Math.min(
                        Integer.MAX_VALUE,
                        context.charge(QuotaType.PRODUCE, bytes).toMillis());
    }

    private static ProduceResponse answer(
            ProduceRequest request, List<CompletableFuture<PartitionProduceResponse>> outcomes, int pauseMillis) {
        List<TopicProduceResponse> responses =
                new ArrayList<>(request.topicData().size());
        int next = 0;
        for (TopicProduceData topic : request.topicData()) {
            List<PartitionProduceResponse> ofTopic =
                    new ArrayList<>(topic.partitionData().size());
            for (int i = 0; i < topic.partitionData().size(); i++) {
                ofTopic.add(outcomes.get(next++).join());
            }
            responses.add(TopicProduceResponse.builder()
                    .name(topic.name())
                    .topicId(topic.topicId())
                    .partitionResponses(ofTopic)
                    .build());
        }
        return ProduceResponse.builder()
                .responses(responses)
                .throttleTimeMs(pauseMillis)
                .build();
    }

    @Override
    public Message failure(ProduceRequest request, int version, ErrorCode error) {
        List<CompletableFuture<PartitionProduceResponse>> outcomes = request.topicData().stream()
                .flatMap(topic -> topic.partitionData().stream())
                .map(partition -> CompletableFuture.completedFuture(refused(partition.index(), error, null)))
                .toList();
        return answer(request, outcomes, 0);
    }
}
