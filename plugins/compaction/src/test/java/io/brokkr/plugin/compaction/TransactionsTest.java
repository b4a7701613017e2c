package io.brokkr.plugin.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.record.RecordBatch;
import org.junit.jupiter.api.Test;

/** With room for two transactions. */
class TransactionsTest {

    private final Transactions transactions = new Transactions(2);

    private boolean write(long offset, long producer) {
        return transactions.add(data(offset, producer));
    }

    private static RecordBatch data(long offset, long producer) {
        return RecordBatch.of(new KafkaBatch(offset)
                .producer(producer, 0, true)
                .add(0, "key", "value")
                .build());
    }

    private boolean end(long offset, long producer, boolean commit) {
        return transactions.add(RecordBatch.of(KafkaBatch.marker(offset, 0, producer, commit)));
    }

    @Test
    void oneForWhichThereIsNoRoomEndsThePartBeforeIt() {
        write(0, 1);
        write(1, 2);
        assertThat(write(2, 3))
                .as("the markers of the others are still to come")
                .isTrue();
        assertThat(transactions.knownUpTo(100)).isZero();
        assertThat(end(3, 1, true)).isTrue();
        assertThat(transactions.knownUpTo(100)).isEqualTo(1);
        assertThat(end(4, 3, true)).isTrue();
        write(5, 1);
        assertThat(end(6, 2, true)).isFalse();
        assertThat(transactions.knownUpTo(100)).isEqualTo(2);
    }

    @Test
    void thoseThatWereCommittedTakeNoRoom() {
        for (int offset = 0; offset < 20; offset += 2) {
            assertThat(write(offset, offset)).isTrue();
            assertThat(end(offset + 1, offset, true)).isTrue();
        }
        assertThat(transactions.knownUpTo(20)).isEqualTo(20);
    }

    @Test
    void thoseThatWereAbortedDo() {
        write(0, 1);
        end(1, 1, false);
        write(2, 1);
        end(3, 1, false);
        assertThat(write(4, 1)).isFalse();
        assertThat(transactions.knownUpTo(100)).isEqualTo(4);
        assertThat(transactions.isAborted(data(0, 1))).isTrue();
        assertThat(transactions.isAborted(data(2, 1))).isTrue();
    }
}
