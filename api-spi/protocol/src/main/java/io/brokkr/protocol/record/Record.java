package io.brokkr.protocol.record;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record of a batch: a view of bytes that were found sound when the iterator came by.
 *
 * <pre>
 *   length          varint    bytes that follow
 *   attributes      int8      unused
 *   timestampDelta  varlong   against the batch's base timestamp
 *   offsetDelta     varint    against the batch's base offset
 *   keyLength       varint    -1: null
 *   key             bytes
 *   valueLength     varint    -1: null, which a compacted topic takes for a deletion
 *   value           bytes
 *   headerCount     varint
 *   headers         keyLength varint, key (UTF-8), valueLength varint (-1: null), value
 * </pre>
 *
 * <p>Varints are zig-zag encoded. Source: "Message Format" in the documentation of Apache Kafka, KIP-98 and KIP-82.
 */
@SuppressWarnings("JavaLangClash") // the protocol's term; whoever imports this class by name cannot confuse the two
public final class Record {

    private final ByteBuffer data;
    private final long offset;
    private final long timestamp;
    private final int bodyPosition;
    private final int endPosition;
    private final int keyPosition;
    private final int keySize;
    private final int valuePosition;
    private final int valueSize;
    private final int headersPosition;
    private final int headerCount;

    private Record(RecordReader reader, ByteBuffer data, long offset, long timestamp) {
        this.data = data;
        this.offset = offset;
        this.timestamp = timestamp;
        bodyPosition = reader.position();
        keySize = reader.skipNullableBytes();
        keyPosition = reader.position() - Math.max(keySize, 0);
        valueSize = reader.skipNullableBytes();
        valuePosition = reader.position() - Math.max(valueSize, 0);
        headerCount = reader.readVarint();
        headersPosition = reader.position();
        if (headerCount < 0) {
            throw RecordReader.malformed("it has " + headerCount + " headers");
        }
        for (int i = 0; i < headerCount; i++) {
            reader.skipHeader();
        }
        endPosition = reader.position();
    }

    /** Reads one record, whose end is the reader's. */
    static Record read(RecordReader reader, ByteBuffer data, RecordBatch batch) {
        reader.skip(1);
        long timestampDelta = reader.readVarlong();
        long timestamp = batch.timestampType() == TimestampType.LOG_APPEND_TIME
                ? batch.maxTimestamp()
                : batch.baseTimestamp() + timestampDelta;
        Record result = new Record(reader, data, batch.baseOffset() + reader.readVarint(), timestamp);
        if (reader.remaining() > 0) {
            throw RecordReader.malformed(reader.remaining() + " bytes are left after its last header");
        }
        return result;
    }

    /** The record's place in its partition; of a batch that was not appended yet, its place in the batch. */
    public long offset() {
        return offset;
    }

    /** Epoch milliseconds, or {@link RecordBatch#NO_TIMESTAMP}. */
    public long timestamp() {
        return timestamp;
    }

    /** Whether the key is other than null. */
    public boolean hasKey() {
        return keySize >= 0;
    }

    /** A view of the key, or null. */
    public @Nullable ByteBuffer key() {
        return keySize < 0 ? null : data.slice(keyPosition, keySize);
    }

    /** Whether the value is other than null. */
    public boolean hasValue() {
        return valueSize >= 0;
    }

    /** A view of the value, or null. */
    public @Nullable ByteBuffer value() {
        return valueSize < 0 ? null : data.slice(valuePosition, valueSize);
    }

    /** The headers in order, their values views, read anew by each call. */
    public List<RecordHeader> headers() {
        if (headerCount == 0) {
            return List.of();
        }
        RecordReader reader = new RecordReader(data, headersPosition, data.limit());
        List<RecordHeader> headers = new ArrayList<>(headerCount);
        for (int i = 0; i < headerCount; i++) {
            headers.add(reader.readHeader());
        }
        return headers;
    }

    /** Writes the record as one of a batch with the same or another base; what follows the deltas is copied. */
    void writeTo(OutputStream target, long baseOffset, long baseTimestamp) throws IOException {
        long timestampDelta = timestamp - baseTimestamp;
        long offsetDelta = offset - baseOffset;
        int bodySize = endPosition - bodyPosition;
        int size = 1 + ZigZagVarint.sizeOf(timestampDelta) + ZigZagVarint.sizeOf(offsetDelta) + bodySize;
        ByteBuffer bytes = ByteBuffer.allocate(ZigZagVarint.sizeOf(size) + size);
        ZigZagVarint.put(bytes, size);
        bytes.put((byte) 0);
        ZigZagVarint.put(bytes, timestampDelta);
        ZigZagVarint.put(bytes, offsetDelta);
        bytes.put(data.slice(bodyPosition, bodySize));
        target.write(bytes.array());
    }

    @Override
    public String toString() {
        return "Record[offset " + offset + ", timestamp " + timestamp + ", key of " + keySize + " bytes, value of "
                + valueSize + " bytes, " + headerCount + " headers]";
    }
}
