package io.brokkr.core.transport;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.message.FetchRequest;
import io.brokkr.protocol.message.FetchResponse;
import io.brokkr.protocol.message.HeartbeatRequest;
import io.brokkr.protocol.message.HeartbeatResponse;
import io.brokkr.protocol.message.ProduceRequest;
import io.brokkr.protocol.message.ProduceResponse;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/** Handlers for tests: of APIs without records, with records in the request, and with records in the response. */
final class Handlers {

    private Handlers() {}

    /** A handler that is a function. */
    private record Of<Q extends Message>(
            Api<Q> api,
            BiFunction<RequestContext, Q, CompletionStage<Response>> function,
            BiFunction<Integer, ErrorCode, Message> failures)
            implements ApiHandler<Q> {

        @Override
        public CompletionStage<Response> handle(RequestContext context, Q request) {
            return function.apply(context, request);
        }

        @Override
        public Message failure(Q request, int version, ErrorCode error) {
            return failures.apply(version, error);
        }
    }

    static ApiHandler<HeartbeatRequest> heartbeat(
            BiFunction<RequestContext, HeartbeatRequest, CompletionStage<Response>> function) {
        return new Of<>(HeartbeatRequest.API, function, (version, error) -> HeartbeatResponse.builder()
                .errorCode(error)
                .build());
    }

    static ApiHandler<ProduceRequest> produce(
            BiFunction<RequestContext, ProduceRequest, CompletionStage<Response>> function) {
        return new Of<>(ProduceRequest.API, function, (version, error) -> ProduceResponse.builder()
                .build());
    }

    static ApiHandler<FetchRequest> fetch(
            BiFunction<RequestContext, FetchRequest, CompletionStage<Response>> function) {
        return new Of<>(FetchRequest.API, function, (version, error) -> FetchResponse.builder()
                .errorCode(error)
                .build());
    }

    static HeartbeatRequest heartbeatRequest(int generation) {
        return HeartbeatRequest.builder()
                .groupId("group")
                .memberId("member")
                .generationId(generation)
                .build();
    }

    /** A response that carries a number, for the client to recognise. */
    static HeartbeatResponse heartbeatResponse(int number) {
        return HeartbeatResponse.builder().throttleTimeMs(number).build();
    }

    static ProduceRequest produceRequest(RecordData records) {
        return ProduceRequest.builder()
                .acks((short) 1)
                .topicData(List.of(ProduceRequest.TopicProduceData.builder()
                        .name("topic")
                        .partitionData(List.of(ProduceRequest.PartitionProduceData.builder()
                                .records(records)
                                .build()))
                        .build()))
                .build();
    }

    /** A response with a partition for each record data. */
    static FetchResponse fetchResponse(List<RecordData> records) {
        return FetchResponse.builder()
                .responses(List.of(FetchResponse.FetchableTopicResponse.builder()
                        .topic("topic")
                        .partitions(records.stream()
                                .map(data -> FetchResponse.PartitionData.builder()
                                        .records(data)
                                        .build())
                                .toList())
                        .build()))
                .build();
    }
}
