package io.brokkr.plugin.sasl;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.security.AuthenticationStep;
import io.brokkr.spi.security.Authenticator;
import io.brokkr.spi.security.AuthenticatorFactory;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A mechanism that does what the token says, and refuses all that it does not know. */
final class ScriptedMechanism implements AuthenticatorFactory {

    static final String NAME = "SCRIPT";
    static final String QUESTION = "which one?";

    /** Gets the stages of tokens that ask to be answered later. */
    private final BlockingQueue<CompletableFuture<AuthenticationStep>> later;

    ScriptedMechanism(BlockingQueue<CompletableFuture<AuthenticationStep>> later) {
        this.later = later;
    }

    @Override
    public String mechanism() {
        return NAME;
    }

    @Override
    public Authenticator create(BrokerServices broker) {
        return client -> token -> proceed(new String(token, StandardCharsets.UTF_8));
    }

    @SuppressWarnings("NullAway")
    private CompletionStage<AuthenticationStep> proceed(String token) {
        return switch (token) {
            case "ask" -> CompletableFuture.completedStage(AuthenticationStep.challenge(bytes(QUESTION)));
            case "alice" -> CompletableFuture.completedStage(authenticated());
            case "later" -> {
                CompletableFuture<AuthenticationStep> stage = new CompletableFuture<>();
                later.add(stage);
                yield stage;
            }
            case "throw" -> throw new IllegalStateException("a bug of the test's");
            case "fail" -> CompletableFuture.failedStage(new IllegalStateException("a bug of the test's"));
            case "null" -> null;
            case "complete with null" -> CompletableFuture.completedStage(null);
            default ->
                throw new ApiException(ErrorCode.SASL_AUTHENTICATION_FAILED, "a name or a password that is wrong");
        };
    }

    static AuthenticationStep authenticated() {
        return AuthenticationStep.authenticated("alice", bytes("welcome"));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
