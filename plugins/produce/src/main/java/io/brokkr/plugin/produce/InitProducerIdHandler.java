package io.brokkr.plugin.produce;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.InitProducerIdRequest;
import io.brokkr.protocol.message.InitProducerIdResponse;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import java.util.concurrent.CompletionStage;

/**
 * InitProducerId for producers without a transactional id: each request gets a new id at epoch 0.
 *
 * <p>No right is asked for: an id alone lets nobody do anything, and whoever uses one in Produce is asked for the topics there.
 */
final class InitProducerIdHandler implements ApiHandler<InitProducerIdRequest> {

    private final ProducerIds ids;

    InitProducerIdHandler(ProducerIds ids) {
        this.ids = ids;
    }

    @Override
    public Api<InitProducerIdRequest> api() {
        return InitProducerIdRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, InitProducerIdRequest request) {
        if (request.transactionalId() != null) {
            throw new ApiException(ErrorCode.INVALID_REQUEST, "this broker has no plugin that serves transactions");
        }
        return ids.next()
                .thenApply(id -> Response.of(InitProducerIdResponse.builder()
                        .producerId(id)
                        .producerEpoch((short) 0)
                        .build()));
    }

    @Override
    public Message failure(InitProducerIdRequest request, int version, ErrorCode error) {
        return InitProducerIdResponse.builder()
                .errorCode(error)
                .producerId(-1)
                .producerEpoch((short) -1)
                .build();
    }
}
