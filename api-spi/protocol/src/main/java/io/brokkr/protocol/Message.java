package io.brokkr.protocol;

import java.util.List;

/**
 * A structure of the Kafka protocol: a request, a response, a header, or data that travels inside of one.
 *
 * <p>Messages are immutable and safe to share between threads, with one exception that each message states itself: a
 * {@linkplain RecordData records} field refers to memory or to a file that somebody owns.
 *
 * <p>A message knows every version of itself at once. {@link #encodedSize} and {@link #write} take the version to use.
 */
public interface Message {

    /** The lowest version that the definitions know, 0 or more. */
    int lowestVersion();

    /** The highest version that the definitions know, unstable ones included. */
    int highestVersion();

    /**
     * The exact number of bytes that {@link #write} produces at a version, records included.
     *
     * @throws UnsupportedVersionException if the version lies outside of the range, or if a field holds a value that the
     *     version cannot carry and that must not be dropped
     */
    int encodedSize(int version);

    /**
     * Writes this message at a version: {@link #encodedSize} bytes.
     *
     * @throws UnsupportedVersionException as {@link #encodedSize} does
     */
    void write(MessageWriter writer, int version);

    /** The tagged fields that were read and are not in the definitions, in ascending order of tag; they are written again. */
    List<UnknownTaggedField> unknownTaggedFields();
}
