package io.brokkr.compatibility.compaction;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.compatibility.CheckFailedException;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeyLedgerTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final Written OLD_A = new Written(0, "a", 10, false);
    private static final Written OLD_B = new Written(1, "b", 11, false);
    private static final Written NEW_A = new Written(2, "a", 12, false);
    private static final Written NO_B = new Written(3, "b", 13, true);

    private final KeyLedger ledger = new KeyLedger();

    @BeforeEach
    void acknowledgeAll() {
        // The order of the acknowledgements does not say what is newest.
        List.of(NEW_A, OLD_A, NO_B, OLD_B).forEach(record -> ledger.acknowledge(PARTITION, record));
    }

    @Test
    void compactedOrNotItIsSound() {
        accepts(OLD_A, OLD_B, NEW_A, NO_B);
        accepts(OLD_B, NEW_A, NO_B);
        accepts(NEW_A, NO_B);
        accepts(NEW_A);
    }

    @Test
    void aLostValueIsNoticed() {
        refuses("the newest of its key is the value 12 of a at 2, and there is nothing", NO_B);
        refuses("the newest of its key is the value 12 of a at 2, and there is the value 10", OLD_A, NO_B);
    }

    @Test
    void aDeletedKeyThatIsBackIsNoticed() {
        refuses("the newest of its key is the deletion 13 of b at 3, and there is the value 11", OLD_B, NEW_A);
    }

    @Test
    void aRecordThatNobodyWroteIsNoticed() {
        refuses("acknowledged was null", NEW_A, new Written(4, "c", 14, false));
        refuses("acknowledged was the value 12", new Written(2, "a", 10, false));
        refuses("acknowledged was the deletion 13", NEW_A, new Written(3, "b", 13, false));
    }

    @Test
    void recordsInAnotherOrderAreNoticed() {
        refuses("behind offset 3", NO_B, NEW_A);
        refuses("behind offset 2", NEW_A, NEW_A);
    }

    @Test
    void anOffsetThatIsGivenTwiceIsNoticed() {
        assertThatThrownBy(() -> ledger.acknowledge(PARTITION, new Written(2, "c", 15, false)))
                .isInstanceOf(CheckFailedException.class);
    }

    private void accepts(Written... found) {
        assertThatCode(() -> ledger.check(PARTITION, List.of(found))).doesNotThrowAnyException();
    }

    private void refuses(String message, Written... found) {
        assertThatThrownBy(() -> ledger.check(PARTITION, List.of(found)))
                .isInstanceOf(CheckFailedException.class)
                .hasMessageContaining(message);
    }
}
