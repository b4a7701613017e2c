package io.brokkr.compatibility.crash;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.compatibility.CheckFailedException;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private final Ledger ledger = new Ledger();

    @Test
    void aConsumerThatPassesOverARecordIsNoticed() {
        ledger.see(PARTITION, 0, "p:0");
        ledger.see(PARTITION, 1, "p:1");

        assertThatThrownBy(() -> ledger.see(PARTITION, 3, "p:3"))
                .isInstanceOf(CheckFailedException.class)
                .hasMessageContaining("was at 2 of t-0, and then saw 3");
    }

    @Test
    void aConsumerThatDoesNotBeginAtTheBeginningIsNoticed() {
        assertThatThrownBy(() -> ledger.see(PARTITION, 1, "p:1")).isInstanceOf(CheckFailedException.class);
    }

    @Test
    void aConsumerMayPassOverWhatIsDeletedAndNothingElse() {
        ledger.see(PARTITION, 0, "p:0");
        ledger.delete(PARTITION, 5);

        assertThatThrownBy(() -> ledger.passOver(PARTITION, 6, false)).isInstanceOf(CheckFailedException.class);
        ledger.passOver(PARTITION, 5, false);
        assertThatCode(() -> ledger.see(PARTITION, 5, "p:5")).doesNotThrowAnyException();
    }

    @Test
    void aGapAmongWhatIsThereIsNoticed() {
        assertThatCode(() -> ledger.checkAll(PARTITION, found(0, 1, 2), 0, 3, false))
                .doesNotThrowAnyException();

        assertThatThrownBy(() -> ledger.checkAll(PARTITION, found(0, 2), 0, 3, false))
                .hasMessageContaining("nothing at 1 of t-0");
        assertThatThrownBy(() -> ledger.checkAll(PARTITION, found(1, 2), 0, 3, false))
                .hasMessageContaining("nothing at 0 of t-0");
        assertThatThrownBy(() -> ledger.checkAll(PARTITION, found(0, 1), 0, 3, false))
                .hasMessageContaining("t-0 ends at 3");
    }

    /** Each by a producer of its own, so that no other check notices what is missing. */
    private static NavigableMap<Long, String> found(long... offsets) {
        NavigableMap<Long, String> found = new TreeMap<>();
        for (long offset : offsets) {
            found.put(offset, "p" + offset + ":0");
        }
        return found;
    }
}
