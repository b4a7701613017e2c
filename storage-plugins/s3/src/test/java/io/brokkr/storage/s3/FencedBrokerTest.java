package io.brokkr.storage.s3;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.Bytes;
import io.brokkr.spi.storage.LogFencedException;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two brokers and one log: what the older one has not been told to be there, the newer one need not have; the rest it has. */
class FencedBrokerTest extends ServerTest {

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void theOlderOpenerWritesNothingMore(String conditional) {
        String setting = "s3.conditional.writes=" + conditional;
        PartitionLog older = open(engine(setting), 5);
        append(older, 4);
        await(older.sync());
        append(older, 2);

        PartitionLog newer = open(engine(setting), 6);
        assertThat(newer.endOffset()).isEqualTo(4);
        assertThatThrownBy(() -> await(older.sync())).isInstanceOf(LogFencedException.class);
        assertThatThrownBy(() -> append(older, 1)).isInstanceOf(LogFencedException.class);
        assertThatThrownBy(() -> await(older.trim(1))).isInstanceOf(LogFencedException.class);
        assertThatThrownBy(() -> await(older.truncate(1))).isInstanceOf(LogFencedException.class);
        assertThatThrownBy(() -> await(older.writeCheckpoint("note", Bytes.EMPTY)))
                .isInstanceOf(LogFencedException.class);

        append(newer, 1);
        await(newer.sync());
        await(newer.close());
        // What the older one put too late covers more offsets, and does not count.
        assertThat(objects()).hasSize(3);
        PartitionLog next = open(engine(setting), 6);
        assertThat(next.endOffset()).isEqualTo(5);
        assertThat(readAll(next, 0)).isEqualTo(expected(0, 5));
    }

    @Test
    void aTrimAndATruncationAreFencedToo() {
        PartitionLog trimming = open(engine(), 1);
        append(trimming, 4);
        await(trimming.sync());
        PartitionLog truncating = open(engine(), 2);
        assertThatThrownBy(() -> await(trimming.trim(2))).isInstanceOf(LogFencedException.class);
        PartitionLog newest = open(engine(), 3);
        assertThatThrownBy(() -> await(truncating.truncate(2))).isInstanceOf(LogFencedException.class);
        assertThat(newest.startOffset()).isZero();
        assertThat(newest.endOffset()).isEqualTo(4);
        assertThat(readAll(newest, 0)).isEqualTo(expected(0, 4));
    }

    /** A broker that was started again while its old process still hangs somewhere. */
    @Test
    void theSameEpochElsewhereTakesOver() {
        PartitionLog older = open(engine(), 1);
        append(older, 2);
        PartitionLog newer = open(engine(), 1);
        append(newer, 1);
        await(newer.sync());
        assertThatThrownBy(() -> await(older.sync())).isInstanceOf(LogFencedException.class);
        await(older.close());
        assertThat(open(engine(), 1).endOffset()).isEqualTo(1);
    }

    @Test
    void aLowerEpochElsewhereCannotOpen() {
        open(engine(), 6);
        assertThatThrownBy(() -> open(engine(), 5)).isInstanceOf(LogFencedException.class);
    }

    @Test
    void aLogThatWasDeletedElsewhereTakesNothing() {
        StorageEngine engine = engine();
        PartitionLog log = open(engine, 1);
        append(log, 2);
        await(engine().delete(ORDERS));
        assertThatThrownBy(() -> await(log.sync()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("was deleted");
        assertThat(await(engine.list())).isEmpty();
        PartitionLog anew = open(engine, 1);
        assertThat(anew.endOffset()).isZero();
        assertThat(objects()).isEmpty();
    }
}
