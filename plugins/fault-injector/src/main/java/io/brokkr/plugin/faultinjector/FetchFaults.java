package io.brokkr.plugin.faultinjector;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.FetchRequest;
import io.brokkr.protocol.message.FetchResponse;
import io.brokkr.protocol.message.FetchResponse.FetchableTopicResponse;
import io.brokkr.protocol.message.FetchResponse.PartitionData;
import io.brokkr.spi.ApiException;
import java.util.List;

/** What is particular to fetch requests. */
final class FetchFaults {

    private static final int FIRST_VERSION_OF_SESSIONS = 7;
    private static final int OUTSIDE_OF_A_SESSION = -1;

    private FetchFaults() {}

    /** Whether a rule has to know the partitions of a fetch request: to find its topic among them, or to tell each of them the error. */
    static boolean needPartitions(FaultRule rule) {
        return rule.isForApi(FetchRequest.API) && (rule.isForTopic() || rule.error() != null);
    }

    /**
     * The request without a session, so that it and those behind it name all their partitions.
     *
     * @throws ApiException if it belongs to a session already, which the client then begins anew
     */
    static FetchRequest withoutSession(FetchRequest request, int version) {
        if (version < FIRST_VERSION_OF_SESSIONS) {
            return request;
        }
        if (request.sessionEpoch() > 0) {
            throw new ApiException(ErrorCode.FETCH_SESSION_ID_NOT_FOUND, "no sessions while there are faults");
        }
        return request.toBuilder().sessionEpoch(OUTSIDE_OF_A_SESSION).build();
    }

    /** An error for each partition: that of the response as a whole is one of the session, for most clients. */
    static FetchResponse failure(FetchRequest request, ErrorCode error) {
        return FetchResponse.builder()
                .responses(request.topics().stream()
                        .map(topic -> FetchableTopicResponse.builder()
                                .topic(topic.topic())
                                .topicId(topic.topicId())
                                .partitions(failures(topic, error))
                                .build())
                        .toList())
                .build();
    }

    private static List<PartitionData> failures(FetchRequest.FetchTopic topic, ErrorCode error) {
        return topic.partitions().stream()
                .map(partition -> PartitionData.builder()
                        .partitionIndex(partition.partition())
                        .errorCode(error)
                        .highWatermark(-1)
                        .build())
                .toList();
    }
}
