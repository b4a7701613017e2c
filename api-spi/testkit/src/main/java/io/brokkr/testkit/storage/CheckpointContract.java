package io.brokkr.testkit.storage;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Bytes;
import io.brokkr.spi.storage.PartitionLog;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The small notes beside a log. */
abstract class CheckpointContract extends EngineContract {

    CheckpointContract(StorageEngineContracts tested) {
        super(tested);
    }

    private static Bytes text(String text) {
        return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void thereIsNoneAtFirst() {
        assertThat(await(open(id("orders")).readCheckpoint("leader-epoch-checkpoint")))
                .isEmpty();
    }

    @Test
    void theLastOneWrittenIsRead() {
        PartitionLog log = open(id("orders"));
        await(log.writeCheckpoint("leader-epoch-checkpoint", text("a longer text than the next one")));
        await(log.writeCheckpoint("leader-epoch-checkpoint", text("second")));
        assertThat(await(log.readCheckpoint("leader-epoch-checkpoint"))).contains(text("second"));
    }

    @Test
    void writesTakeEffectInTheOrderOfTheCalls() {
        PartitionLog log = open(id("orders"));
        CompletionStage<Void> last = log.writeCheckpoint("producers", text("0"));
        for (int i = 1; i <= 50; i++) {
            last = log.writeCheckpoint("producers", text(Integer.toString(i)));
        }
        await(last);
        assertThat(await(log.readCheckpoint("producers"))).contains(text("50"));
    }

    @Test
    void noBytesAreNotNone() {
        PartitionLog log = open(id("orders"));
        await(log.writeCheckpoint("empty", Bytes.EMPTY));
        assertThat(await(log.readCheckpoint("empty"))).contains(Bytes.EMPTY);
    }

    @Test
    void namesAndLogsAreApart() {
        PartitionLog orders = open(id("orders"));
        PartitionLog bills = open(id("bills"));
        await(orders.writeCheckpoint("00000000000000000042.snapshot", text("one")));
        await(orders.writeCheckpoint("00000000000000000043.snapshot", text("two")));
        await(bills.writeCheckpoint("00000000000000000042.snapshot", text("three")));
        assertThat(await(orders.readCheckpoint("00000000000000000042.snapshot")))
                .contains(text("one"));
        assertThat(await(orders.readCheckpoint("00000000000000000043.snapshot")))
                .contains(text("two"));
        assertThat(await(bills.readCheckpoint("00000000000000000042.snapshot"))).contains(text("three"));
    }

    @Test
    void aMegabyteIsKept() {
        PartitionLog log = open(id("orders"));
        byte[] content = new byte[1 << 20];
        content[777_777] = 7;
        await(log.writeCheckpoint("large", Bytes.copyOf(content)));
        assertThat(await(log.readCheckpoint("large"))).contains(Bytes.copyOf(content));
    }

    @Test
    void theyOutliveTheCloseAndNotTheDeletion() {
        PartitionLog log = open(id("orders"));
        await(log.writeCheckpoint("note", text("kept")));
        await(log.close());
        PartitionLog again = open(id("orders"));
        assertThat(await(again.readCheckpoint("note"))).contains(text("kept"));
        await(engine.delete(id("orders")));
        assertThat(await(open(id("orders")).readCheckpoint("note"))).isEmpty();
    }

    @Test
    void theyOutliveTheEngineOrAreGone() {
        await(open(id("orders")).writeCheckpoint("note", text("kept")));
        if (!isDurable()) {
            assertIsGoneWithTheEngine(id("orders"));
            return;
        }
        restart();
        assertThat(await(open(id("orders")).readCheckpoint("note"))).contains(text("kept"));
    }
}
