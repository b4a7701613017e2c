package io.brokkr.storage.log;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.testkit.storage.StorageContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A folder that goes away while the broker runs, as a disk does that is unmounted: nothing begins anew in its place, and all is there when it is back. */
class VanishedFolderTest extends StorageContract {

    private static final LogId ID = id("orders");

    @Override
    protected StorageEngineFactory factory() {
        return new LogStorageEngineFactory();
    }

    private void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void nothingIsAcknowledgedInAFolderThatIsGone() {
        PartitionLog log = open(ID);
        append(log, 5);
        await(log.sync());
        append(log, 1);
        move(folder.resolve("orders-0"), folder.resolve("elsewhere"));
        assertThatThrownBy(() -> await(log.sync()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("vanished")
                .hasMessageContaining(folder.resolve("orders-0").toString());
    }

    @Test
    void aLogWhoseFolderIsGoneDoesNotBeginAnew() {
        PartitionLog log = open(ID);
        append(log, 5);
        await(log.sync());
        append(log, 1);
        byte[] content = readAll(log, 0);
        move(folder.resolve("orders-0"), folder.resolve("elsewhere"));
        assertThatThrownBy(() -> await(log.sync())).isInstanceOf(StorageException.class);
        await(log.close());
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> open(ID))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("orders-0")
                    .hasMessageContaining("bring it back");
        }
        move(folder.resolve("elsewhere"), folder.resolve("orders-0"));
        PartitionLog again = open(ID);
        assertThat(readAll(again, 0)).isEqualTo(content);
        append(again, 1);
        await(again.sync());
        assertThat(again.endOffset()).isEqualTo(7);
    }

    @Test
    void aLogWhoseFolderIsGoneCanBeDeletedAndBeginsAnewThen() {
        PartitionLog log = open(ID);
        append(log, 5);
        move(folder.resolve("orders-0"), folder.resolve("elsewhere"));
        assertThatThrownBy(() -> await(log.sync())).isInstanceOf(StorageException.class);
        await(log.close());
        await(engine.delete(ID));
        assertThat(open(ID).endOffset()).isZero();
    }

    /** What is under the place where the disk was mounted is not the data folder. */
    @Test
    void noLogIsMadeWhereTheDataFolderIsGone() throws IOException {
        PartitionLog log = open(ID);
        append(log, 5);
        await(log.close());
        Path elsewhere = folder.resolveSibling(folder.getFileName() + "-elsewhere");
        move(folder, elsewhere);
        Files.createDirectory(folder);
        assertThatThrownBy(() -> open(ID))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("is gone");
        assertThat(folder).isEmptyDirectory();
        Files.delete(folder);
        move(elsewhere, folder);
        assertThat(open(ID).endOffset()).isEqualTo(5);
    }
}
