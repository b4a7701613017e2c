package io.brokkr.storage.s3;

import io.brokkr.protocol.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.List;

/** A data object, ready to be put. */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them, or keeps them for long.
record EncodedObject(DataObject object, byte[] bytes) {

    /**
     * Puts batches one behind the other, and their index behind them.
     *
     * @param owner whose generation it carries
     * @param maxTimestampIfEmpty what the key says if there are none
     */
    static EncodedObject of(
            long baseOffset, long endOffset, LogOwner owner, List<RecordBatch> batches, long maxTimestampIfEmpty) {
        int dataSize = batches.stream().mapToInt(RecordBatch::sizeInBytes).reduce(0, Math::addExact);
        ByteBuffer bytes = ByteBuffer.allocate(Math.addExact(dataSize, ObjectIndex.sizeInBytes(batches)));
        batches.forEach(batch -> bytes.put(batch.buffer()));
        ObjectIndex.write(batches, bytes);
        long maxTimestamp =
                batches.stream().mapToLong(RecordBatch::maxTimestamp).max().orElse(maxTimestampIfEmpty);
        DataObject object = new DataObject(
                baseOffset,
                endOffset,
                maxTimestamp,
                owner.content().generation(),
                owner.nextNumber(),
                dataSize,
                bytes.capacity());
        return new EncodedObject(object, bytes.array());
    }
}
