package io.brokkr.testkit.storage;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.ReplaceableLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.testkit.files.FolderTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One sequence of operations on one log, and on a list in memory. */
final class ModelRun implements AutoCloseable {

    private static final LogId ID = new LogId(new UUID(5, 5), "orders", 0);

    private final StorageEngineContracts tested;
    private final StorageFixture fixture;
    private final LogModel model = new LogModel();
    private StorageEngine engine;
    private PartitionLog log;
    private ReplaceableLog.@Nullable Replacement replacement;

    private ModelRun(StorageEngineContracts tested, Path folder) {
        this.tested = tested;
        fixture = tested.fixture(folder);
        engine = tested.factory().open(fixture);
        log = open();
    }

    /** Applies the operations, and compares after each one. */
    static void play(StorageEngineContracts tested, List<LogOperation> operations) throws IOException {
        Path folder = Files.createTempDirectory("model");
        try (ModelRun run = new ModelRun(tested, folder)) {
            for (LogOperation operation : operations) {
                run.apply(operation);
                run.check();
            }
        } finally {
            FolderTree.delete(folder);
        }
    }

    private PartitionLog open() {
        return await(engine.open(ID, 1, new TextConfiguration(tested.topicSettings())));
    }

    private long offset(int part) {
        return model.startOffset() + (model.endOffset() - model.startOffset()) * part / 1_000;
    }

    private void apply(LogOperation operation) {
        if (operation instanceof LogOperation.Append append) {
            RecordBatch batch = Batches.of(
                    model.endOffset() + append.gap(),
                    append.recordCount(),
                    append.valueSizeInBytes(),
                    append.timestamp());
            await(log.append(batch));
            model.append(batch);
        } else if (operation instanceof LogOperation.Read read) {
            checkRead(offset(read.at()), read.maxBytes(), read.atLeastOneBatch(), offset(read.before()));
        } else if (operation instanceof LogOperation.FindTimestamp find) {
            checkTimestamp(find.timestamp());
        } else if (operation instanceof LogOperation.Trim trim) {
            long offset = offset(trim.at());
            await(log.trim(offset));
            model.trim(offset);
        } else if (operation instanceof LogOperation.Truncate truncate) {
            long offset = offset(truncate.at());
            await(log.truncate(offset));
            model.truncate(offset);
        } else if (operation instanceof LogOperation.BeginReplacement begin) {
            beginReplacement(begin);
        } else if (operation instanceof LogOperation.EndReplacement end) {
            endReplacement(end.commits());
        } else if (operation instanceof LogOperation.FinishSegment) {
            finishSegment();
        } else if (operation instanceof LogOperation.Sync) {
            await(log.sync());
        } else if (operation instanceof LogOperation.Reopen) {
            await(log.close());
            forgetReplacement();
            log = open();
        } else if (operation instanceof LogOperation.Restart && tested.isDurable()) {
            engine.close();
            forgetReplacement();
            engine = tested.factory().open(fixture);
            log = open();
        }
    }

    private void finishSegment() {
        if (log instanceof ReplaceableLog replaceable) {
            await(replaceable.finishSegment());
            List<LogSegment> segments = log.segments();
            assertThat(segments.get(segments.size() - 1).sizeInBytes()).isZero();
        }
    }

    /** Asks nothing of an engine that has not the ability. */
    private void beginReplacement(LogOperation.BeginReplacement begin) {
        List<LogSegment> segments = log.segments();
        if (!(log instanceof ReplaceableLog replaceable) || replacement != null || segments.size() == 1) {
            return;
        }
        int first = (segments.size() - 2) * begin.at() / 1_000;
        int last = Math.min(first + begin.segmentCount(), segments.size() - 1) - 1;
        long base = segments.get(first).baseOffset();
        while (last > first && segments.get(last).endOffset() - base > Integer.MAX_VALUE) {
            last--;
        }
        long end = segments.get(last).endOffset();
        List<RecordBatch> batches = compacted(model.between(base, end), new Random(begin.seed()));
        replacement = await(replaceable.replace(base, end));
        for (RecordBatch batch : batches) {
            await(replacement.append(batch));
        }
        model.begin(new LogModel.Replacement(base, end, batches));
    }

    private static List<RecordBatch> compacted(List<RecordBatch> batches, Random random) {
        List<RecordBatch> left = new ArrayList<>();
        for (RecordBatch batch : batches) {
            switch (random.nextInt(3)) {
                case 0 -> left.add(batch);
                case 1 -> left.add(Batches.of(batch.lastOffset(), 1, 0, batch.maxTimestamp()));
                default -> {}
            }
        }
        return left;
    }

    private void endReplacement(boolean commits) {
        if (replacement == null) {
            return;
        }
        if (!commits) {
            await(replacement.abandon());
            model.abandonReplacement();
        } else if (model.commitReplacement()) {
            await(replacement.commit());
        } else {
            CompletionStage<Void> late = replacement.commit();
            assertThatThrownBy(() -> await(late)).isInstanceOf(StorageException.class);
        }
        replacement = null;
    }

    private void forgetReplacement() {
        replacement = null;
        model.abandonReplacement();
    }

    /** What must hold after each step. */
    private void check() {
        assertThat(log.startOffset()).isEqualTo(model.startOffset());
        assertThat(log.endOffset()).isEqualTo(model.endOffset());
        List<LogSegment> segments = log.segments();
        assertThat(segments.get(segments.size() - 1).endOffset()).isEqualTo(model.endOffset());
        assertThat(segments.stream().mapToLong(LogSegment::sizeInBytes).sum()).isEqualTo(log.sizeInBytes());
        assertThat(log.sizeInBytes()).isGreaterThanOrEqualTo(LogModel.bytes(model.batches()).length);
        for (int i = 1; i < segments.size(); i++) {
            assertThat(segments.get(i).baseOffset())
                    .isEqualTo(segments.get(i - 1).endOffset());
        }
        for (LogSegment segment : segments) {
            model.batches().stream()
                    .filter(batch ->
                            batch.baseOffset() >= segment.baseOffset() && batch.baseOffset() < segment.endOffset())
                    .forEach(batch -> assertThat(segment.maxTimestamp()).isGreaterThanOrEqualTo(batch.maxTimestamp()));
        }
    }

    /** An engine may stop at the end of a part of its own, but not in the middle of a batch unless the limit says so, and not before it gave anything. */
    private void checkRead(long offset, int maxBytes, boolean atLeastOneBatch, long beforeOffset) {
        List<RecordBatch> visible = model.visible(offset, beforeOffset);
        byte[] all = LogModel.bytes(visible);
        byte[] read;
        try (RecordData data = await(log.read(offset, maxBytes, atLeastOneBatch, beforeOffset))) {
            read = StorageContract.bytesOf(data);
        }
        assertThat(read).isEqualTo(Arrays.copyOf(all, read.length));
        if (visible.isEmpty()) {
            return;
        }
        int firstSize = visible.get(0).sizeInBytes();
        int most = atLeastOneBatch ? Math.max(maxBytes, firstSize) : maxBytes;
        assertThat(read.length).isLessThanOrEqualTo(most).isGreaterThanOrEqualTo(Math.min(most, firstSize));
        if (read.length < Math.min(most, all.length)) {
            assertThat(batchEnds(visible)).contains(read.length);
        }
    }

    private static List<Integer> batchEnds(List<RecordBatch> batches) {
        int[] end = {0};
        return batches.stream().map(batch -> end[0] += batch.sizeInBytes()).toList();
    }

    private void checkTimestamp(long timestamp) {
        Optional<RecordBatch> first = model.batches().stream()
                .filter(batch -> batch.maxTimestamp() >= timestamp)
                .findFirst();
        Optional<Long> found = await(log.findTimestamp(timestamp));
        assertThat(found.isPresent()).isEqualTo(first.isPresent());
        first.ifPresent(batch -> assertThat(found.orElseThrow())
                .isBetween(model.startOffset(), Math.max(model.startOffset(), batch.baseOffset())));
    }

    @Override
    public void close() {
        engine.close();
        fixture.close();
    }
}
