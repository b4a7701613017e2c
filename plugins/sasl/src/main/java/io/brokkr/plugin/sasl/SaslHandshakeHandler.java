package io.brokkr.plugin.sasl;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.SaslHandshakeRequest;
import io.brokkr.protocol.message.SaslHandshakeResponse;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.ServesUnauthenticated;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Serves SaslHandshake: a client chooses a mechanism, and is told which there are. */
final class SaslHandshakeHandler implements ApiHandler<SaslHandshakeRequest>, ServesUnauthenticated {

    /**
     * After a handshake of this version the tokens come without the header of a request, which the broker does not read: it is refused. It is advertised all the same, since librdkafka takes a broker without it for one that knows
     * no handshake, although it uses version 1 itself.
     */
    private static final int VERSION_WITH_BARE_TOKENS = 0;

    /** The errors with which a client can still choose. */
    private static final Set<ErrorCode> TELL_MECHANISMS =
            Set.of(ErrorCode.NONE, ErrorCode.UNSUPPORTED_SASL_MECHANISM, ErrorCode.UNSUPPORTED_VERSION);

    @Override
    public Api<SaslHandshakeRequest> api() {
        return SaslHandshakeRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, SaslHandshakeRequest request) {
        ErrorCode error = begin(context, request.mechanism());
        List<String> mechanisms =
                TELL_MECHANISMS.contains(error) ? List.copyOf(context.session().mechanisms()) : List.of();
        return Response.completed(SaslHandshakeResponse.builder()
                .errorCode(error)
                .mechanisms(mechanisms)
                .build());
    }

    private static ErrorCode begin(RequestContext context, String mechanism) {
        if (context.apiVersion() == VERSION_WITH_BARE_TOKENS) {
            return ErrorCode.UNSUPPORTED_VERSION;
        }
        try {
            context.session().beginAuthentication(mechanism);
            return ErrorCode.NONE;
        } catch (ApiException refusal) {
            return refusal.error();
        }
    }

    @Override
    public SaslHandshakeResponse failure(SaslHandshakeRequest request, int version, ErrorCode error) {
        return SaslHandshakeResponse.builder().errorCode(error).build();
    }
}
