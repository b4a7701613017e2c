package io.brokkr.storage.log;

import io.brokkr.protocol.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * The entries that segments consisted of before Apache Kafka 0.11, and that an old folder may still hold. They are no batches, and are told from garbage by their checksum.
 *
 * <pre>
 *    0  8  offset
 *    8  4  bytes that follow
 *   12  4  CRC-32 of what follows
 *   16  1  magic, 0 or 1
 * </pre>
 */
final class OldMessage {

    private static final int LENGTH_COUNTS_FROM = 12;
    private static final int CRC_AT = 12;

    /** Of the older one without key and value. */
    private static final int LEAST_SIZE = 26;

    private OldMessage() {}

    /** Whether there is a whole one at a position. */
    static boolean isAt(ByteBuffer bytes, int position) {
        int left = bytes.limit() - position;
        if (left < LEAST_SIZE || !isOld(bytes.get(position + RecordBatch.MAGIC_POSITION))) {
            return false;
        }
        long size = (long) bytes.getInt(position + RecordBatch.LENGTH_POSITION) + LENGTH_COUNTS_FROM;
        if (size < LEAST_SIZE || size > left) {
            return false;
        }
        CRC32 crc = new CRC32();
        crc.update(bytes.slice(position + RecordBatch.MAGIC_POSITION, (int) size - RecordBatch.MAGIC_POSITION));
        return (int) crc.getValue() == bytes.getInt(position + CRC_AT);
    }

    private static boolean isOld(byte magic) {
        return magic == 0 || magic == 1;
    }
}
