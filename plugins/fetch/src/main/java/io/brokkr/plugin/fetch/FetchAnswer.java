package io.brokkr.plugin.fetch;

import io.brokkr.plugin.fetch.FetchTarget.Name;
import io.brokkr.protocol.message.FetchResponse;
import io.brokkr.protocol.message.FetchResponse.AbortedTransaction;
import io.brokkr.protocol.message.FetchResponse.EpochEndOffset;
import io.brokkr.protocol.message.FetchResponse.FetchableTopicResponse;
import io.brokkr.protocol.message.FetchResponse.PartitionData;
import io.brokkr.spi.Partition.EpochEnd;
import io.brokkr.spi.Response;
import java.util.ArrayList;
import java.util.List;

/** Turns outcomes into the response, which takes over their records. */
final class FetchAnswer {

    static final int NO_SESSION = 0;

    private FetchAnswer() {}

    /** The answer outside of a session. */
    static Response full(List<PartitionFetch> outcome) {
        return of(NO_SESSION, outcome);
    }

    static Response of(int sessionId, List<PartitionFetch> outcome) {
        return Response.of(message(sessionId, outcome));
    }

    static FetchResponse message(int sessionId, List<PartitionFetch> outcome) {
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
        return FetchResponse.builder().sessionId(sessionId).responses(topics).build();
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
