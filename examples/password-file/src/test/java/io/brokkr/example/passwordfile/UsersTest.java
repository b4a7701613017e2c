package io.brokkr.example.passwordfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Tokens and lines of the file. */
class UsersTest {

    private static final String GOOD_LINE = "alice:" + HashedPassword.of("secret", 1);

    /** Anything that fits into a token. */
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars("aZ0:#, =\"\\äß€日")
                .ofMinLength(1)
                .ofMaxLength(60);
    }

    /** Those in a line may begin with anything but the mark of remarks, and are more than blanks. */
    @Provide
    Arbitrary<String> names() {
        return texts().filter(name -> !name.startsWith("#") && !name.isBlank());
    }

    private static byte[] token(String... parts) {
        return String.join("\0", parts).getBytes(StandardCharsets.UTF_8);
    }

    @Property(tries = 100)
    void everyNameAndPasswordComesOutOfATokenAndIsWiped(
            @ForAll("texts") String name, @ForAll("texts") String password) {
        for (String authorization : List.of("", name)) {
            byte[] token = token(authorization, name, password);
            assertThat(PlainToken.read(token)).isEqualTo(new PlainToken(name, password));
            assertThat(token).containsOnly(0);
        }
    }

    @Property(tries = 100)
    void nobodyActsForSomebodyElse(
            @ForAll("texts") String other, @ForAll("texts") String name, @ForAll("texts") String password) {
        if (!other.equals(name)) {
            assertRefused(token(other, name, password));
        }
    }

    @Property
    void whateverHasAnotherFormIsRefused(@ForAll @Size(max = 900) byte[] token) {
        byte[] copy = token.clone();
        try {
            PlainToken claim = PlainToken.read(copy);
            assertThat(copy.length).isLessThanOrEqualTo(3 * 255 + 2);
            assertThat(new String(token, StandardCharsets.UTF_8))
                    .endsWith("\0" + claim.name() + "\0" + claim.password());
        } catch (ApiException refusal) {
            assertThat(refusal.error()).isEqualTo(ErrorCode.SASL_AUTHENTICATION_FAILED);
        }
    }

    @Example
    void formsThatAreNearlyRightAreRefused() {
        for (byte[] token : List.of(
                token(),
                token("alice"),
                token("alice", "secret"),
                token("", "", "secret"),
                token("", "alice", ""),
                token("", "alice", "secret", ""),
                token("", "alice", "x".repeat(800)),
                new byte[] {0, 'a', 0, (byte) 0xff})) {
            assertRefused(token);
        }
    }

    private static void assertRefused(byte[] token) {
        assertThatThrownBy(() -> PlainToken.read(token))
                .isInstanceOf(ApiException.class)
                .extracting(refusal -> ((ApiException) refusal).error())
                .isEqualTo(ErrorCode.SASL_AUTHENTICATION_FAILED);
    }

    @Property(tries = 100)
    void theRightPasswordIsAcceptedAndNoOther(
            @ForAll @Size(min = 1, max = 4) Map<@From("names") String, @From("texts") String> passwords,
            @ForAll("texts") String stranger,
            @ForAll("texts") String guess,
            @ForAll @IntRange(min = 1, max = 3) int iterations) {
        List<String> lines = new ArrayList<>(List.of("# remark", ""));
        passwords.forEach((name, password) -> lines.add(name + ":" + HashedPassword.of(password, iterations)));
        Users users = Users.parse(lines);
        passwords.forEach((name, password) -> {
            assertThat(users.accept(name, password)).isTrue();
            assertThat(users.accept(name, guess)).isEqualTo(guess.equals(password));
            assertThat(users.accept(stranger, password)).isEqualTo(password.equals(passwords.get(stranger)));
        });
    }

    @Property(tries = 60)
    void theSamePasswordIsNeverKeptTheSame(@ForAll("texts") String password) {
        assertThat(HashedPassword.of(password, 1).toString())
                .isNotEqualTo(HashedPassword.of(password, 1).toString());
    }

    /** What hashlib.pbkdf2_hmac of Python gives for it. */
    @Example
    void theHashIsTheOneThatOthersMake() {
        HashedPassword password =
                HashedPassword.parse("1000:c2FsdHNhbHRzYWx0c2FsdA==:YgPLu3n8vPEiiKZxKq7umwDgcOMwRYIX1FKxRWvKd3o=");
        assertThat(password.matches("pässword")).isTrue();
        assertThat(password.matches("password")).isFalse();
    }

    @Example
    void aWrongLineIsNamed() {
        String[] parts = GOOD_LINE.split(":", -1);
        Map<String, String> mistakes = Map.of(
                "bob",
                "line 3: must be name:iterations:salt:hash",
                "bob:secret",
                "line 3: must be name:iterations:salt:hash",
                ":1:" + parts[2] + ":" + parts[3],
                "line 3: must be name:iterations:salt:hash",
                "bob:0:" + parts[2] + ":" + parts[3],
                "line 3: must be name:iterations:salt:hash",
                "bob:many:" + parts[2] + ":" + parts[3],
                "line 3: must be name:iterations:salt:hash",
                "bob:1:?:" + parts[3],
                "line 3: must be the salt in Base64",
                "bob:1::" + parts[3],
                "line 3: must be the salt in Base64",
                "bob:1:" + parts[2] + ":?",
                "line 3: must be the hash in Base64",
                "bob:1:" + parts[2] + ":c2hvcnQ=",
                "line 3: must be a hash of 256 bits",
                GOOD_LINE,
                "line 3: the name alice stands there twice");
        mistakes.forEach((line, message) -> assertThatThrownBy(() -> Users.parse(Arrays.asList("", GOOD_LINE, line)))
                .as(line)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message));
        assertThatThrownBy(() -> Users.parse(List.of("# nobody yet"))).hasMessage("there is no user in it");
    }
}
