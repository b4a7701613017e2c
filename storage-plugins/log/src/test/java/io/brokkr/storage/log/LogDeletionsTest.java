package io.brokkr.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.testkit.files.FaultyFileSystem;
import io.brokkr.testkit.storage.TextConfiguration;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many logs that are deleted at the same time: what it costs, and that none of them comes back, or comes back in parts. */
class LogDeletionsTest {

    private static final int MANY = 500;
    private static final int FEW = 4;

    private final FaultyFileSystem files = new FaultyFileSystem();

    private static List<CompletionStage<Void>> deleteAll(JournalRun run, int logs) {
        return IntStream.range(0, logs)
                .mapToObj(log -> run.engine.delete(JournalRun.id(log)))
                .toList();
    }

    private static PartitionLog open(JournalRun run, int log) {
        return run.tasks.await(run.engine.open(JournalRun.id(log), 1, new TextConfiguration(Map.of())));
    }

    /** Watches how often folders are forced, and lets that fail. */
    private static final class WatchedFolder implements FileOperations {

        private final Path folder;
        private final AtomicInteger forces = new AtomicInteger();
        private final AtomicBoolean fails = new AtomicBoolean();

        WatchedFolder(Path folder) {
            this.folder = folder;
        }

        @Override
        public FileChannel open(Path file, OpenOption... options) throws IOException {
            return new ForwardingChannel(FileChannel.open(file, options)) {
                @Override
                public void force(boolean metaData) throws IOException {
                    if (file.equals(folder)) {
                        forces.incrementAndGet();
                        if (fails.get()) {
                            throw new IOException("Input/output error");
                        }
                    }
                    super.force(metaData);
                }
            };
        }
    }

    @Test
    void oneAccessToTheDeviceIsForAllThatWait() {
        WatchedFolder watched = new WatchedFolder(files.root());
        JournalRun run = new JournalRun(files.root(), watched).open(MANY);
        watched.forces.set(0);
        deleteAll(run, MANY).forEach(run.tasks::await);
        assertThat(watched.forces).hasValue(1);
        assertThat(run.tasks.await(run.engine.list())).isEmpty();
    }

    @Test
    void noneIsBackAfterALossOfPower() {
        JournalRun run = new JournalRun(files.root(), FileOperations.SYSTEM).open(FEW);
        run.appendAndSync();
        deleteAll(run, FEW).forEach(run.tasks::await);
        for (int seed = 0; seed < 20; seed++) {
            FaultyFileSystem left = files.crash(new Random(seed), 512, (name, content, position) -> false);
            JournalRun after = new JournalRun(left.root(), FileOperations.SYSTEM);
            assertThat(after.tasks.await(after.engine.list())).isEmpty();
        }
    }

    @Test
    void oneThatALossOfPowerCutsShortIsGoneOrWhole() {
        boolean cutShort = true;
        for (int changes = 0; cutShort; changes++) {
            FaultyFileSystem before = new FaultyFileSystem();
            JournalRun run = new JournalRun(before.root(), FileOperations.SYSTEM).open(FEW);
            run.appendAndSync();
            before.crashAfter(changes, new Random(changes), 512, (name, content, position) -> false);
            deleteAll(run, FEW).forEach(run.tasks::await);
            FaultyFileSystem left = before.takeCrash().orElse(null);
            cutShort = left != null;
            if (left != null) {
                JournalRun after = new JournalRun(left.root(), FileOperations.SYSTEM);
                for (int log = 0; log < FEW; log++) {
                    assertThat(open(after, log).endOffset()).isIn(0L, 2L);
                }
            }
        }
    }

    @Test
    void whoOpensALogThatIsBeingDeletedGetsANewOne() {
        JournalRun run = new JournalRun(files.root(), FileOperations.SYSTEM).open(1);
        CompletionStage<Void> first = run.engine.delete(JournalRun.id(0));
        CompletionStage<Void> second = run.engine.delete(JournalRun.id(0));
        PartitionLog fresh = open(run, 0);
        assertThat(first.toCompletableFuture()).isDone();
        assertThat(second.toCompletableFuture()).isDone();
        assertThat(fresh.endOffset()).isZero();
    }

    @Test
    void aFolderThatCannotBeSyncedIsTold() {
        WatchedFolder watched = new WatchedFolder(files.root());
        JournalRun run = new JournalRun(files.root(), watched).open(2);
        watched.fails.set(true);
        for (CompletionStage<Void> deleted : deleteAll(run, 2)) {
            assertThatThrownBy(() -> run.tasks.await(deleted))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining(files.root().toString())
                    .hasMessageContaining("Input/output error");
        }
        watched.fails.set(false);
        assertThat(open(run, 0).endOffset()).isZero();
    }
}
