package io.brokkr.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.ServesUnauthenticated;
import io.brokkr.spi.security.AuthenticationStep;
import io.brokkr.spi.security.Principal;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Whatever a client and a mechanism do, in whatever order: a plain model says what comes of it. */
class ConnectionSessionTest {

    /** What somebody does. */
    enum Step {
        BEGIN,
        BEGIN_UNKNOWN_MECHANISM,
        BEGIN_FAILING_MECHANISM,
        TOKEN,
        /** The mechanism answers the last token, in one of these ways. */
        CHALLENGE,
        SUCCEED,
        SUCCEED_AS_NOBODY,
        REFUSE,
        REFUSE_WITH_ANOTHER_ERROR,
        BUG,
        NO_STEP,
        /** The mechanism answers the next token at once: by a throw, or without a stage. */
        THROW_AT_NEXT,
        NO_STAGE_AT_NEXT,
        REQUEST,
        REQUEST_THAT_NEEDS_NO_NAME
    }

    private enum State {
        MUST_AUTHENTICATE,
        CLIENTS_TURN,
        MECHANISMS_TURN,
        KNOWN,
        NOBODY
    }

    private static final ServesUnauthenticated UNAUTHENTICATED = new ServesUnauthenticated() {};
    private static final Object ORDINARY = new Object();

    private static final TestParts PARTS = new TestParts();

    /** Whose mechanism it is now. */
    private static ConnectionSessionTest trying;

    /** The same for all tries, so that the log of what fails stays bounded. */
    private static final Security SECURITY = PARTS.security(
            Map.of(
                    "GOOD", client -> token -> trying.proceed(),
                    "BROKEN",
                            client -> {
                                throw new IllegalStateException("a bug");
                            }),
            client -> {
                if ("nobody".equals(client.authenticatedName())) {
                    throw new ApiException(ErrorCode.SASL_AUTHENTICATION_FAILED, "nobody by this name");
                }
                return Principal.user(client.mechanism() + "-" + client.authenticatedName());
            },
            null,
            null);

    private final Queue<Step> atNext = new ArrayDeque<>();
    private final ConnectionSession session = SECURITY.connected("SASL", TestParts.ADDRESS, true);
    private CompletableFuture<AuthenticationStep> step = new CompletableFuture<>();
    private @Nullable CompletionStage<byte[]> answer;

    private State state = State.MUST_AUTHENTICATE;
    private long failures = failed();

    private static long failed() {
        return PARTS.counter("brokkr_authentication_failures_total");
    }

    private @Nullable CompletionStage<AuthenticationStep> proceed() {
        Step instead = atNext.poll();
        if (instead == Step.THROW_AT_NEXT) {
            throw new IllegalStateException("a bug");
        }
        return instead == Step.NO_STAGE_AT_NEXT ? null : step;
    }

    @Property(tries = 1_000)
    void goesAsTheModelSays(@ForAll @Size(max = 15) List<Step> steps) {
        ConnectionSessionTest fresh = new ConnectionSessionTest();
        trying = fresh;
        for (Step next : steps) {
            fresh.take(next);
            fresh.check();
        }
    }

    /** Most random orders come to no good; these are about those that get somewhere. */
    @Property(tries = 1_000)
    void goesAsTheModelSaysOnceItHasBegun(@ForAll @Size(max = 15) List<Step> steps) {
        ConnectionSessionTest fresh = new ConnectionSessionTest();
        trying = fresh;
        fresh.take(Step.BEGIN);
        for (Step next : steps) {
            if (fresh.state == State.CLIENTS_TURN) {
                fresh.take(Step.TOKEN);
                fresh.check();
            }
            fresh.take(next);
            fresh.check();
        }
    }

    private void take(Step next) {
        switch (next) {
            case BEGIN -> begin("GOOD", null, State.CLIENTS_TURN);
            case BEGIN_UNKNOWN_MECHANISM -> begin("NONE", ErrorCode.UNSUPPORTED_SASL_MECHANISM, state);
            case BEGIN_FAILING_MECHANISM -> begin("BROKEN", ErrorCode.SASL_AUTHENTICATION_FAILED, State.NOBODY);
            case TOKEN -> token();
            case THROW_AT_NEXT, NO_STAGE_AT_NEXT -> atNext.add(next);
            case REQUEST -> assertThat(session.admits(ORDINARY)).isEqualTo(state == State.KNOWN);
            case REQUEST_THAT_NEEDS_NO_NAME ->
                assertThat(session.admits(UNAUTHENTICATED)).isEqualTo(state != State.NOBODY);
            default -> mechanismAnswers(next);
        }
    }

    private void check() {
        assertThat(session.principal())
                .isEqualTo(state == State.KNOWN ? Principal.user("GOOD-alice") : Principal.ANONYMOUS);
        assertThat(session.admits(ORDINARY)).isEqualTo(state == State.KNOWN);
        assertThat(failed()).isEqualTo(failures);
    }

    private void fails(State to) {
        failures += to == State.NOBODY ? 1 : 0;
        state = to;
    }

    private void begin(String mechanism, @Nullable ErrorCode expected, State next) {
        ErrorCode error = null;
        try {
            session.beginAuthentication(mechanism);
        } catch (ApiException refused) {
            error = refused.error();
        }
        if (state == State.MUST_AUTHENTICATE) {
            assertThat(error).isEqualTo(expected);
            fails(next);
        } else {
            assertThat(error).isEqualTo(ErrorCode.ILLEGAL_SASL_STATE);
        }
    }

    private void token() {
        boolean turn = state == State.CLIENTS_TURN;
        Step instead = turn ? atNext.peek() : null;
        CompletionStage<byte[]> result = session.authenticate(new byte[] {1});
        if (!turn) {
            assertThat(errorOf(result)).isEqualTo(ErrorCode.ILLEGAL_SASL_STATE);
        } else if (instead != null) {
            assertThat(errorOf(result)).isEqualTo(ErrorCode.SASL_AUTHENTICATION_FAILED);
            fails(State.NOBODY);
        } else {
            assertThat(result.toCompletableFuture()).isNotDone();
            answer = result;
            state = State.MECHANISMS_TURN;
        }
    }

    private void mechanismAnswers(Step how) {
        CompletionStage<byte[]> due = answer;
        if (state != State.MECHANISMS_TURN || due == null) {
            return;
        }
        CompletableFuture<AuthenticationStep> completed = step;
        step = new CompletableFuture<>();
        switch (how) {
            case CHALLENGE -> completed.complete(AuthenticationStep.challenge(new byte[] {2}));
            case SUCCEED -> completed.complete(AuthenticationStep.authenticated("alice", new byte[] {3}));
            case SUCCEED_AS_NOBODY -> completed.complete(AuthenticationStep.authenticated("nobody", new byte[] {3}));
            case REFUSE ->
                completed.completeExceptionally(new ApiException(ErrorCode.SASL_AUTHENTICATION_FAILED, "wrong"));
            case REFUSE_WITH_ANOTHER_ERROR ->
                completed.completeExceptionally(
                        new ApiException(ErrorCode.INVALID_CONFIG, "a secret of another server"));
            case NO_STEP -> completed.complete(null);
            default -> completed.completeExceptionally(new IllegalStateException("a secret of the mechanism's"));
        }
        if (how == Step.CHALLENGE) {
            assertThat(due.toCompletableFuture().join()).containsExactly(2);
            state = State.CLIENTS_TURN;
        } else if (how == Step.SUCCEED) {
            assertThat(due.toCompletableFuture().join()).containsExactly(3);
            state = State.KNOWN;
        } else {
            assertThat(errorOf(due)).isEqualTo(ErrorCode.SASL_AUTHENTICATION_FAILED);
            fails(State.NOBODY);
        }
    }

    /** The error that the client is shown, which never tells of what went wrong inside. */
    private static @Nullable ErrorCode errorOf(CompletionStage<?> stage) {
        Throwable failure =
                stage.handle((done, failed) -> failed).toCompletableFuture().join();
        ApiException shown = ApiException.in(failure);
        assertThat(shown).isNotNull();
        assertThat(shown.getMessage()).doesNotContain("secret", "bug");
        return shown.error();
    }
}
