package io.brokkr.testkit;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.security.ClientSession;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.Principal;
import io.brokkr.spi.security.QuotaType;
import io.brokkr.spi.security.Resource;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A client of a broker without rules: it is nobody in particular, may do everything, and cannot authenticate. */
final class AnonymousSession implements ClientSession {

    static final AnonymousSession INSTANCE = new AnonymousSession();

    private AnonymousSession() {}

    @Override
    public Principal principal() {
        return Principal.ANONYMOUS;
    }

    @Override
    public Set<String> mechanisms() {
        return Set.of();
    }

    @Override
    public void beginAuthentication(String mechanism) {
        throw notAsked();
    }

    @Override
    public CompletionStage<byte[]> authenticate(byte[] token) {
        return CompletableFuture.failedStage(notAsked());
    }

    private static ApiException notAsked() {
        return new ApiException(ErrorCode.ILLEGAL_SASL_STATE, "nobody asks this client to authenticate");
    }

    @Override
    public boolean allows(RequestContext request, Operation operation, Resource resource) {
        return true;
    }

    @Override
    public Duration charge(RequestContext request, QuotaType type, long amount) {
        return Duration.ZERO;
    }
}
