package io.brokkr.plugin.sasl;

import static io.brokkr.plugin.sasl.ScriptedMechanism.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.plugin.apiversions.ApiVersionsHandlers;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.SaslAuthenticateResponse;
import io.brokkr.protocol.message.SaslHandshakeResponse;
import io.brokkr.spi.security.AuthenticationStep;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** What clients can bring about on a listener that asks who they are, on the wire. */
class SaslTest {

    private static final int APIS = 4;
    private static final Set<Short> SERVED_BEFORE = Set.of((short) 17, (short) 18, (short) 36);

    private static final BlockingQueue<CompletableFuture<AuthenticationStep>> LATER = new LinkedBlockingQueue<>();

    private static EmbeddedBroker broker;

    @BeforeContainer
    static void start() {
        broker = EmbeddedBroker.builder()
                .extension(MemoryStorageEngineFactory::new)
                .extension(ApiVersionsHandlers::new)
                .extension(SaslHandlers::new)
                .extension(WhoAmI::new)
                .extension(() -> new ScriptedMechanism(LATER))
                .setting("listener.security.protocol.map", "PLAINTEXT:SASL_PLAINTEXT")
                .setting("num.network.threads", "1")
                .start();
    }

    @AfterContainer
    static void stop() {
        broker.close();
    }

    private static SaslClient connect() {
        return new SaslClient(broker.connect());
    }

    private static SaslClient connectAndChoose() {
        SaslClient client = connect();
        assertThat(client.handshake(ScriptedMechanism.NAME)).isEqualTo(ErrorCode.NONE);
        return client;
    }

    private enum Step {
        CHOOSE,
        CHOOSE_WHAT_IS_NOT_THERE,
        CHOOSE_AS_CLIENTS_OF_OLD,
        TOKEN_THAT_LEADS_ON,
        TOKEN_THAT_PROVES,
        TOKEN_THAT_IS_WRONG,
        TOKEN_THAT_FINDS_A_BUG,
        APIS,
        WHO_AM_I
    }

    private enum State {
        MUST_CHOOSE,
        CHOSEN,
        ALICE,
        NOBODY,
        CLOSED
    }

    /** Whatever a client does in whatever order, it is served if and only if a mechanism has let it in, and it always hears something. */
    @Property(tries = 300)
    void nobodyGetsInButByProof(@ForAll @Size(min = 1, max = 12) List<Step> steps) {
        try (SaslClient client = connect()) {
            State state = State.MUST_CHOOSE;
            for (Step step : steps) {
                if (state == State.CLOSED) {
                    return;
                }
                state = take(step, state, client);
            }
        }
    }

    private static State take(Step step, State state, SaslClient client) {
        if (state == State.NOBODY || (step == Step.WHO_AM_I && state != State.ALICE)) {
            client.sendWhoAmI();
            client.wire().awaitClosed();
            return State.CLOSED;
        }
        return switch (step) {
            case CHOOSE -> {
                boolean free = state == State.MUST_CHOOSE;
                assertThat(client.handshake(ScriptedMechanism.NAME))
                        .isEqualTo(free ? ErrorCode.NONE : ErrorCode.ILLEGAL_SASL_STATE);
                yield free ? State.CHOSEN : state;
            }
            case CHOOSE_WHAT_IS_NOT_THERE -> {
                assertThat(client.handshake("NO-SUCH"))
                        .isEqualTo(
                                state == State.MUST_CHOOSE
                                        ? ErrorCode.UNSUPPORTED_SASL_MECHANISM
                                        : ErrorCode.ILLEGAL_SASL_STATE);
                yield state;
            }
            case CHOOSE_AS_CLIENTS_OF_OLD -> {
                assertThat(client.handshake(ScriptedMechanism.NAME, 0).errorCode())
                        .isEqualTo(ErrorCode.UNSUPPORTED_VERSION.code());
                yield state;
            }
            case TOKEN_THAT_LEADS_ON -> token("ask", state, client, ErrorCode.NONE, State.CHOSEN);
            case TOKEN_THAT_PROVES -> token("alice", state, client, ErrorCode.NONE, State.ALICE);
            case TOKEN_THAT_IS_WRONG ->
                token("mallory", state, client, ErrorCode.SASL_AUTHENTICATION_FAILED, State.NOBODY);
            case TOKEN_THAT_FINDS_A_BUG ->
                token("throw", state, client, ErrorCode.SASL_AUTHENTICATION_FAILED, State.NOBODY);
            case APIS -> {
                assertThat(client.apis()).isEqualTo(APIS);
                yield state;
            }
            case WHO_AM_I -> {
                assertThat(client.whoAmI()).isEqualTo("User:alice");
                yield state;
            }
        };
    }

    private static State token(String token, State state, SaslClient client, ErrorCode error, State next) {
        SaslAuthenticateResponse answer = client.authenticate(bytes(token), 2);
        boolean clientsTurn = state == State.CHOSEN;
        assertThat(answer.errorCode()).isEqualTo((clientsTurn ? error : ErrorCode.ILLEGAL_SASL_STATE).code());
        return clientsTurn ? next : state;
    }

    @Property(tries = 60)
    void everyVersionTellsWhatTheMechanismSays(@ForAll @IntRange(max = 2) int version) {
        try (SaslClient client = connectAndChoose()) {
            SaslAuthenticateResponse question = client.authenticate(bytes("ask"), version);
            assertThat(question.errorCode()).isEqualTo(ErrorCode.NONE.code());
            assertThat(question.authBytes().toArray()).isEqualTo(bytes(ScriptedMechanism.QUESTION));

            SaslAuthenticateResponse end = client.authenticate(bytes("alice"), version);
            assertThat(end.errorCode()).isEqualTo(ErrorCode.NONE.code());
            assertThat(end.errorMessage()).isEmpty();
            assertThat(end.authBytes().toArray()).isEqualTo(bytes("welcome"));
            assertThat(end.sessionLifetimeMs()).isZero();
        }
    }

    @Property(tries = 60)
    void everyVersionTellsWhyAClientIsRefused(@ForAll @IntRange(max = 2) int version) {
        try (SaslClient client = connectAndChoose()) {
            SaslAuthenticateResponse refusal = client.authenticate(bytes("mallory"), version);
            assertThat(refusal.errorCode()).isEqualTo(ErrorCode.SASL_AUTHENTICATION_FAILED.code());
            assertThat(refusal.errorMessage()).isEqualTo("a name or a password that is wrong");
            assertThat(refusal.authBytes().size()).isZero();
        }
    }

    @Property(tries = 200)
    void aTokenOfAnyBytesIsRefused(@ForAll @Size(max = 600) byte[] token) {
        try (SaslClient client = connectAndChoose()) {
            assertThat(client.authenticate(token, 2).errorCode())
                    .isEqualTo(ErrorCode.SASL_AUTHENTICATION_FAILED.code());
            client.sendWhoAmI();
            client.wire().awaitClosed();
        }
    }

    /** Of any API in any version, known or not, with anything in it. */
    @Property(tries = 200)
    void aRequestOfAnyBytesClosesTheConnection(@ForAll short key, @ForAll @Size(max = 200) byte[] rest) {
        if (SERVED_BEFORE.contains(key)) {
            return;
        }
        try (SaslClient client = connect()) {
            client.wire()
                    .sendFrame(ByteBuffer.allocate(2 + rest.length)
                            .putShort(key)
                            .put(rest)
                            .flip());
            client.wire().awaitClosed();
        }
    }

    @Example
    void whoAsksForAMechanismThatIsNotThereIsToldWhichAre() {
        try (SaslClient client = connect()) {
            SaslHandshakeResponse response = client.handshake("GSSAPI", 1);
            assertThat(response.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_SASL_MECHANISM.code());
            assertThat(response.mechanisms()).containsExactly(ScriptedMechanism.NAME);
            assertThat(client.handshake(ScriptedMechanism.NAME, 1).mechanisms())
                    .containsExactly(ScriptedMechanism.NAME);
            assertThat(client.handshake(ScriptedMechanism.NAME, 1).mechanisms()).isEmpty();
        }
    }

    /** librdkafka takes a broker without version 0 of SaslHandshake for one that knows no handshake. */
    @Example
    void allVersionsAreAdvertised() {
        assertThat(broker.services().apis())
                .filteredOn(api -> api.name().startsWith("Sasl"))
                .extracting(api -> api.name() + " " + api.lowestVersion() + "-" + api.highestVersion())
                .containsExactly("SaslHandshake 0-1", "SaslAuthenticate 0-2");
    }

    @Example
    void aBugOfTheMechanismIsNotShown() {
        for (String token : List.of("throw", "fail", "null", "complete with null")) {
            try (SaslClient client = connectAndChoose()) {
                SaslAuthenticateResponse refusal = client.authenticate(bytes(token), 2);
                assertThat(refusal.errorCode()).as(token).isEqualTo(ErrorCode.SASL_AUTHENTICATION_FAILED.code());
                assertThat(refusal.errorMessage()).isEqualTo("the broker failed");
            }
        }
    }

    @Example
    void aMechanismMayAnswerOnAnotherThread() throws Exception {
        try (SaslClient client = connectAndChoose()) {
            int token = client.send(bytes("later"));
            nextStage().complete(ScriptedMechanism.authenticated());
            assertThat(client.receive(token).errorCode()).isEqualTo(ErrorCode.NONE.code());
            assertThat(client.whoAmI()).isEqualTo("User:alice");
        }
    }

    @Example
    void aRequestBeforeTheAnswerToATokenIsNotServed() throws Exception {
        try (SaslClient client = connectAndChoose();
                SaslClient other = connect()) {
            int token = client.send(bytes("later"));
            client.sendWhoAmI();
            awaitAllRead(other);
            nextStage().complete(ScriptedMechanism.authenticated());
            assertThat(client.receive(token).errorCode()).isEqualTo(ErrorCode.NONE.code());
            client.wire().awaitClosed();
        }
    }

    @Example
    void aSecondTokenBeforeTheAnswerToTheFirstIsRefusedAndDoesNoHarm() throws Exception {
        try (SaslClient client = connectAndChoose();
                SaslClient other = connect()) {
            int first = client.send(bytes("later"));
            int second = client.send(bytes("alice"));
            awaitAllRead(other);
            nextStage().complete(ScriptedMechanism.authenticated());
            assertThat(client.receive(first).errorCode()).isEqualTo(ErrorCode.NONE.code());
            assertThat(client.receive(second).errorCode()).isEqualTo(ErrorCode.ILLEGAL_SASL_STATE.code());
            assertThat(client.whoAmI()).isEqualTo("User:alice");
        }
    }

    @Example
    void aClientThatLeavesWhileItsTokenIsLookedAtHarmsNobody() throws Exception {
        CompletableFuture<AuthenticationStep> stage;
        try (SaslClient client = connectAndChoose()) {
            client.send(bytes("later"));
            stage = nextStage();
        }
        stage.complete(ScriptedMechanism.authenticated());
        try (SaslClient client = connectAndChoose()) {
            client.authenticate(bytes("alice"), 2);
            assertThat(client.whoAmI()).isEqualTo("User:alice");
        }
    }

    /** Whoever has not authenticated is not to take the memory of those who have. */
    @Example
    void onlyWhomTheBrokerKnowsMaySendMuch() {
        byte[] much = new byte[600_000];
        try (SaslClient client = connectAndChoose()) {
            client.send(much);
            client.wire().awaitClosed();
        }
        try (SaslClient client = connectAndChoose()) {
            client.authenticate(bytes("alice"), 2);
            assertThat(client.authenticate(much, 2).errorCode()).isEqualTo(ErrorCode.ILLEGAL_SASL_STATE.code());
            assertThat(client.whoAmI()).isEqualTo("User:alice");
        }
    }

    @Example
    void aListenerThatDoesNotAskRefusesToBeTold() {
        try (EmbeddedBroker open = EmbeddedBroker.builder()
                        .extension(MemoryStorageEngineFactory::new)
                        .extension(SaslHandlers::new)
                        .extension(WhoAmI::new)
                        .start();
                SaslClient client = new SaslClient(open.connect())) {
            assertThat(client.handshake(ScriptedMechanism.NAME)).isEqualTo(ErrorCode.ILLEGAL_SASL_STATE);
            SaslAuthenticateResponse refusal = client.authenticate(bytes("alice"), 2);
            assertThat(refusal.errorCode()).isEqualTo(ErrorCode.ILLEGAL_SASL_STATE.code());
            assertThat(client.whoAmI()).isEqualTo("User:ANONYMOUS");
        }
    }

    /** All connections have one thread: what was sent before the first of these requests has been read when the second is answered. */
    private static void awaitAllRead(SaslClient other) {
        other.apis();
        other.apis();
    }

    private static CompletableFuture<AuthenticationStep> nextStage() throws InterruptedException {
        return Objects.requireNonNull(LATER.poll(20, TimeUnit.SECONDS));
    }
}
