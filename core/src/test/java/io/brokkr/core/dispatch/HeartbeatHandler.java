package io.brokkr.core.dispatch;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.HeartbeatRequest;
import io.brokkr.protocol.message.HeartbeatResponse;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Serves Heartbeat, or what else of its shape has another key, with whatever a test wants to happen. */
record HeartbeatHandler(Api<HeartbeatRequest> api, Supplier<CompletionStage<Response>> outcome, Runnable beforeFailure)
        implements ApiHandler<HeartbeatRequest> {

    static final Message ANSWER = HeartbeatResponse.builder().throttleTimeMs(5).build();

    HeartbeatHandler(Supplier<CompletionStage<Response>> outcome) {
        this(HeartbeatRequest.API, outcome, () -> {});
    }

    /** The same API under another key. */
    static HeartbeatHandler withKey(int key) {
        Api<HeartbeatRequest> api = HeartbeatRequest.API;
        return new HeartbeatHandler(
                new Api<>(
                        key,
                        "Api" + key,
                        api.lowestVersion(),
                        api.highestVersion(),
                        api.firstFlexibleVersion(),
                        api.headers(),
                        api.decoder()),
                () -> Response.completed(ANSWER),
                () -> {});
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, HeartbeatRequest request) {
        return outcome.get();
    }

    @Override
    public Message failure(HeartbeatRequest request, int version, ErrorCode error) {
        beforeFailure.run();
        return HeartbeatResponse.builder().errorCode(error).build();
    }
}
