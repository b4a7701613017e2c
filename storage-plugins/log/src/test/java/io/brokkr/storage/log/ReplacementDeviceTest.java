package io.brokkr.storage.log;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.ReplaceableLog;
import io.brokkr.spi.storage.ReplaceableLog.Replacement;
import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.testkit.storage.Batches;
import io.brokkr.testkit.storage.StorageContract;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What replacing segments does to files, who waits for the device meanwhile, and what happens when it fails. */
class ReplacementDeviceTest extends StorageContract {

    private final WatchedFiles files = new WatchedFiles();
    private ReplaceableLog log;

    @Override
    protected StorageEngineFactory factory() {
        return files.factory();
    }

    @Override
    protected Map<String, String> topicSettings() {
        return Map.of("segment.bytes", "4000", "index.interval.bytes", "200");
    }

    @BeforeEach
    void fillALog() {
        log = (ReplaceableLog) open(id("orders"));
        append(log, 300);
        await(log.sync());
    }

    private Path logFolder() {
        return folder.resolve("orders-0");
    }

    private LogSegment segment(int index) {
        return log.segments().get(index);
    }

    /** Begins to replace the second and the third segment by every other of their batches. */
    private Replacement begin() {
        LogSegment first = segment(1);
        LogSegment last = segment(2);
        Replacement replacement = await(log.replace(first.baseOffset(), last.endOffset()));
        for (RecordBatch batch :
                RecordBatches.complete(ByteBuffer.wrap(readBetween(first.baseOffset(), last.endOffset())))) {
            if (batch.baseOffset() % 2 == 0) {
                await(replacement.append(batch));
            }
        }
        return replacement;
    }

    private byte[] readBetween(long from, long to) {
        byte[] all = readAll(log, from);
        int size = 0;
        for (RecordBatch batch : RecordBatches.complete(ByteBuffer.wrap(all))) {
            size += batch.baseOffset() < to ? batch.sizeInBytes() : 0;
        }
        return java.util.Arrays.copyOf(all, size);
    }

    private List<String> names() throws Exception {
        try (Stream<Path> list = Files.list(logFolder())) {
            return list.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("[0-9]{20}\\..*"))
                    .sorted()
                    .toList();
        }
    }

    private List<String> namesOfSegments() {
        return log.segments().stream()
                .map(segment -> Segment.nameOf(segment.baseOffset()))
                .flatMap(name -> Stream.of(name + ".index", name + ".log", name + ".timeindex"))
                .sorted()
                .toList();
    }

    @Test
    void onlyTheFilesOfSegmentsAreLeft() throws Exception {
        await(begin().commit());
        await(begin().abandon());
        await(await(log.replace(segment(1).baseOffset(), segment(1).endOffset()))
                .commit());
        await(await(log.replace(segment(0).baseOffset(), segment(0).endOffset()))
                .commit());
        await(log.close());
        log = (ReplaceableLog) open(log.id());
        assertThat(names()).isEqualTo(namesOfSegments());
        await(log.close());
        assertThat(files.open).isEmpty();
    }

    @Test
    void whoHasClosedTheLogLeavesNothingOpen() throws Exception {
        begin();
        await(log.close());
        assertThat(files.open).isEmpty();
        assertThat(names()).noneMatch(name -> name.endsWith(Segment.CLEANED_SUFFIX));
    }

    @Test
    void theLogGoesOnWhileTheDeviceTakesItsTime() {
        long end = segment(2).endOffset();
        Replacement replacement = begin();
        CountDownLatch gate = new CountDownLatch(1);
        files.forced = ".log" + Segment.CLEANED_SUFFIX;
        files.forceGate = gate;
        CompletionStage<Void> commit = replacement.commit();
        files.awaitForce();
        append(log, 100);
        await(log.sync());
        assertThat(readAll(log, 0)).isNotEmpty();
        await(log.trim(segment(1).baseOffset()));
        await(log.truncate(log.endOffset() - 1));
        assertThat(commit.toCompletableFuture()).isNotDone();
        gate.countDown();
        await(commit);
        assertThat(segment(0).endOffset()).isEqualTo(end);
    }

    @Test
    void whoReadsKeepsTheOldFileAndNobodyElse() {
        int open;
        try (RecordData held = await(log.read(segment(1).baseOffset(), 100, true, Long.MAX_VALUE))) {
            byte[] before = bytesOf(held);
            int openBefore = files.open.size();
            await(begin().commit());
            // The replaced files are closed but for the one that is read, though they would rest open otherwise.
            assertThat(files.open).hasSizeLessThanOrEqualTo(openBefore);
            assertThat(bytesOf(held)).isEqualTo(before);
            open = files.open.size();
        }
        assertThat(files.open).hasSize(open - 1);
    }

    @Test
    void aDeviceThatIsFullEndsTheReplacementAndNothingElse() throws Exception {
        byte[] content = readAll(log, 0);
        LogSegment first = segment(1);
        Replacement replacement = await(log.replace(first.baseOffset(), first.endOffset()));
        files.bytesLeft.set(20);
        RecordBatch batch = Batches.single(first.baseOffset(), 1);
        assertThatThrownBy(() -> await(replacement.append(batch)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("No space left on device");
        files.bytesLeft.set(Long.MAX_VALUE);
        assertThatThrownBy(() -> await(replacement.append(batch))).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> await(replacement.commit())).isInstanceOf(StorageException.class);
        await(replacement.abandon());
        assertThat(names()).noneMatch(name -> name.endsWith(Segment.CLEANED_SUFFIX));
        assertThat(readAll(log, 0)).isEqualTo(content);
        append(log, 1);
        await(begin().commit());
    }

    @Test
    void aSyncThatFailsLeavesTheLogAsItWas() throws Exception {
        byte[] content = readAll(log, 0);
        for (String suffix : List.of(".log", ".index", ".timeindex")) {
            Replacement replacement = begin();
            files.forced = suffix + Segment.CLEANED_SUFFIX;
            files.forceFails = true;
            assertThatThrownBy(() -> await(replacement.commit()))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("Input/output error");
            files.forceFails = false;
            assertThat(names()).noneMatch(name -> name.endsWith(Segment.CLEANED_SUFFIX));
            assertThat(readAll(log, 0)).isEqualTo(content);
        }
        append(log, 1);
        await(begin().commit());
    }

    /** Nobody knows what the device kept, until the next opening looks. */
    @Test
    void aStateFileThatCannotBeWrittenEndsTheUseOfTheLog() {
        byte[] content = readAll(log, 0);
        Replacement replacement = begin();
        files.forced = LogState.NAME + AtomicFile.TEMPORARY_SUFFIX;
        files.forceFails = true;
        assertThatThrownBy(() -> await(replacement.commit())).isInstanceOf(StorageException.class);
        files.forceFails = false;
        assertThatThrownBy(() -> append(log, 1)).isInstanceOf(StorageException.class);
        assertThat(readAll(log, 0)).isEqualTo(content);
        log = (ReplaceableLog) open(log.id());
        assertThat(readAll(log, 0)).isEqualTo(content);
        await(begin().commit());
        append(log, 1);
    }
}
