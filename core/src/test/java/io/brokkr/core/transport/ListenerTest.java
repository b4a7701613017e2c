package io.brokkr.core.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenerTest {

    @Property
    void whatIsWrittenIsRead(@ForAll("listeners") List<Listener> listeners) {
        String text =
                String.join(" , ", listeners.stream().map(Listener::toString).toList());
        assertThat(Listener.parseAll(text)).isEqualTo(listeners);
        assertThat(Listener.parseAll(text.toLowerCase(Locale.ROOT))).isEqualTo(listeners);
    }

    @Property
    void otherTextsAreRefusedWithWhatIsExpected(
            @ForAll @Chars({'A', ':', '/', '[', ']', '1', ',', ' ', '.'}) String text) {
        try {
            List<Listener> read = Listener.parseAll(text);
            assertThat(Listener.parseAll(String.join(
                            ",", read.stream().map(Listener::toString).toList())))
                    .isEqualTo(read);
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageStartingWith("like NAME://host:port");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"host:9092", "PLAINTEXT://host", "PLAINTEXT://host:65536", "PLAINTEXT://h:-1", "://h:1"})
    void mistakes(String text) {
        assertThatThrownBy(() -> Listener.parseAll(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("like NAME://host:port with commas between them, unlike " + text);
    }

    @Test
    void aNameStandsOnce() {
        assertThatThrownBy(() -> Listener.parseAll("A://h:1,a://h:2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unlike A");
    }

    @Provide
    Arbitrary<List<Listener>> listeners() {
        return Combinators.combine(
                        Arbitraries.of("PLAINTEXT", "INTERNAL", "A_B-C.9"),
                        Arbitraries.of("", "localhost", "broker-1.example", "10.0.0.1", "::1", "fe80::1"),
                        Arbitraries.integers().between(0, 65_535))
                .as(Listener::new)
                .list()
                .ofMaxSize(3)
                .uniqueElements(Listener::name);
    }
}
