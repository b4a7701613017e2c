package io.brokkr.storage.s3;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.spi.storage.CorruptLogException;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.testkit.storage.Batches;
import org.junit.jupiter.api.Test;

/** A store that goes away, and comes back: nobody goes on as if there were what may not be there, and nothing that was acknowledged is lost. */
class FailingServerTest extends ServerTest {

    @Test
    void aLogThatCouldNotBeSyncedTakesNoWritesUntilItIsOpenedAgain() {
        StorageEngine engine = engine();
        PartitionLog log = open(engine, 1);
        append(log, 5);
        await(log.sync());
        append(log, 3);
        server.stop();
        assertThatThrownBy(() -> await(log.sync()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(server.endpoint())
                .hasMessageContaining("bucket " + S3Server.BUCKET)
                .hasMessageContaining("cannot be reached")
                .message()
                .doesNotContain("\n");
        server.startAgain();

        assertThatThrownBy(() -> await(log.append(Batches.single(8, 1))))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("until it is opened again");
        assertThatThrownBy(() -> await(log.sync())).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> await(log.trim(1))).isInstanceOf(StorageException.class);
        assertThat(readAll(log, 0)).isEqualTo(expected(0, 8));

        PartitionLog again = open(engine, 1);
        assertThat(again.endOffset()).isEqualTo(5);
        append(again, 2);
        await(again.sync());
        assertThat(readAll(again, 0)).isEqualTo(expected(0, 7));
        await(log.close());
        append(again, 1);
        await(again.close());
        assertThat(open(engine, 1).endOffset()).isEqualTo(8);
    }

    @Test
    void allWhoWaitAreTold() {
        PartitionLog log = open(engine("s3.buffer.bytes=100"), 1);
        await(log.append(Batches.single(0, 1)));
        server.stop();
        var beyondTheBuffer = log.append(Batches.of(1, 1, 200, 1));
        var sync = log.sync();
        assertThatThrownBy(() -> await(beyondTheBuffer)).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> await(sync)).isInstanceOf(StorageException.class);
        server.startAgain();
    }

    @Test
    void nothingAcknowledgedIsLostWithTheProcess() {
        PartitionLog log = open(engine(), 1);
        for (int i = 0; i < 40; i++) {
            append(log, 3);
            await(log.sync());
        }
        await(log.trim(7));
        append(log, 3);
        // Another process, while the first one is not closed, as after a kill.
        PartitionLog after = open(engine(), 1);
        assertThat(after.startOffset()).isEqualTo(7);
        assertThat(after.endOffset()).isEqualTo(120);
        assertThat(readAll(after, 7)).isEqualTo(expected(7, 120));
    }

    @Test
    void aReadWithoutTheStoreFailsAloneAndIsFineAfterwards() {
        PartitionLog log = open(engine("s3.cache.bytes=0"), 1);
        append(log, 5);
        await(log.sync());
        append(log, 1);
        server.stop();
        assertThatThrownBy(() -> await(log.read(0, 1000, true, Long.MAX_VALUE)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("cannot be reached");
        assertThat(readAll(log, 5)).isEqualTo(expected(5, 6));
        server.startAgain();
        append(log, 1);
        await(log.sync());
        assertThat(readAll(log, 0)).isEqualTo(expected(0, 7));
    }

    @Test
    void whatWasPutLatelyIsReadWithoutTheStore() {
        PartitionLog log = open(engine(), 1);
        append(log, 50);
        await(log.sync());
        server.stop();
        assertThat(readAll(log, 0)).isEqualTo(expected(0, 50));
        server.startAgain();
    }

    @Test
    void anOpeningFailsWhileTheStoreIsAwayAndNotAfterwards() {
        StorageEngine engine = engine();
        server.stop();
        assertThatThrownBy(() -> open(engine, 1)).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> await(engine.list())).isInstanceOf(StorageException.class);
        assertThat(await(engine.locations()).get(0).failure()).contains("cannot be reached");
        server.startAgain();
        append(open(engine, 1), 1);
        assertThat(await(engine.list())).containsExactly(ORDERS);
    }

    @Test
    void aMissingObjectIsNoEndOfTheLog() {
        PartitionLog log = open(engine("s3.object.bytes=0"), 1);
        for (int i = 0; i < 3; i++) {
            append(log, 2);
            await(log.sync());
        }
        deleteObject(objects().get(1));
        assertThatThrownBy(() -> open(engine(), 1))
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining("from 2 to 4")
                .hasMessageContaining("s3://" + S3Server.BUCKET + "/brokkr/data/orders/");
        assertThat(objects()).hasSize(2);
    }
}
