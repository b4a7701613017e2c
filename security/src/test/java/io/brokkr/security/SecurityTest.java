package io.brokkr.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.spi.security.Authorizer;
import io.brokkr.spi.security.ClientQuota;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.Principal;
import io.brokkr.spi.security.PrincipalBuilder;
import io.brokkr.spi.security.QuotaType;
import io.brokkr.spi.security.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules that fail deny, but for quotas; a pause holds until its end. */
class SecurityTest {

    private final TestParts parts = new TestParts();

    /** What a plugin may do instead of an answer. */
    private record Bug(String name, Supplier<? extends Throwable> thrown) {

        void happen() {
            Throwable bug = thrown.get();
            if (bug instanceof RuntimeException exception) {
                throw exception;
            }
            throw (Error) bug;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Bug> bugs() {
        return List.of(
                new Bug("exception", IllegalStateException::new),
                new Bug("missing class", NoClassDefFoundError::new),
                new Bug("endless recursion", StackOverflowError::new));
    }

    private ConnectionSession connected(
            @Nullable PrincipalBuilder builder, @Nullable Authorizer authorizer, @Nullable ClientQuota quota) {
        return parts.security(Map.of(), builder, authorizer, quota).connected("PLAINTEXT", TestParts.ADDRESS, false);
    }

    private static boolean allows(ConnectionSession session) {
        return session.allows(TestParts.ANY_REQUEST, Operation.READ, Resource.topic("orders"));
    }

    private static Duration charge(ConnectionSession session, long amount) {
        return session.charge(TestParts.ANY_REQUEST, QuotaType.FETCH, amount);
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void anAuthorizerThatFailsDenies(Bug bug) {
        ConnectionSession session = connected(
                null,
                (request, operation, resource) -> {
                    bug.happen();
                    return true;
                },
                null);
        assertThat(allows(session)).isFalse();
        assertThat(parts.counter("brokkr_denied_total")).isEqualTo(1);
    }

    @Test
    void whatIsDeniedIsCounted() {
        ConnectionSession session =
                connected(null, (request, operation, resource) -> operation == Operation.WRITE, null);
        assertThat(allows(session)).isFalse();
        assertThat(session.allows(TestParts.ANY_REQUEST, Operation.WRITE, Resource.CLUSTER))
                .isTrue();
        assertThat(parts.counter("brokkr_denied_total")).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void aQuotaThatFailsDoesNotPause(Bug bug) {
        ConnectionSession session = connected(null, null, (request, type, amount) -> {
            bug.happen();
            return Duration.ofDays(1);
        });
        assertThat(charge(session, 5)).isEqualTo(Duration.ZERO);
        assertThat(session.pauseNanos()).isNotPositive();
        assertThat(parts.counter("brokkr_client_pauses_total")).isZero();
    }

    @Test
    void pausesThatMakeNoSenseDoNotHold() {
        ConnectionSession session =
                connected(null, null, (request, type, amount) -> amount == 0 ? null : Duration.ofSeconds(-amount));
        assertThat(charge(session, 0)).isEqualTo(Duration.ZERO);
        assertThat(charge(session, 7)).isEqualTo(Duration.ZERO);
        assertThat(session.pauseNanos()).isNotPositive();
    }

    @Test
    void noPauseIsLongerThanAMinute() {
        ConnectionSession session = connected(null, null, (request, type, amount) -> Duration.ofSeconds(amount));
        assertThat(charge(session, Long.MAX_VALUE).toMillis()).isEqualTo(60_000);
        assertThat(session.pauseNanos()).isEqualTo(Duration.ofMinutes(1).toNanos());
    }

    /** What one request of several is charged takes nothing of what another has to pause. */
    @Property
    void theLongestPauseHolds(@ForAll @Size(max = 20) List<@LongRange(min = 0, max = 1_000) Long> charges) {
        TestParts time = new TestParts();
        ConnectionSession session = time.security(
                        Map.of(), null, null, (request, type, amount) -> Duration.ofNanos(amount))
                .connected("PLAINTEXT", TestParts.ADDRESS, false);
        long end = 0;
        for (long amount : charges) {
            end = Math.max(end, amount == 0 ? 0 : time.nanos() + amount);
            charge(session, amount);
            assertThat(Math.max(0, session.pauseNanos())).isEqualTo(Math.max(0, end - time.nanos()));
            time.turn(100);
        }
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void aBuilderThatFailsClosesTheConnection(Bug bug) {
        ConnectionSession session = connected(
                client -> {
                    bug.happen();
                    return Principal.ANONYMOUS;
                },
                null,
                null);
        assertThat(session.admits(new Object())).isFalse();
        assertThat(session.admits(new Object())).isFalse();
        assertThat(session.principal()).isEqualTo(Principal.ANONYMOUS);
        assertThat(parts.counter("brokkr_authentication_failures_total")).isEqualTo(1);
    }

    @Test
    void aBuilderThatNamesNobodyClosesTheConnection() {
        ConnectionSession session = connected(client -> null, null, null);
        assertThat(session.admits(new Object())).isFalse();
    }

    @Test
    void theBuilderIsAskedOnceWithWhatIsKnown() {
        ConnectionSession session = connected(
                client -> new Principal(
                        "Place",
                        client.listener()
                                + client.address().getPort()
                                + client.mechanism()
                                + client.authenticatedName()),
                null,
                null);
        assertThat(session.principal()).isEqualTo(Principal.ANONYMOUS);
        assertThat(session.admits(new Object())).isTrue();
        assertThat(session.principal()).hasToString("Place:PLAINTEXT4711nullnull");
        Principal named = session.principal();
        assertThat(session.admits(new Object())).isTrue();
        assertThat(session.principal()).isSameAs(named);
    }

    @Test
    void withoutRulesEverybodyMayDoEverything() {
        ConnectionSession session = Security.none(parts, parts).connected("PLAINTEXT", TestParts.ADDRESS, false);
        assertThat(session.admits(new Object())).isTrue();
        assertThat(session.principal()).isEqualTo(Principal.ANONYMOUS);
        assertThat(allows(session)).isTrue();
        assertThat(charge(session, Long.MAX_VALUE)).isZero();
        assertThat(session.mechanisms()).isEmpty();
    }
}
