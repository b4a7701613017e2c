package io.brokkr.core.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.brokkr.protocol.Bytes;
import io.brokkr.spi.storage.StorageException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TopicFormatTest {

    private static final String KEY = "topics/orders";

    private static Bytes text(String text) {
        return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
    }

    @Provide
    Arbitrary<Map<String, String>> settings() {
        Arbitrary<String> names =
                Arbitraries.strings().withCharRange('a', 'z').withChars('.').ofMinLength(1);
        // Lone surrogates have no UTF-8; clients cannot send them either.
        Arbitrary<String> values = Arbitraries.strings()
                .withChars("\n\r\\= \t,n")
                .withCharRange(' ', '~')
                .withCharRange('\u00e0', '\u017f');
        return Arbitraries.maps(names, values);
    }

    @Property
    void whatIsWrittenIsRead(
            @ForAll long id,
            @ForAll @IntRange(min = 1) int partitions,
            @ForAll boolean internal,
            @ForAll @IntRange(min = 0) int leaderEpoch,
            @ForAll("settings") @Size(max = 6) Map<String, String> overrides) {
        TopicFormat.Content content = new TopicFormat.Content(
                "orders", new UUID(id, ~id), partitions, internal, "log", leaderEpoch, overrides);
        assertThat(TopicFormat.read(KEY, TopicFormat.write(content))).isEqualTo(content);
    }

    @Property
    void anythingElseIsNamedAsDamaged(@ForAll @NotEmpty String anything) {
        assertThatThrownBy(() -> TopicFormat.read(KEY, text(anything)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(KEY);
    }

    /** Half of what was written is either refused or, cut behind a setting, still a topic. */
    @Property
    void aCutEntryNeverFailsOtherwise(@ForAll @IntRange(max = 300) int length) {
        Bytes whole = TopicFormat.write(new TopicFormat.Content(
                "orders", new UUID(1, 2), 3, false, "log", 0, Map.of("retention.ms", "1", "durability", "written")));
        String cut = new String(whole.toArray(), StandardCharsets.UTF_8).substring(0, Math.min(length, whole.size()));
        Throwable failure = catchThrowable(() -> TopicFormat.read(KEY, text(cut)));
        if (failure != null) {
            assertThat(failure).isInstanceOf(StorageException.class);
        }
    }

    @Test
    void isTextThatPeopleRead() {
        TopicFormat.Content content = new TopicFormat.Content(
                "orders", new UUID(1, 2), 3, false, "log", 0, Map.of("retention.ms", "60000", "durability", "written"));
        assertThat(new String(TopicFormat.write(content).toArray(), StandardCharsets.UTF_8))
                .isEqualTo(
                        """
                        format=1
                        name=orders
                        id=00000000-0000-0001-0000-000000000002
                        partitions=3
                        internal=false
                        engine=log
                        config.durability=written
                        config.retention.ms=60000
                        """);
    }

    @Test
    void aNewerFormatIsNamedAsSuch() {
        assertThatThrownBy(() -> TopicFormat.read(KEY, text("format=2\nsomething=new\n")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("written by a newer version")
                .hasMessageContaining(KEY);
    }
}
