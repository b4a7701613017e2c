package io.brokkr.plugin.fetch;

import io.brokkr.plugin.fetch.FetchTarget.Name;
import io.brokkr.protocol.message.FetchResponse;
import io.brokkr.protocol.message.FetchResponse.AbortedTransaction;
import io.brokkr.protocol.message.FetchResponse.EpochEndOffset;
import io.brokkr.protocol.message.FetchResponse.FetchableTopicResponse;
import io.brokkr.protocol.message.FetchResponse.PartitionData;
import io.brokkr.spi.Partition.EpochEnd;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.security.QuotaType;
import java.util.ArrayList;
import java.util.List;

/** Turns outcomes into the response, which takes over their records. */
final class FetchAnswer {

    static final int NO_SESSION = 0;

    private FetchAnswer() {}

    /** The answer outside of a session. */
    static Response full(RequestContext context, List<PartitionFetch> outcome) {
        return of(context, NO_SESSION, outcome);
    }

    /** The answer, with the pause that its records cost the client. */
    static Response of(RequestContext context, int sessionId, List<PartitionFetch> outcome) {
        long bytes = 0;
        for (PartitionFetch fetch : outcome) {
            bytes += fetch.records().sizeInBytes();
        }
        return Response.of(message(sessionId, outcome, pauseMillis(context, bytes)));
    }

    private static int pauseMillis(RequestContext context, long bytes) {
        return bytes == 0
                ? 0
                : (int) Math.min(
                        Integer.MAX_VALUE,
                        context.charge(QuotaType.FETCH, bytes).toMillis());
    }

    static FetchResponse message(int sessionId, List<PartitionFetch> outcome, int pauseMillis) {
        List<FetchableTopicResponse> topics = new ArrayList<>();
        int next = 0;
        while (next < outcome.size()) {
            Name topic = outcome.get(next).target().name();
            List<PartitionData> partitions = new ArrayList<>();
            while (next < outcome.size() && outcome.get(next).target().name().sameTopic(topic)) {
                partitions.add(partition(outcome.get(next++)));
            }
            topics.add(FetchableTopicResponse.builder()
                    .topic(topic.topic())
                    .topicId(topic.topicId())
                    .partitions(partitions)
                    .build());
        }
        return FetchResponse.builder()
                .throttleTimeMs(pauseMillis)
                .sessionId(sessionId)
                .responses(topics)
                .build();
    }

    private static PartitionData partition(PartitionFetch fetch) {
        PartitionData.Builder partition = PartitionData.builder()
                .partitionIndex(fetch.target().name().partition())
                .errorCode(fetch.error())
                .highWatermark(fetch.highWatermark())
                .lastStableOffset(fetch.lastStableOffset())
                .logStartOffset(fetch.logStartOffset())
                .abortedTransactions(fetch.abortedTransactions().stream()
                        .map(transaction -> AbortedTransaction.builder()
                                .producerId(transaction.producerId())
                                .firstOffset(transaction.firstOffset())
                                .build())
                        .toList())
                .records(fetch.records());
        EpochEnd diverging = fetch.diverging();
        if (diverging != null) {
            partition.divergingEpoch(EpochEndOffset.builder()
                    .epoch(diverging.leaderEpoch())
                    .endOffset(diverging.endOffset())
                    .build());
        }
        return partition.build();
    }
}
