package io.brokkr.plugin.sasl;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.SaslAuthenticateRequest;
import io.brokkr.protocol.message.SaslAuthenticateResponse;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.ServesUnauthenticated;
import java.util.concurrent.CompletionStage;

/** Serves SaslAuthenticate: takes a client's token to the mechanism that it chose, and brings the answer. A session never ends by time: its lifetime is told as 0 (KIP-368). */
final class SaslAuthenticateHandler implements ApiHandler<SaslAuthenticateRequest>, ServesUnauthenticated {

    @Override
    public Api<SaslAuthenticateRequest> api() {
        return SaslAuthenticateRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, SaslAuthenticateRequest request) {
        return context.session()
                .authenticate(request.authBytes().toArray())
                .handle((token, failure) -> Response.of(failure == null ? accepted(token) : refused(failure)));
    }

    private static SaslAuthenticateResponse accepted(byte[] token) {
        return SaslAuthenticateResponse.builder().authBytes(Bytes.copyOf(token)).build();
    }

    /** With the sentence that the client may be shown. */
    private static SaslAuthenticateResponse refused(Throwable failure) {
        ApiException refusal = ApiException.in(failure);
        return SaslAuthenticateResponse.builder()
                .errorCode(ApiException.errorOf(failure))
                .errorMessage(refusal == null ? null : refusal.getMessage())
                .build();
    }

    @Override
    public SaslAuthenticateResponse failure(SaslAuthenticateRequest request, int version, ErrorCode error) {
        return SaslAuthenticateResponse.builder().errorCode(error).build();
    }
}
