package io.brokkr.storage.log;

import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.ReplaceableLog;
import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A log as one opener sees it: decides which thread does what, and keeps out who is late. */
final class OpenedLog implements ReplaceableLog {

    private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);
    private static final Pattern CHECKPOINT_NAME = Pattern.compile("[A-Za-z0-9-][A-Za-z0-9.-]*");
    private static final Pattern ENGINES_OWN_NAME = Pattern.compile(".*\\.(log|index|timeindex|tmp|cleaned)|"
            + Pattern.quote(LogState.NAME) + "|" + Pattern.quote(TopicIdFile.NAME));

    private final SegmentedLog log;
    private final int leaderEpoch;
    private final LogReader reader;
    private final BlockingTasks tasks;
    private final BlockingTasks.Queued queued;
    private final LogStorageEngine engine;
    private volatile boolean closed;

    private volatile boolean hasAppended;

    /** The last one that this opener has begun. */
    private volatile @Nullable SegmentReplacement replacement;

    OpenedLog(SegmentedLog log, int leaderEpoch, BlockingTasks tasks, LogStorageEngine engine) {
        this.log = log;
        this.leaderEpoch = leaderEpoch;
        this.reader = new LogReader(log);
        this.tasks = tasks;
        this.queued = new BlockingTasks.Queued(tasks);
        this.engine = engine;
    }

    SegmentedLog log() {
        return log;
    }

    private void requireOpen() {
        if (closed) {
            throw new StorageException("the log " + log.id() + " was closed");
        }
        log.condition().requireOpen();
    }

    @Override
    public LogId id() {
        return log.id();
    }

    @Override
    public long startOffset() {
        return log.startOffset();
    }

    @Override
    public long endOffset() {
        return log.endOffset();
    }

    @Override
    public long sizeInBytes() {
        return log.sizeInBytes();
    }

    /** Writes on the calling thread. */
    @Override
    public CompletionStage<Void> append(RecordBatch batch) {
        try {
            requireOpen();
            log.append(leaderEpoch, batch);
            if (!hasAppended) {
                hasAppended = true;
            }
            return DONE;
        } catch (StorageException failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    @Override
    public CompletionStage<Void> sync() {
        try {
            requireOpen();
            return log.sync();
        } catch (StorageException failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    /** Answers on the calling thread whoever keeps up with the writer. */
    @Override
    public CompletionStage<RecordData> read(long offset, int maxBytes, boolean atLeastOneBatch, long endOffset) {
        try {
            requireOpen();
            // Where the device has failed it is asked first, lest an answer break off in the middle.
            RecordData recent = log.condition().isWritable()
                    ? reader.readWithoutWaiting(offset, maxBytes, atLeastOneBatch, endOffset)
                    : null;
            if (recent != null) {
                return CompletableFuture.completedFuture(recent);
            }
        } catch (StorageException failure) {
            return CompletableFuture.failedStage(failure);
        } catch (IOException failure) {
            return CompletableFuture.failedStage(
                    new StorageException("cannot read " + log.id() + ": " + failure, failure));
        }
        return blocking("read", () -> reader.read(offset, maxBytes, atLeastOneBatch, endOffset));
    }

    @Override
    public CompletionStage<Optional<Long>> findTimestamp(long timestamp) {
        return blocking("search", () -> reader.findTimestamp(timestamp));
    }

    @Override
    public List<LogSegment> segments() {
        return log.describeSegments();
    }

    @Override
    public CompletionStage<Void> trim(long startOffset) {
        if (startOffset > log.endOffset()) {
            throw new IllegalArgumentException(
                    "the log " + log.id() + " ends at " + log.endOffset() + " and cannot start at " + startOffset);
        }
        return changeInOrder("trim", () -> log.trim(leaderEpoch, startOffset));
    }

    @Override
    public CompletionStage<Void> truncate(long endOffset) {
        if (endOffset < log.startOffset()) {
            throw new IllegalArgumentException(
                    "the log " + log.id() + " starts at " + log.startOffset() + " and cannot end at " + endOffset);
        }
        return changeInOrder("truncate", () -> log.truncate(leaderEpoch, endOffset));
    }

    @Override
    public CompletionStage<Void> finishSegment() {
        return changeInOrder("end a segment of", () -> log.finishSegment(leaderEpoch));
    }

    @Override
    public CompletionStage<Replacement> replace(long baseOffset, long endOffset) {
        log.replacements().requireFinished(baseOffset, endOffset);
        return inOrder("replace segments of", () -> {
            SegmentReplacement begun = log.replacements().begin(leaderEpoch, baseOffset, endOffset);
            replacement = begun;
            return new OpenedReplacement(begun);
        });
    }

    /** What its owner sees of a replacement. */
    private final class OpenedReplacement implements Replacement {

        private final SegmentReplacement begun;

        OpenedReplacement(SegmentReplacement begun) {
            this.begun = begun;
        }

        /** Writes on the calling thread. */
        @Override
        public CompletionStage<Void> append(RecordBatch batch) {
            try {
                begun.append(batch);
                return DONE;
            } catch (StorageException failure) {
                return CompletableFuture.failedStage(failure);
            } catch (IOException failure) {
                return CompletableFuture.failedStage(
                        new StorageException("cannot replace segments of " + log.id() + ": " + failure, failure));
            }
        }

        @Override
        public CompletionStage<Void> commit() {
            return tasks.<@Nullable Void>submit("replace segments of " + log.id(), () -> {
                begun.commit();
                return null;
            });
        }

        @Override
        public CompletionStage<Void> abandon() {
            return tasks.<@Nullable Void>submit("abandon a replacement of segments of " + log.id(), () -> {
                begun.abandon();
                return null;
            });
        }
    }

    @Override
    public CompletionStage<Void> writeCheckpoint(String name, Bytes content) {
        Path file = checkpointFile(name);
        return changeInOrder(
                "write " + file, () -> AtomicFile.write(log.environment().files(), file, content.toBuffer()));
    }

    @Override
    public CompletionStage<Optional<Bytes>> readCheckpoint(String name) {
        Path file = checkpointFile(name);
        return blocking("read " + file, () -> AtomicFile.read(file).map(Bytes::copyOf));
    }

    private Path checkpointFile(String name) {
        if (!CHECKPOINT_NAME.matcher(name).matches()
                || ENGINES_OWN_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a checkpoint cannot have the name «" + name + "»");
        }
        return log.folder().resolve(name);
    }

    @Override
    public void reconfigure(Configuration configuration) {
        log.reconfigure(LogSettings.of(configuration));
    }

    @Override
    public CompletionStage<Void> close() {
        if (closed) {
            return DONE;
        }
        closed = true;
        return queued.submit("close " + log.id(), () -> {
            SegmentReplacement begun = replacement;
            if (begun != null) {
                begun.abandon();
            }
            engine.release(log, hasAppended);
            return null;
        });
    }

    private <T> CompletionStage<T> blocking(String what, BlockingTasks.Task<T> task) {
        return tasks.submit(what + " " + log.id(), () -> {
            requireOpen();
            return task.run();
        });
    }

    private <T> CompletionStage<T> inOrder(String what, BlockingTasks.Task<T> task) {
        if (closed) {
            return CompletableFuture.failedStage(new StorageException("the log " + log.id() + " was closed"));
        }
        return queued.submit(what + " " + log.id(), () -> {
            log.condition().requireOpen();
            return task.run();
        });
    }

    /** Work without a result. */
    @FunctionalInterface
    private interface Change {
        void make() throws IOException;
    }

    private CompletionStage<Void> changeInOrder(String what, Change change) {
        return this.<@Nullable Void>inOrder(what, () -> {
            change.make();
            return null;
        });
    }
}
