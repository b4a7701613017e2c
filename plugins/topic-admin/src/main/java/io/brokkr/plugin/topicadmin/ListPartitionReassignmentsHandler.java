package io.brokkr.plugin.topicadmin;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.ListPartitionReassignmentsRequest;
import io.brokkr.protocol.message.ListPartitionReassignmentsResponse;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.security.Operation;
import java.util.concurrent.CompletionStage;

/** Serves ListPartitionReassignments (KIP-455), which Kafka's tools ask for whenever they describe topics: no partition ever moves to another broker. */
final class ListPartitionReassignmentsHandler implements ApiHandler<ListPartitionReassignmentsRequest> {

    @Override
    public Api<ListPartitionReassignmentsRequest> api() {
        return ListPartitionReassignmentsRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, ListPartitionReassignmentsRequest request) {
        Rights.requireOnCluster(context, Operation.DESCRIBE);
        return Response.completed(nothingMoves(ErrorCode.NONE));
    }

    @Override
    public ListPartitionReassignmentsResponse failure(
            ListPartitionReassignmentsRequest request, int version, ErrorCode error) {
        return nothingMoves(error);
    }

    private static ListPartitionReassignmentsResponse nothingMoves(ErrorCode error) {
        return ListPartitionReassignmentsResponse.builder()
                .errorCode(error)
                .errorMessage(null)
                .build();
    }
}
