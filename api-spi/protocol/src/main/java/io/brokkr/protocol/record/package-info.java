/**
 * Record batches, the unit in which records travel and are stored: views of bytes that stay where they are.
 *
 * <p>A broker moves batches and hardly ever looks inside. {@link io.brokkr.protocol.record.RecordBatches} finds the batches in a
 * buffer, {@link io.brokkr.protocol.record.RecordBatch} reads the header of one, verifies its checksum and patches the few fields
 * that belong to the broker, and {@link io.brokkr.protocol.record.Record} is for those who need the content, such as a
 * coordinator that replays its log. {@link io.brokkr.protocol.record.RecordBatchBuilder} makes batches.
 *
 * <p>A compressed batch is opened with the {@link io.brokkr.protocol.record.CompressionCodecs} that there are: {@link io.brokkr.protocol.record.RecordStream} shows its
 * records one at a time, {@link io.brokkr.protocol.record.RecordBatch#recompressed} changes its compression, and {@link io.brokkr.protocol.record.RecordBatch#edited} what its
 * records carry.
 *
 * <p>All this is about magic 2, which every client since Kafka 0.11 writes (KIP-98). The message sets of magic 0 and 1 are recognised here and
 * refused by name; {@link io.brokkr.protocol.record.legacy} turns them into batches and back.
 *
 * <ul>
 *   <li><b>Ownership.</b> No class here copies or releases bytes. A view is valid as long as the buffer below it is, and it
 *       sees what others write there. What {@link io.brokkr.protocol.record.RecordBatchBuilder} and {@link io.brokkr.protocol.record.GrowingBuffer} make
 *       is on the heap, and so is what is decompressed.
 *   <li><b>Buffers.</b> Heap, direct and read-only buffers serve alike. A buffer that is passed in keeps its position, limit and
 *       byte order; one that is returned is the caller's own view.
 *   <li><b>Threads.</b> Views may be read by many threads at once as long as nobody patches the bytes. Iterators and builders
 *       belong to one thread at a time.
 *   <li><b>Errors.</b> Whatever the bytes are, reading them fails with {@link io.brokkr.protocol.record.InvalidRecordBatchException} or
 *       not at all, and no length field in them makes anyone allocate. What they decompress to is bounded, see {@link
 *       io.brokkr.protocol.record.DecompressedBytes}.
 * </ul>
 */
@NullMarked
@Stability(Stability.Level.STABLE)
package io.brokkr.protocol.record;

import io.brokkr.protocol.Stability;
import org.jspecify.annotations.NullMarked;
