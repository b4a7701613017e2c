package io.brokkr.core.partition;

import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.storage.CorruptLogException;
import io.brokkr.spi.storage.LogFencedException;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.OffsetOutOfRangeException;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A log of {@link TestEngine}; a second implementation of the contract, small and with its faults under the test's control. */
final class TestLog implements PartitionLog {

    static final int BATCHES_A_SEGMENT = 3;

    /** A batch as it is kept. */
    record Stored(long baseOffset, long endOffset, long maxTimestamp, Bytes bytes) {}

    private final TestEngine engine;
    private final TestEngine.Data data;
    private final int leaderEpoch;
    private boolean closed;
    private boolean broken;
    private long acceptedEnd;

    TestLog(TestEngine engine, TestEngine.Data data, int leaderEpoch) {
        this.engine = engine;
        this.data = data;
        this.leaderEpoch = leaderEpoch;
        this.acceptedEnd = endOffset();
    }

    private <T> CompletionStage<T> failed(String why) {
        return CompletableFuture.failedFuture(new StorageException(why));
    }

    private boolean unusable() {
        return closed || data.deleted;
    }

    void invalidate() {
        closed = true;
    }

    @Override
    public LogId id() {
        return data.id;
    }

    @Override
    public long startOffset() {
        synchronized (engine) {
            return data.startOffset;
        }
    }

    @Override
    public long endOffset() {
        synchronized (engine) {
            return data.endOffset();
        }
    }

    @Override
    public long sizeInBytes() {
        synchronized (engine) {
            return data.batches.stream()
                    .mapToLong(batch -> batch.bytes().size())
                    .sum();
        }
    }

    @Override
    public CompletionStage<Void> append(RecordBatch batch) {
        synchronized (engine) {
            engine.calls.add("append");
            if (batch.baseOffset() < acceptedEnd) {
                throw new IllegalArgumentException(batch + " lies before " + acceptedEnd);
            }
            if (leaderEpoch < data.leaderEpoch) {
                return CompletableFuture.failedFuture(new LogFencedException("epoch " + leaderEpoch));
            }
            if (unusable() || broken) {
                return failed("the log takes no more appends");
            }
            acceptedEnd = batch.nextOffset();
            if (engine.failAppends > 0) {
                engine.failAppends--;
                return engine.later(engine.delayedAppends, () -> {
                    broken = true;
                    throw new StorageException("the disk is full");
                });
            }
            return engine.later(engine.delayedAppends, () -> keep(batch));
        }
    }

    /** The bytes are read only now, so that a test sees it if somebody gave them away too early. */
    private void keep(RecordBatch batch) {
        if (unusable() || broken) {
            throw new StorageException("the log takes no more appends");
        }
        data.batches.add(
                new Stored(batch.baseOffset(), batch.nextOffset(), batch.maxTimestamp(), Bytes.copyOf(batch.buffer())));
    }

    @Override
    public CompletionStage<Void> sync() {
        synchronized (engine) {
            engine.calls.add("sync");
            if (unusable() || broken) {
                return failed("the log is not usable");
            }
            int appended = data.batches.size();
            if (engine.failSyncs > 0) {
                engine.failSyncs--;
                return engine.later(engine.delayedSyncs, () -> {
                    broken = true;
                    throw new StorageException("the device failed");
                });
            }
            return engine.later(engine.delayedSyncs, () -> data.synced = Math.max(data.synced, appended));
        }
    }

    @Override
    public CompletionStage<RecordData> read(long offset, int maxBytes, boolean atLeastOneBatch, long endOffset) {
        synchronized (engine) {
            if (unusable()) {
                return failed("the log is closed");
            }
            if (offset < data.startOffset) {
                return CompletableFuture.failedFuture(new OffsetOutOfRangeException(offset + " was trimmed"));
            }
            ByteBuffer target = ByteBuffer.allocate((int) sizeInBytes());
            for (Stored batch : data.batches) {
                if (batch.endOffset() > offset && batch.baseOffset() < endOffset) {
                    if (data.damaged.contains(batch.baseOffset())) {
                        if (target.position() == 0) {
                            return CompletableFuture.failedFuture(
                                    new CorruptLogException("nothing is whole at " + batch.baseOffset()));
                        }
                        // As from a file: what lies behind the first batch comes as it is.
                        target.put(new byte[Math.min(batch.bytes().size(), Math.max(0, maxBytes - target.position()))]);
                        break;
                    }
                    boolean first = target.position() == 0 && atLeastOneBatch;
                    int room = first ? batch.bytes().size() : maxBytes - target.position();
                    target.put(batch.bytes()
                            .toBuffer()
                            .limit(Math.max(0, Math.min(room, batch.bytes().size()))));
                    if (target.position() >= maxBytes) {
                        break;
                    }
                }
            }
            return CompletableFuture.completedFuture(RecordData.of(target.flip()));
        }
    }

    @Override
    public CompletionStage<Optional<Long>> findTimestamp(long timestamp) {
        synchronized (engine) {
            return CompletableFuture.completedFuture(data.batches.stream()
                    .filter(batch -> batch.maxTimestamp() >= timestamp)
                    .map(Stored::baseOffset)
                    .findFirst());
        }
    }

    @Override
    public List<LogSegment> segments() {
        synchronized (engine) {
            List<LogSegment> segments = new ArrayList<>();
            for (int from = 0; from < data.batches.size(); from += BATCHES_A_SEGMENT) {
                List<Stored> part = data.batches.subList(from, Math.min(from + BATCHES_A_SEGMENT, data.batches.size()));
                segments.add(new LogSegment(
                        part.get(0).baseOffset(),
                        part.get(part.size() - 1).endOffset(),
                        part.stream().mapToLong(batch -> batch.bytes().size()).sum(),
                        part.stream().mapToLong(Stored::maxTimestamp).max().orElse(-1)));
            }
            return segments.isEmpty() ? List.of(new LogSegment(data.endOffset(), data.endOffset(), 0, -1)) : segments;
        }
    }

    @Override
    public CompletionStage<Void> trim(long startOffset) {
        synchronized (engine) {
            engine.calls.add("trim");
            if (unusable()) {
                return failed("the log is closed");
            }
            data.trim(startOffset);
            return Stages.DONE;
        }
    }

    @Override
    public CompletionStage<Void> truncate(long endOffset) {
        throw new UnsupportedOperationException("a leader does not truncate");
    }

    @Override
    public CompletionStage<Void> writeCheckpoint(String name, Bytes content) {
        synchronized (engine) {
            engine.calls.add(name);
            if (unusable()) {
                return failed("the log is closed");
            }
            data.checkpoints.put(name, content);
            return Stages.DONE;
        }
    }

    @Override
    public CompletionStage<Optional<Bytes>> readCheckpoint(String name) {
        synchronized (engine) {
            return CompletableFuture.completedFuture(Optional.ofNullable(data.checkpoints.get(name)));
        }
    }

    @Override
    public void reconfigure(Configuration configuration) {}

    @Override
    public CompletionStage<Void> close() {
        synchronized (engine) {
            engine.calls.add("close");
            if (!broken) {
                data.synced = data.batches.size();
            }
            closed = true;
            return Stages.DONE;
        }
    }
}
