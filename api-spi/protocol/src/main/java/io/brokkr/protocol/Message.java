package io.brokkr.protocol;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A structure of the Kafka protocol: a request, a response, a header, or data that travels inside of one.
 *
 * <p>Messages are immutable and safe to share between threads, with one exception that each message states itself: a
 * {@linkplain RecordData records} field refers to memory or to a file that somebody owns.
 *
 * <p>A message knows every version of itself at once. {@link #encodedSize} and {@link #write} take the version to use.
 */
public interface Message {

    /** What stands for no id, in the protocol as in the fields of messages. */
    UUID ZERO_UUID = new UUID(0, 0);

    /** The lowest version that the definitions know, 0 or more. */
    int lowestVersion();

    /** The highest version that the definitions know, unstable ones included. */
    int highestVersion();

    /**
     * The exact number of bytes that {@link #write} produces at a version, records included.
     *
     * @throws UnsupportedVersionException if the version lies outside of the range, or if a field holds a value that the
     *     version cannot carry and that must not be dropped
     * @throws IllegalArgumentException if a text is longer than 32,767 bytes, which the protocol cannot say
     */
    int encodedSize(int version);

    /**
     * Writes this message at a version: {@link #encodedSize} bytes. That method is where a version or a value is refused; whoever did not
     * ask it first must not write.
     */
    void write(MessageWriter writer, int version);

    /** The tagged fields that were read and are not in the definitions, in ascending order of tag; they are written again. */
    List<UnknownTaggedField> unknownTaggedFields();

    /** Visits all record data in this message, in the order in which it is written. Most messages have none. */
    default void forEachRecordData(Consumer<? super RecordData> action) {}

    /** The sum of the sizes of all record data in this message, in bytes. */
    default int recordDataSizeInBytes() {
        int[] sum = {0};
        forEachRecordData(records -> sum[0] += records.sizeInBytes());
        return sum[0];
    }

    /**
     * This message at a version, in a buffer of its own, position 0 to limit {@link #encodedSize}. Record data is copied.
     *
     * @throws UnsupportedVersionException as {@link #encodedSize} does
     */
    default ByteBuffer toBuffer(int version) {
        ByteBuffer buffer = ByteBuffer.allocate(encodedSize(version));
        write(MessageWriter.copying(buffer), version);
        return buffer.flip();
    }
}
