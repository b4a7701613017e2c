package io.brokkr.protocol.record.legacy;

import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.protocol.record.GrowingBuffer;
import io.brokkr.protocol.record.Record;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.TimestampType;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Writes messages of one magic behind each other. */
final class MessageSetWriter {

    private static final int INITIAL_CAPACITY = 16 << 10;
    private static final int COMPRESSED_AT_ONCE = 16 << 10;
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final byte magic;
    private final GrowingBuffer target = new GrowingBuffer(INITIAL_CAPACITY, LARGEST_ARRAY);
    /** Messages that are still to be compressed. */
    private final GrowingBuffer waiting = new GrowingBuffer(0, LARGEST_ARRAY);

    MessageSetWriter(byte magic) {
        this.magic = magic;
    }

    int size() {
        return target.size();
    }

    void truncate(int size) {
        target.truncate(size);
    }

    ByteBuffer written() {
        return target.written();
    }

    /** Writes a message of its own, if the set stays within a size with it. */
    boolean writeWithin(long maximumSize, Record message, TimestampType type) {
        ByteBuffer key = message.key();
        ByteBuffer value = message.value();
        if (target.size() + LegacyMessage.sizeOf(magic, key, value) > maximumSize) {
            return false;
        }
        write(target, message.offset(), message.timestamp(), type, key, value);
        return true;
    }

    /** Writes a wrapper around one message or more. */
    void writeWrapper(
            Iterator<Record> messages, Compression compression, TimestampType type, CompressionCodecs codecs) {
        int start = target.size();
        int valueStart = start + LegacyMessage.headerSize(magic) + 2 * Integer.BYTES;
        target.room(valueStart - start).position(valueStart);
        long firstOffset = -1;
        long lastOffset = -1;
        long maxTimestamp = RecordBatch.NO_TIMESTAMP;
        try (OutputStream compressor = codecs.compress(compression, target, magic)) {
            while (messages.hasNext()) {
                Record next = messages.next();
                lastOffset = next.offset();
                firstOffset = firstOffset < 0 ? lastOffset : firstOffset;
                maxTimestamp = Math.max(maxTimestamp, next.timestamp());
                long innerOffset = magic == 0 ? lastOffset : lastOffset - firstOffset;
                write(waiting, innerOffset, next.timestamp(), type, next.key(), next.value());
                if (waiting.size() >= COMPRESSED_AT_ONCE) {
                    compressWaiting(compressor);
                }
            }
            compressWaiting(compressor);
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory does not take what is compressed", impossible);
        }
        ByteBuffer set = target.room(0);
        putHeader(set, start, lastOffset, maxTimestamp, type, compression);
        set.putInt(valueStart - 2 * Integer.BYTES, -1);
        set.putInt(valueStart - Integer.BYTES, target.size() - valueStart);
        seal(set, start);
    }

    private void compressWaiting(OutputStream compressor) throws IOException {
        ByteBuffer messages = waiting.written();
        compressor.write(messages.array(), messages.arrayOffset(), messages.limit());
        waiting.truncate(0);
    }

    private void write(
            GrowingBuffer sink,
            long offset,
            long timestamp,
            TimestampType type,
            @Nullable ByteBuffer key,
            @Nullable ByteBuffer value) {
        int start = sink.size();
        ByteBuffer set = sink.room(Math.toIntExact(LegacyMessage.sizeOf(magic, key, value)));
        putHeader(set, start, offset, timestamp, type, Compression.NONE);
        set.position(start + LegacyMessage.headerSize(magic));
        put(set, key);
        put(set, value);
        seal(set, start);
    }

    private void putHeader(
            ByteBuffer set, int start, long offset, long timestamp, TimestampType type, Compression compression) {
        int flag = magic > 0 && type == TimestampType.LOG_APPEND_TIME ? LegacyMessage.LOG_APPEND_TIME_FLAG : 0;
        set.putLong(start + LegacyMessage.OFFSET_POSITION, offset);
        set.put(start + LegacyMessage.MAGIC_POSITION, magic);
        set.put(start + LegacyMessage.ATTRIBUTES_POSITION, (byte) (compression.code() | flag));
        if (magic > 0) {
            set.putLong(start + LegacyMessage.TIMESTAMP_POSITION, timestamp);
        }
    }

    private static void put(ByteBuffer set, @Nullable ByteBuffer bytes) {
        if (bytes == null) {
            set.putInt(-1);
        } else {
            set.putInt(bytes.remaining()).put(bytes);
        }
    }

    /** Writes what depends on the whole message, which ends at the position. */
    private static void seal(ByteBuffer set, int start) {
        int end = set.position();
        set.putInt(start + LegacyMessage.SIZE_POSITION, end - start - LegacyMessage.OVERHEAD_SIZE);
        set.putInt(start + LegacyMessage.CRC_POSITION, (int) LegacyMessage.crcOf(set, start, end));
    }
}
