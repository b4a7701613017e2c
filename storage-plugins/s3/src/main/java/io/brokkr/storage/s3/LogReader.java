package io.brokkr.storage.s3;

import io.brokkr.protocol.RecordBuffers;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.spi.storage.CorruptLogException;
import io.brokkr.spi.storage.OffsetOutOfRangeException;
import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a log, in the store and in memory. */
final class LogReader {

    private static final int SEARCH_BYTES = 1 << 20;

    private final S3Log log;
    private final LogKeys keys;
    private final BlockCache cache;

    LogReader(S3Log log, LogKeys keys, BlockCache cache) {
        this.log = log;
        this.keys = keys;
        this.cache = cache;
    }

    /** Null if the store had to be asked. */
    @Nullable
    RecordData readWithoutWaiting(long offset, int maxBytes, boolean atLeastOneBatch, long endOffset) {
        return read(
                offset,
                maxBytes,
                atLeastOneBatch,
                endOffset,
                (object, from, length) -> cache.cached(keys.data(object), from, length));
    }

    /** Waits for the store. */
    RecordData read(long offset, int maxBytes, boolean atLeastOneBatch, long endOffset) {
        RecordData read = read(
                offset,
                maxBytes,
                atLeastOneBatch,
                endOffset,
                (object, from, length) -> cache.load(keys.data(object), object.sizeInBytes(), from, length));
        if (read == null) {
            throw new IllegalStateException("a source that waits has not waited");
        }
        return read;
    }

    private @Nullable RecordData read(
            long offset, int maxBytes, boolean atLeastOneBatch, long endOffset, ObjectReader.Source source) {
        long from = offset;
        while (true) {
            DataObject object;
            synchronized (log) {
                log.requireReadable(from);
                if (maxBytes == 0 && !atLeastOneBatch) {
                    return RecordData.empty();
                }
                object = log.objects().holding(from);
                if (object == null) {
                    return RecordBuffers.of(log.tail().read(from, maxBytes, atLeastOneBatch, endOffset), () -> {});
                }
            }
            if (object.baseOffset() >= endOffset) {
                return RecordData.empty();
            }
            try {
                ByteBuffer found = new ObjectReader(object, source).read(from, maxBytes, atLeastOneBatch, endOffset);
                if (found == null || found.hasRemaining()) {
                    return found == null ? null : RecordBuffers.of(found);
                }
                from = object.endOffset();
            } catch (MissingObjectException gone) {
                requireReplaced(object, gone);
            } catch (CorruptLogException damaged) {
                throw new CorruptLogException(
                        damaged.getMessage() + ", in " + keys.data(object) + " of the log " + keys.id(), damaged);
            }
        }
    }

    /** A merge, a trim or a truncation may have come first. */
    private void requireReplaced(DataObject object, MissingObjectException gone) {
        synchronized (log) {
            if (log.objects().contains(object)) {
                throw new StorageException(
                        "the log " + keys.id() + " cannot be read: " + gone.getMessage()
                                + ", which was put; restore it",
                        gone);
            }
        }
    }

    /** As {@link io.brokkr.spi.storage.PartitionLog#findTimestamp}; waits for the store only where the log's start lies within an object. */
    Optional<Long> findTimestamp(long timestamp) {
        while (true) {
            try {
                return search(timestamp);
            } catch (OffsetOutOfRangeException trimmed) {
                // What was being searched is gone: again from the new start.
            }
        }
    }

    private Optional<Long> search(long timestamp) {
        long start;
        DataObject cut;
        synchronized (log) {
            start = log.startOffset();
            cut = log.objects().holding(start);
            if (cut == null || cut.baseOffset() == start || cut.maxTimestamp() < timestamp) {
                return findFrom(start, timestamp);
            }
        }
        return findWithin(start, cut.endOffset(), timestamp).or(() -> findFrom(cut.endOffset(), timestamp));
    }

    /** In objects that reach beyond an offset, and in memory. */
    private Optional<Long> findFrom(long offset, long timestamp) {
        synchronized (log) {
            return log.objects().all().stream()
                    .filter(object -> object.endOffset() > offset
                            && object.dataSizeInBytes() > 0
                            && object.maxTimestamp() >= timestamp)
                    .findFirst()
                    .map(DataObject::baseOffset)
                    .or(() -> log.tail().findTimestamp(timestamp))
                    .map(found -> Math.max(found, log.startOffset()));
        }
    }

    /** Batch by batch. */
    private Optional<Long> findWithin(long startOffset, long endOffset, long timestamp) {
        long offset = startOffset;
        while (offset < endOffset) {
            try (RecordData data = read(offset, SEARCH_BYTES, true, endOffset)) {
                long before = offset;
                for (RecordBatch batch : RecordBatches.possiblyCut(data.toBuffer())) {
                    if (batch.maxTimestamp() >= timestamp) {
                        return Optional.of(Math.max(batch.baseOffset(), startOffset));
                    }
                    offset = batch.nextOffset();
                }
                if (offset == before) {
                    return Optional.empty();
                }
            } catch (IOException impossible) {
                throw new StorageException("the log " + keys.id() + " cannot be searched: " + impossible, impossible);
            }
        }
        return Optional.empty();
    }
}
