package io.brokkr.plugin.topicadmin;

import static io.brokkr.plugin.topicadmin.TopicMove.await;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.protocol.record.InvalidRecordBatchException;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatchBuilder;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * Copies a log into an empty one, batch by batch, and makes sure that it is the same there. Used by one thread, which it blocks.
 *
 * <p>The notes beside a log are not copied: whoever keeps notes finds out again what is in them from the batches, as in a log that was adopted.
 */
final class LogCopy {

    private static final int CHUNK_BYTES = 1 << 20;
    private static final long BYTES_BETWEEN_NEWS = 64L << 20;

    private final PartitionLog from;
    private final PartitionLog to;
    private final PrintStream progress;
    private long copiedBytes;
    private long toldBytes;

    LogCopy(PartitionLog from, PartitionLog to, PrintStream progress) {
        this.from = from;
        this.to = to;
        this.progress = progress;
    }

    /**
     * Does it; what was copied is durable then.
     *
     * @throws StorageException if something cannot be read or written, or a batch is damaged
     */
    void run() {
        long sent = checksum(from, from.startOffset(), this::copy);
        if (to.endOffset() < from.endOffset()) {
            await(to.append(placeholder(from.endOffset() - 1)));
        }
        await(to.trim(from.startOffset()));
        await(to.sync());
        long arrived = checksum(to, from.startOffset(), batch -> {});
        if (sent != arrived || to.startOffset() != from.startOffset() || to.endOffset() != from.endOffset()) {
            throw new StorageException("what the new engine gives back of " + from.id()
                    + " is not what it was given; the topic stays where it is");
        }
        progress.println(from.id() + ": " + copiedBytes + " bytes, offsets " + from.startOffset() + " to "
                + from.endOffset() + ", copied and read again");
    }

    private void copy(RecordBatch batch) {
        await(to.append(batch));
        copiedBytes += batch.sizeInBytes();
        if (copiedBytes - toldBytes >= BYTES_BETWEEN_NEWS) {
            toldBytes = copiedBytes;
            progress.println(from.id() + ": " + (copiedBytes >> 20) + " of " + (from.sizeInBytes() >> 20) + " MiB");
        }
    }

    /** Shows all batches but those without records, which stand for offsets alone, and sums them up. */
    private static long checksum(PartitionLog log, long startOffset, Consumer<RecordBatch> visitor) {
        CRC32C checksum = new CRC32C();
        long end = log.endOffset();
        long offset = startOffset;
        while (offset < end) {
            long before = offset;
            try (RecordData chunk = await(log.read(offset, CHUNK_BYTES, true, end))) {
                for (RecordBatch batch : RecordBatches.possiblyCut(chunk.toBuffer())) {
                    batch.verify();
                    visitor.accept(batch);
                    if (batch.recordCount() > 0) {
                        checksum.update(batch.buffer());
                    }
                    offset = batch.nextOffset();
                }
            } catch (InvalidRecordBatchException damaged) {
                throw new StorageException(
                        log.id() + " is damaged at offset " + offset + ": " + damaged.getMessage()
                                + "; mend it first, as bin/brokkr log verify says for the engine log",
                        damaged);
            } catch (IOException unreadable) {
                throw new StorageException("cannot read " + log.id() + " at offset " + offset, unreadable);
            }
            if (offset == before) {
                // Offsets without a batch, at the end.
                break;
            }
        }
        return checksum.getValue();
    }

    /** A batch without records, such as compaction leaves, which takes the log to its end. */
    private static RecordBatch placeholder(long lastOffset) {
        RecordBatch batch = RecordBatch.of(
                        new RecordBatchBuilder().append(0, null, null).build())
                .retaining(record -> false, OptionalLong.empty(), CompressionCodecs.NONE);
        batch.setBaseOffset(lastOffset);
        return batch;
    }
}
