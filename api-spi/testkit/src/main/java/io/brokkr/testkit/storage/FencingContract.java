package io.brokkr.testkit.storage;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.spi.storage.LogFencedException;
import io.brokkr.spi.storage.PartitionLog;
import org.junit.jupiter.api.Test;

/** Who opened under a lower epoch is shut out. */
abstract class FencingContract extends EngineContract {

    FencingContract(StorageEngineContracts tested) {
        super(tested);
    }

    @Test
    void aHigherEpochFencesTheOlderOpener() {
        PartitionLog older = open(id("orders"), 5);
        append(older, 3);
        PartitionLog newer = open(id("orders"), 6);
        assertThatThrownBy(() -> await(older.append(Batches.single(3, 1)))).isInstanceOf(LogFencedException.class);
        assertThatThrownBy(() -> await(older.trim(1))).isInstanceOf(LogFencedException.class);
        assertThatThrownBy(() -> await(older.truncate(1))).isInstanceOf(LogFencedException.class);
        assertThat(newer.startOffset()).isZero();
        assertThat(newer.endOffset()).isEqualTo(3);
        append(newer, 2);
        assertThat(newer.endOffset()).isEqualTo(5);
        assertThat(readAll(newer, 0)).isNotEmpty();
    }

    @Test
    void closingTheOlderOpenerDoesNotHarmTheNewer() {
        PartitionLog older = open(id("orders"), 5);
        append(older, 3);
        PartitionLog newer = open(id("orders"), 6);
        await(older.close());
        append(newer, 2);
        await(newer.sync());
        assertThat(newer.endOffset()).isEqualTo(5);
    }

    @Test
    void aLowerEpochCannotOpen() {
        PartitionLog log = open(id("orders"), 5);
        assertThatThrownBy(() -> open(id("orders"), 4)).isInstanceOf(LogFencedException.class);
        append(log, 1);
        assertThat(log.endOffset()).isEqualTo(1);
    }

    @Test
    void theEpochOutlivesTheClose() {
        await(open(id("orders"), 5).close());
        assertThatThrownBy(() -> open(id("orders"), 4)).isInstanceOf(LogFencedException.class);
        append(open(id("orders"), 5), 1);
        append(open(id("orders"), 6), 1);
        assertThat(open(id("orders"), 6).endOffset()).isEqualTo(2);
    }

    @Test
    void theEpochOutlivesTheEngineOrIsGone() {
        append(open(id("orders"), 5), 1);
        if (!isDurable()) {
            assertIsGoneWithTheEngine(id("orders"));
            return;
        }
        restart();
        assertThatThrownBy(() -> open(id("orders"), 4)).isInstanceOf(LogFencedException.class);
        assertThat(open(id("orders"), 5).endOffset()).isEqualTo(1);
    }

    @Test
    void logsAreFencedOneByOne() {
        PartitionLog orders = open(id("orders"), 1);
        open(id("bills"), 9);
        append(orders, 1);
        assertThat(orders.endOffset()).isEqualTo(1);
    }
}
