package io.brokkr.storage.tiered;

import io.brokkr.protocol.Bytes;
import io.brokkr.spi.storage.LogSegment;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ColdPart} as it is kept in the hot tier.
 *
 * <pre>
 *   int8   version, 1
 *   int8   1 if it is rewound, else 0
 *   int64  start offset
 *   int64  end offset
 *   int32  number of segments; of each
 *     int64  base offset
 *     int64  end offset
 *     int64  size in bytes
 *     int64  largest timestamp
 *   int32  CRC-32C of all that stands before it
 * </pre>
 */
final class ColdPartFormat {

    private static final byte VERSION = 1;
    private static final int BYTES_WITHOUT_SEGMENTS = 1 + 1 + 8 + 8 + 4 + 4;
    private static final int BYTES_OF_A_SEGMENT = 4 * 8;

    private ColdPartFormat() {}

    static Bytes write(ColdPart part) {
        ByteBuffer content = ByteBuffer.allocate(
                BYTES_WITHOUT_SEGMENTS + BYTES_OF_A_SEGMENT * part.segments().size());
        content.put(VERSION).put((byte) (part.isRewound() ? 1 : 0));
        content.putLong(part.startOffset()).putLong(part.endOffset());
        content.putInt(part.segments().size());
        for (LogSegment segment : part.segments()) {
            content.putLong(segment.baseOffset()).putLong(segment.endOffset());
            content.putLong(segment.sizeInBytes()).putLong(segment.maxTimestamp());
        }
        return Bytes.copyOf(content.putInt(checksum(content)).flip());
    }

    /** Null if it is not what was written, or of a newer version. */
    static @Nullable ColdPart read(Bytes note) {
        ByteBuffer content = note.toBuffer();
        if (content.limit() < BYTES_WITHOUT_SEGMENTS) {
            return null;
        }
        content.position(content.limit() - Integer.BYTES);
        if (checksum(content) != content.getInt() || content.rewind().get() != VERSION) {
            return null;
        }
        try {
            boolean isRewound = content.get() == 1;
            long startOffset = content.getLong();
            long endOffset = content.getLong();
            List<LogSegment> segments = new ArrayList<>();
            for (int left = content.getInt(); left > 0; left--) {
                segments.add(
                        new LogSegment(content.getLong(), content.getLong(), content.getLong(), content.getLong()));
            }
            return new ColdPart(startOffset, endOffset, segments, isRewound);
        } catch (BufferUnderflowException tooShort) {
            return null;
        }
    }

    /** Of what stands before the position. */
    private static int checksum(ByteBuffer content) {
        CRC32C checksum = new CRC32C();
        checksum.update(content.duplicate().flip());
        return (int) checksum.getValue();
    }
}
