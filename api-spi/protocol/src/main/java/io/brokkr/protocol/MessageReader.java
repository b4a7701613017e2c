package io.brokkr.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads the protocol's types, one behind the other, out of a buffer.
 *
 * <p>No length is believed before there are bytes enough for it, so what is allocated is in proportion to the buffer, whatever stands in
 * it. All methods throw {@link InvalidMessageException} if the bytes cannot be what is asked for. Integers are big-endian.
 *
 * <p>In flexible versions (KIP-482) texts, bytes and arrays are <em>compact</em>: their length is an unsigned varint that is one
 * too high, and 0 stands for null. Otherwise the length is an int16 for texts, else an int32, and -1 stands for null.
 *
 * <p>Not safe for use by several threads.
 */
public final class MessageReader {

    /** Kafka neither reads nor writes a longer one, compact or not. */
    private static final int LONGEST_STRING_IN_BYTES = Short.MAX_VALUE;

    private final ByteBuffer buffer;

    /** Reads the remaining bytes of a buffer, whose own position stays where it is; record data that is read refers to its memory. */
    public MessageReader(ByteBuffer buffer) {
        this.buffer = buffer.slice();
    }

    /** The number of bytes that are left. */
    public int remaining() {
        return buffer.remaining();
    }

    /** Reads an int8. */
    public byte readInt8() {
        return require(1).get();
    }

    /** Reads an int16. */
    public short readInt16() {
        return require(2).getShort();
    }

    /** Reads an uint16. */
    public int readUint16() {
        return Short.toUnsignedInt(require(2).getShort());
    }

    /** Reads an int32. */
    public int readInt32() {
        return require(4).getInt();
    }

    /** Reads an uint32. */
    public long readUint32() {
        return Integer.toUnsignedLong(require(4).getInt());
    }

    /** Reads an int64. */
    public long readInt64() {
        return require(8).getLong();
    }

    /** Reads a float64. */
    public double readFloat64() {
        return require(8).getDouble();
    }

    /** Reads one byte, in which anything but 0 is true. */
    public boolean readBoolean() {
        return require(1).get() != 0;
    }

    /** Reads 16 bytes; all zero is {@link Message#ZERO_UUID}. */
    public UUID readUuid() {
        long high = require(16).getLong();
        long low = buffer.getLong();
        return high == 0 && low == 0 ? Message.ZERO_UUID : new UUID(high, low);
    }

    /** Reads seven bits a byte, the lowest first, five bytes at most; a value of 2^31 and above comes out negative. */
    public int readUnsignedVarint() {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte next = require(1).get();
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new InvalidMessageException("a varint is longer than five bytes");
    }

    /** Reads a text. Bytes that are not UTF-8 become replacement characters, as in Kafka. */
    public String readString(boolean compact) {
        return notNull(readNullableString(compact));
    }

    /** Reads a text or null. */
    public @Nullable String readNullableString(boolean compact) {
        int length = readLength(compact ? readUnsignedVarint() - 1 : readInt16());
        if (length < 0) {
            return null;
        }
        if (length > LONGEST_STRING_IN_BYTES) {
            throw new InvalidMessageException("a text has " + length + " bytes");
        }
        if (buffer.hasArray()) {
            int position = buffer.position();
            buffer.position(position + length);
            return new String(buffer.array(), buffer.arrayOffset() + position, length, StandardCharsets.UTF_8);
        }
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Reads bytes, as a copy. */
    public Bytes readBytes(boolean compact) {
        return notNull(readNullableBytes(compact));
    }

    /** Reads bytes, as a copy, or null. */
    public @Nullable Bytes readNullableBytes(boolean compact) {
        int length = readLength(compact ? readUnsignedVarint() - 1 : readInt32());
        return length < 0 ? null : copy(length);
    }

    /** Reads record data: a view of the buffer, valid as long as its memory. */
    public RecordData readRecords(boolean compact) {
        return notNull(readNullableRecords(compact));
    }

    /** Reads record data or null: a view of the buffer, valid as long as its memory. */
    public @Nullable RecordData readNullableRecords(boolean compact) {
        int length = readLength(compact ? readUnsignedVarint() - 1 : readInt32());
        if (length < 0) {
            return null;
        }
        ByteBuffer slice = buffer.slice(buffer.position(), length);
        buffer.position(buffer.position() + length);
        return RecordData.of(slice);
    }

    /** Reads the byte that stands before a structure that may be null: whether it follows. */
    public boolean readPresence() {
        return require(1).get() >= 0;
    }

    /** As {@link #readPresence}, for a structure in a tagged field, where Kafka writes 0 and 1 for it and not -1 and 1. */
    public boolean readTaggedPresence() {
        return readUnsignedVarint() > 0;
    }

    /**
     * Reads the number of an array's elements.
     *
     * @param smallestElementInBytes the fewest bytes that an element takes, at least 1; there must be room for as many elements
     */
    public int readArrayLength(boolean compact, int smallestElementInBytes) {
        int length = readNullableArrayLength(compact, smallestElementInBytes);
        if (length < 0) {
            throw unexpectedNull();
        }
        return length;
    }

    /** As {@link #readArrayLength}, or -1 for null. */
    public int readNullableArrayLength(boolean compact, int smallestElementInBytes) {
        int length = compact ? readUnsignedVarint() - 1 : readInt32();
        if (length < -1 || length > buffer.remaining() / smallestElementInBytes) {
            throw new InvalidMessageException(
                    "an array of " + length + " elements, with " + buffer.remaining() + " bytes left");
        }
        return length;
    }

    /** Reads the number of tagged fields. */
    public int readTaggedFieldCount() {
        int count = readUnsignedVarint();
        // Each takes two bytes, for its tag and its size.
        if (count < 0 || count > buffer.remaining() / 2) {
            throw new InvalidMessageException(count + " tagged fields, with " + buffer.remaining() + " bytes left");
        }
        return count;
    }

    /** Reads the tag of a tagged field. */
    public int readTag() {
        int tag = readUnsignedVarint();
        if (tag < 0) {
            throw new InvalidMessageException("a tag is " + Integer.toUnsignedString(tag));
        }
        return tag;
    }

    /** Reads the size of a tagged field and gives the position at which it ends, see {@link #expectPosition}. */
    public int readTaggedFieldEnd() {
        int size = readUnsignedVarint();
        if (size < 0 || size > buffer.remaining()) {
            throw new InvalidMessageException(
                    "a tagged field of " + size + " bytes, with " + buffer.remaining() + " bytes left");
        }
        return buffer.position() + size;
    }

    /** Fails unless this is where the reader stands: a tagged field must be as long as it said. */
    public void expectPosition(int position) {
        if (buffer.position() != position) {
            throw new InvalidMessageException(
                    "a tagged field ends at " + buffer.position() + " instead of " + position);
        }
    }

    /**
     * Reads the content of a tagged field that nobody knows. Such fields must come in ascending order of tag, as KIP-482 has it.
     *
     * @param before those that were read before it: none, or what this method returned
     * @param end the position at which it ends
     * @return those before it and this one
     */
    public List<UnknownTaggedField> readUnknownTaggedField(List<UnknownTaggedField> before, int tag, int end) {
        if (!before.isEmpty() && before.get(before.size() - 1).tag() >= tag) {
            throw new InvalidMessageException("the tag " + tag + " stands behind one that is not below it");
        }
        List<UnknownTaggedField> all = before.isEmpty() ? new ArrayList<>(1) : before;
        all.add(new UnknownTaggedField(tag, copy(end - buffer.position())));
        return all;
    }

    /** Reads all tagged fields of a structure of which no tagged field is known. */
    public List<UnknownTaggedField> readUnknownTaggedFields() {
        int count = readTaggedFieldCount();
        List<UnknownTaggedField> fields = List.of();
        for (int index = 0; index < count; index++) {
            int tag = readTag();
            fields = readUnknownTaggedField(fields, tag, readTaggedFieldEnd());
        }
        return List.copyOf(fields);
    }

    private Bytes copy(int length) {
        byte[] copy = new byte[length];
        buffer.get(copy);
        return Bytes.owned(copy);
    }

    private int readLength(int length) {
        if (length < -1 || length > buffer.remaining()) {
            throw new InvalidMessageException("a length of " + length + ", with " + buffer.remaining() + " bytes left");
        }
        return length;
    }

    private ByteBuffer require(int size) {
        if (buffer.remaining() < size) {
            throw new InvalidMessageException(size + " bytes are needed, " + buffer.remaining() + " are left");
        }
        return buffer;
    }

    private static <T> T notNull(@Nullable T value) {
        if (value == null) {
            throw unexpectedNull();
        }
        return value;
    }

    private static InvalidMessageException unexpectedNull() {
        return new InvalidMessageException("a null where none may be");
    }
}
