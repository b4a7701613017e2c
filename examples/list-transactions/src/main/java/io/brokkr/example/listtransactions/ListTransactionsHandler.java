package io.brokkr.example.listtransactions;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.ListTransactionsRequest;
import io.brokkr.protocol.message.ListTransactionsResponse;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Answers with no transactions, and with those of the client's state filters that are no state at all (KIP-664). */
final class ListTransactionsHandler implements ApiHandler<ListTransactionsRequest> {

    private static final Set<String> STATES = Set.of(
            "Empty",
            "Ongoing",
            "PrepareCommit",
            "PrepareAbort",
            "CompleteCommit",
            "CompleteAbort",
            "Dead",
            "PrepareEpochFence");

    @Override
    public Api<ListTransactionsRequest> api() {
        return ListTransactionsRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, ListTransactionsRequest request) {
        List<String> unknown = request.stateFilters().stream()
                .filter(state -> !STATES.contains(state))
                .toList();
        return Response.completed(
                ListTransactionsResponse.builder().unknownStateFilters(unknown).build());
    }

    @Override
    public Message failure(ListTransactionsRequest request, int version, ErrorCode error) {
        return ListTransactionsResponse.builder().errorCode(error).build();
    }
}
