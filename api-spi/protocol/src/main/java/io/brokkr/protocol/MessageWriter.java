package io.brokkr.protocol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes the protocol's types, one behind the other, into a buffer that is just large enough; its static methods say how large that is.
 *
 * <p>Record data is either copied into the buffer, or left out of it and noted down with its place, for a transport to send
 * the parts of the buffer and the record data in turn.
 *
 * <p>What <em>compact</em> means is said in {@link MessageReader}. A buffer that is too small is a mistake of the caller and ends in a
 * {@link java.nio.BufferOverflowException}. Not safe for use by several threads.
 */
public final class MessageWriter {

    /** Kafka neither reads nor writes a longer one, compact or not. */
    private static final int LONGEST_STRING_IN_BYTES = Short.MAX_VALUE;

    private final ByteBuffer buffer;
    private final @Nullable List<Splice> splices;

    private MessageWriter(ByteBuffer buffer, @Nullable List<Splice> splices) {
        this.buffer = buffer;
        this.splices = splices;
    }

    /**
     * Record data that belongs between two bytes of the buffer.
     *
     * @param position the position in the buffer of the byte that follows the record data
     * @param records what comes before that byte
     */
    public record Splice(int position, RecordData records) {}

    /** A writer that copies record data, for a buffer of the message's whole size. */
    public static MessageWriter copying(ByteBuffer buffer) {
        return new MessageWriter(buffer, null);
    }

    /** A writer that leaves record data out, for a buffer of the message's size without {@link Message#recordDataSizeInBytes}. */
    public static MessageWriter gathering(ByteBuffer buffer) {
        return new MessageWriter(buffer, new ArrayList<>(0));
    }

    /** The record data that was left out so far, in the order of its place; empty data is not listed. */
    public List<Splice> splices() {
        return splices == null ? List.of() : List.copyOf(splices);
    }

    /** Writes an int8. */
    public void writeInt8(byte value) {
        buffer.put(value);
    }

    /** Writes an int16. */
    public void writeInt16(short value) {
        buffer.putShort(value);
    }

    /**
     * Writes an uint16.
     *
     * @throws IllegalArgumentException if the value is negative or above 65,535
     */
    public void writeUint16(int value) {
        if (value != (value & 0xffff)) {
            throw new IllegalArgumentException(value + " is not an uint16");
        }
        buffer.putShort((short) value);
    }

    /** Writes an int32. */
    public void writeInt32(int value) {
        buffer.putInt(value);
    }

    /**
     * Writes an uint32.
     *
     * @throws IllegalArgumentException if the value is negative or above 4,294,967,295
     */
    public void writeUint32(long value) {
        if (value != (value & 0xffff_ffffL)) {
            throw new IllegalArgumentException(value + " is not an uint32");
        }
        buffer.putInt((int) value);
    }

    /** Writes an int64. */
    public void writeInt64(long value) {
        buffer.putLong(value);
    }

    /** Writes a float64. */
    public void writeFloat64(double value) {
        buffer.putDouble(value);
    }

    /** Writes a byte, 0 or 1. */
    public void writeBoolean(boolean value) {
        buffer.put((byte) (value ? 1 : 0));
    }

    /** Writes 16 bytes. */
    public void writeUuid(UUID value) {
        buffer.putLong(value.getMostSignificantBits()).putLong(value.getLeastSignificantBits());
    }

    /** Writes seven bits a byte, the lowest first. */
    public void writeUnsignedVarint(int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            buffer.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        buffer.put((byte) rest);
    }

    /** Writes a text. */
    public void writeString(String value, boolean compact) {
        int size = utf8Size(value);
        if (compact) {
            writeUnsignedVarint(size + 1);
        } else {
            buffer.putShort((short) size);
        }
        if (size == value.length()) {
            for (int index = 0; index < size; index++) {
                buffer.put((byte) asciiOrReplacement(value.charAt(index)));
            }
        } else {
            buffer.put(value.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Writes a text or null. */
    public void writeNullableString(@Nullable String value, boolean compact) {
        if (value != null) {
            writeString(value, compact);
        } else if (compact) {
            buffer.put((byte) 0);
        } else {
            buffer.putShort((short) -1);
        }
    }

    /** Writes bytes. */
    public void writeBytes(Bytes value, boolean compact) {
        writeArrayLength(value.size(), compact);
        value.putInto(buffer);
    }

    /** Writes bytes or null. */
    public void writeNullableBytes(@Nullable Bytes value, boolean compact) {
        if (value == null) {
            writeNullArray(compact);
        } else {
            writeBytes(value, compact);
        }
    }

    /**
     * Writes record data, or its length alone if this writer gathers.
     *
     * @throws UncheckedIOException if the data is in a file, is to be copied, and cannot be read
     */
    public void writeRecords(RecordData value, boolean compact) {
        writeArrayLength(value.sizeInBytes(), compact);
        if (splices == null) {
            try {
                buffer.put(value.toBuffer());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        } else if (value.sizeInBytes() > 0) {
            splices.add(new Splice(buffer.position(), value));
        }
    }

    /** Writes record data, as {@link #writeRecords} does, or null. */
    public void writeNullableRecords(@Nullable RecordData value, boolean compact) {
        if (value == null) {
            writeNullArray(compact);
        } else {
            writeRecords(value, compact);
        }
    }

    /** Writes the byte before a structure that may be null. */
    public void writePresence(boolean present) {
        buffer.put((byte) (present ? 1 : -1));
    }

    /** Writes what says in a tagged field whether a structure follows. */
    public void writeTaggedPresence(boolean present) {
        buffer.put((byte) (present ? 1 : 0));
    }

    /** Writes the number of an array's elements, or of bytes. */
    public void writeArrayLength(int length, boolean compact) {
        if (compact) {
            writeUnsignedVarint(length + 1);
        } else {
            buffer.putInt(length);
        }
    }

    /** Writes a null in the place of an array or of bytes. */
    public void writeNullArray(boolean compact) {
        if (compact) {
            buffer.put((byte) 0);
        } else {
            buffer.putInt(-1);
        }
    }

    /** Writes what stands before the value of a tagged field. */
    public void writeTaggedFieldHeader(int tag, int sizeInBytes) {
        writeUnsignedVarint(tag);
        writeUnsignedVarint(sizeInBytes);
    }

    /** Writes all tagged fields of a structure of which no tagged field is known. */
    public void writeTaggedFields(List<UnknownTaggedField> fields) {
        writeUnsignedVarint(fields.size());
        writeUnknownTaggedFields(fields, 0, Integer.MAX_VALUE);
    }

    /**
     * Writes the fields from an index on that come before a tag.
     *
     * @return the index of the first field that does not, or the number of fields
     */
    public int writeUnknownTaggedFields(List<UnknownTaggedField> fields, int from, int nextTag) {
        int index = from;
        while (index < fields.size() && fields.get(index).tag() <= nextTag) {
            UnknownTaggedField field = fields.get(index++);
            writeTaggedFieldHeader(field.tag(), field.content().size());
            field.content().putInto(buffer);
        }
        return index;
    }

    /** The size of an unsigned varint. */
    public static int sizeOfUnsignedVarint(int value) {
        // Seven bits a byte, and one byte for 0.
        return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
    }

    /**
     * The size of a text with its length.
     *
     * @throws IllegalArgumentException if it takes more than 32,767 bytes, which no version can say
     */
    public static int sizeOfString(String value, boolean compact) {
        int size = utf8Size(value);
        if (size > LONGEST_STRING_IN_BYTES) {
            throw new IllegalArgumentException("a text of " + size + " bytes is too long for the protocol");
        }
        return size + (compact ? sizeOfUnsignedVarint(size + 1) : 2);
    }

    /** As {@link #sizeOfString}, for a text that may be null. */
    public static int sizeOfNullableString(@Nullable String value, boolean compact) {
        return value == null ? (compact ? 1 : 2) : sizeOfString(value, compact);
    }

    /** The size of bytes with their length. */
    public static int sizeOfBytes(Bytes value, boolean compact) {
        return sizeOfArrayLength(value.size(), compact) + value.size();
    }

    /** As {@link #sizeOfBytes}, for bytes that may be null. */
    public static int sizeOfNullableBytes(@Nullable Bytes value, boolean compact) {
        return value == null ? sizeOfNullArray(compact) : sizeOfBytes(value, compact);
    }

    /** The size of record data with its length. */
    public static int sizeOfRecords(RecordData value, boolean compact) {
        return sizeOfArrayLength(value.sizeInBytes(), compact) + value.sizeInBytes();
    }

    /** As {@link #sizeOfRecords}, for record data that may be null. */
    public static int sizeOfNullableRecords(@Nullable RecordData value, boolean compact) {
        return value == null ? sizeOfNullArray(compact) : sizeOfRecords(value, compact);
    }

    /** The size of the number of an array's elements. */
    public static int sizeOfArrayLength(int length, boolean compact) {
        return compact ? sizeOfUnsignedVarint(length + 1) : 4;
    }

    /** The size of a null in the place of an array. */
    public static int sizeOfNullArray(boolean compact) {
        return compact ? 1 : 4;
    }

    /** The size of a tagged field with its tag and its size. */
    public static int sizeOfTaggedField(int tag, int sizeInBytes) {
        return sizeOfUnsignedVarint(tag) + sizeOfUnsignedVarint(sizeInBytes) + sizeInBytes;
    }

    /** The size of all tagged fields of a structure of which no tagged field is known. */
    public static int sizeOfTaggedFields(List<UnknownTaggedField> fields) {
        return sizeOfTaggedFields(fields.size(), fields);
    }

    /** The size of the number of tagged fields and of those among them that nobody knows. */
    public static int sizeOfTaggedFields(int count, List<UnknownTaggedField> unknown) {
        int size = sizeOfUnsignedVarint(count);
        for (UnknownTaggedField field : unknown) {
            size += sizeOfTaggedField(field.tag(), field.content().size());
        }
        return size;
    }

    private static int utf8Size(String value) {
        int length = value.length();
        int size = length;
        for (int index = 0; index < length; index++) {
            char unit = value.charAt(index);
            if (unit < 0x80) {
                continue;
            }
            if (unit < 0x800) {
                size += 1;
            } else if (!Character.isSurrogate(unit)) {
                size += 2;
            } else if (isPair(value, index)) {
                size += 2;
                index++;
            }
        }
        return size;
    }

    private static boolean isPair(String value, int index) {
        return Character.isHighSurrogate(value.charAt(index))
                && index + 1 < value.length()
                && Character.isLowSurrogate(value.charAt(index + 1));
    }

    /** In a text whose size in UTF-8 is its length all characters are ASCII, but for lone surrogates, for which Java writes '?'. */
    private static char asciiOrReplacement(char unit) {
        return unit < 0x80 ? unit : '?';
    }
}
