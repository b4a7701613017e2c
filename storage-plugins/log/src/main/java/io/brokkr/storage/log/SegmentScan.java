package io.brokkr.storage.log;

import io.brokkr.protocol.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Goes through all bytes of a segment, sound or not: what is a whole batch is told as one, and what lies between two of them as damage. The layout stands in {@link RecordBatch}.
 *
 * <p>The checksum leaves out base offset and leader epoch. A base offset is believed if it fits what lies before and behind it; the leader epoch is not looked at.
 */
final class SegmentScan {

    private static final int LENGTH_COUNTS_FROM = RecordBatch.LENGTH_POSITION + Integer.BYTES;
    private static final int CRC_AT = 17;
    private static final int LAST_OFFSET_DELTA_AT = 23;

    private final ByteBuffer bytes;
    private final long segmentBase;
    private final Visitor visitor;
    private long nextOffset;

    /**
     * Bytes that are no batch.
     *
     * @param isOldFormat whether they begin with a message of the format before batches
     */
    record Damage(int position, int end, String reason, boolean isOldFormat) {}

    /** Is told of everything in the order of the file. */
    interface Visitor {
        /** A whole batch; the view is valid during the call. */
        void batch(int position, RecordBatch batch) throws IOException;

        /**
         * What is no batch.
         *
         * @param from the least offset that may have been here
         */
        void damage(Damage damage, long from) throws IOException;
    }

    /**
     * Of bytes from position 0 to limit.
     *
     * @param segmentBase the offset in the name of the file
     */
    SegmentScan(ByteBuffer bytes, long segmentBase, Visitor visitor) {
        this.bytes = bytes;
        this.segmentBase = segmentBase;
        this.visitor = visitor;
        this.nextOffset = segmentBase;
    }

    /** The content of a file, which must not become shorter while it is used. No segment is larger than what fits. */
    static ByteBuffer map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(channel.size(), Integer.MAX_VALUE));
        }
    }

    /**
     * Goes through all of it.
     *
     * @return the offset behind the last batch, the segment's own where there is none
     */
    long run() throws IOException {
        int position = 0;
        while (position < bytes.limit()) {
            String fault = faultAt(position);
            if (fault == null) {
                fault = contradictionBehind(position);
            }
            if (fault == null) {
                RecordBatch batch = RecordBatch.of(bytes.slice(position, sizeAt(position)));
                visitor.batch(position, batch);
                nextOffset = batch.nextOffset();
                position += batch.sizeInBytes();
            } else {
                int end = endOfDamage(position);
                boolean isOld = OldMessage.isAt(bytes, position);
                String reason = isOld
                        ? "messages of the format " + bytes.get(position + RecordBatch.MAGIC_POSITION)
                                + " lie here, which Apache Kafka wrote before 0.11, and which Brokkr does not read"
                        : fault;
                visitor.damage(new Damage(position, end, reason, isOld), nextOffset);
                position = end;
            }
        }
        return nextOffset;
    }

    /** Why there is no whole batch that may follow what was seen so far; null if there is one. */
    private @Nullable String faultAt(int position) {
        int left = bytes.limit() - position;
        if (left < RecordBatch.HEADER_SIZE) {
            return "the file ends within the header of a batch";
        }
        byte magic = bytes.get(position + RecordBatch.MAGIC_POSITION);
        if (magic != RecordBatch.MAGIC) {
            return "the magic is " + magic + ", where " + RecordBatch.MAGIC + " must be";
        }
        long size = (long) bytes.getInt(position + RecordBatch.LENGTH_POSITION) + LENGTH_COUNTS_FROM;
        if (size < RecordBatch.HEADER_SIZE) {
            return "the batch would have " + size + " bytes, less than its header";
        }
        if (size > left) {
            return "the batch would have " + size + " bytes, and the file ends after " + left;
        }
        int crc = crcOf(position, (int) size);
        if (crc != bytes.getInt(position + CRC_AT)) {
            return "the checksum is %08x, and should be %08x".formatted(bytes.getInt(position + CRC_AT), crc);
        }
        return offsetFaultAt(position);
    }

    /** Of eight bytes that are none, hardly any are an offset that may be here. To look at them first spares a search through damage the checksums of what would be large batches. */
    private boolean hasPossibleOffsets(int position) {
        long base = bytes.getLong(position);
        int delta = bytes.getInt(position + LAST_OFFSET_DELTA_AT);
        return base >= nextOffset && delta >= 0 && base - segmentBase <= Integer.MAX_VALUE - (long) delta;
    }

    private @Nullable String offsetFaultAt(int position) {
        if (hasPossibleOffsets(position)) {
            return null;
        }
        long base = bytes.getLong(position);
        int delta = bytes.getInt(position + LAST_OFFSET_DELTA_AT);
        return base < nextOffset
                ? "the batch begins at offset " + base + ", and what lies before it ends at " + nextOffset
                : "the batch goes from offset " + base + " on for " + delta + ", which a segment that begins at "
                        + segmentBase + " cannot hold";
    }

    /** Why a batch that leaves offsets out is the wrong one rather than that behind it; null if it is not. */
    private @Nullable String contradictionBehind(int position) {
        long base = bytes.getLong(position);
        int behind = position + sizeAt(position);
        if (base == nextOffset || behind == bytes.limit() || faultAt(behind) != null) {
            return null;
        }
        long last = base + bytes.getInt(position + LAST_OFFSET_DELTA_AT);
        long next = bytes.getLong(behind);
        return next > last
                ? null
                : "the batch says that it goes to offset " + last + ", and the next one begins at " + next;
    }

    private int sizeAt(int position) {
        return bytes.getInt(position + RecordBatch.LENGTH_POSITION) + LENGTH_COUNTS_FROM;
    }

    private int crcOf(int position, int size) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(position + BatchCursor.CHECKED_FROM, size - BatchCursor.CHECKED_FROM));
        return (int) crc.getValue();
    }

    /** The next whole batch, or the end. Where the damaged batch says it is, first of all; then byte by byte. */
    private int endOfDamage(int position) {
        if (bytes.limit() - position >= RecordBatch.HEADER_SIZE) {
            long size = (long) bytes.getInt(position + RecordBatch.LENGTH_POSITION) + LENGTH_COUNTS_FROM;
            long end = position + size;
            if (size >= RecordBatch.HEADER_SIZE && end <= bytes.limit()) {
                if (end == bytes.limit() || faultAt((int) end) == null) {
                    return (int) end;
                }
            }
        }
        for (int at = position + 1; at <= bytes.limit() - RecordBatch.HEADER_SIZE; at++) {
            if (bytes.get(at + RecordBatch.MAGIC_POSITION) == RecordBatch.MAGIC
                    && hasPossibleOffsets(at)
                    && faultAt(at) == null) {
                return at;
            }
        }
        return bytes.limit();
    }
}
