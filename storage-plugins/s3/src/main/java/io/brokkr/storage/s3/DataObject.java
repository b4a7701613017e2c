package io.brokkr.storage.s3;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An object with batches, as its key tells of it:
 *
 * <pre>
 *   00000000000000004711_4820_1732800000000_12_7_65536
 *   base                 end  max timestamp |  | size of the batches in bytes
 *                                           |  number
 *                                           generation of the writer
 * </pre>
 *
 * <p>Its bytes are the batches, one behind the other as they were appended, and the {@link ObjectIndex}.
 *
 * @param baseOffset where the object before ends, which is at or before its first batch
 * @param endOffset where the next one begins
 * @param maxTimestamp the largest of its batches; of one without batches, no matter what
 * @param generation that the log had for whoever put it
 * @param number tells apart what was put under one generation, so that no key is ever used for two contents
 * @param dataSizeInBytes of the batches
 * @param sizeInBytes of the object
 */
record DataObject(
        long baseOffset,
        long endOffset,
        long maxTimestamp,
        long generation,
        long number,
        int dataSizeInBytes,
        int sizeInBytes) {

    private static final Pattern NAME = Pattern.compile("(\\d{20})_(\\d+)_(-?\\d+)_(\\d+)_(\\d+)_(\\d+)");

    /** The last part of its key. */
    String name() {
        return String.format(Locale.ROOT, "%020d", baseOffset) + "_" + endOffset + "_" + maxTimestamp + "_" + generation
                + "_" + number + "_" + dataSizeInBytes;
    }

    /** Reads the last part of a key; empty if it is none of ours, or of another size than it says. */
    static Optional<DataObject> parse(String name, long sizeInBytes) {
        Matcher parts = NAME.matcher(name);
        try {
            if (parts.matches()) {
                DataObject object = new DataObject(
                        Long.parseLong(parts.group(1)),
                        Long.parseLong(parts.group(2)),
                        Long.parseLong(parts.group(3)),
                        Long.parseLong(parts.group(4)),
                        Long.parseLong(parts.group(5)),
                        Integer.parseInt(parts.group(6)),
                        Math.toIntExact(sizeInBytes));
                return Optional.of(object).filter(DataObject::isPlausible);
            }
        } catch (NumberFormatException | ArithmeticException tooLarge) {
            // Nothing that this engine has put.
        }
        return Optional.empty();
    }

    private boolean isPlausible() {
        return baseOffset < endOffset && dataSizeInBytes <= sizeInBytes;
    }

    boolean overlaps(DataObject other) {
        return baseOffset < other.endOffset && other.baseOffset < endOffset;
    }
}
