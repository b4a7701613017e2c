package io.brokkr.storage.s3;

import io.brokkr.spi.storage.CorruptLogException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the log object says, which is replaced as a whole:
 *
 * <pre>
 *   brokkr-s3-log 1
 *   leader-epoch 5
 *   generation 12
 *   start-offset 4711
 *   opener 3f1c5e0e-...
 * </pre>
 *
 * @param leaderEpoch the highest that the log was opened under
 * @param generation one more with each opening
 * @param startOffset the first offset that may be read
 * @param opener names an opening in one process, so that no two contents are the same
 */
record LogObject(int leaderEpoch, long generation, long startOffset, String opener) {

    private static final Pattern TEXT = Pattern.compile(
            "brokkr-s3-log 1\nleader-epoch (-?\\d+)\ngeneration (\\d+)\nstart-offset (\\d+)\nopener (\\S+)\n");

    /** Of a log that is not there yet. */
    static final LogObject NONE = new LogObject(Integer.MIN_VALUE, 0, 0, "");

    byte[] toBytes() {
        return ("brokkr-s3-log 1\nleader-epoch " + leaderEpoch + "\ngeneration " + generation + "\nstart-offset "
                        + startOffset + "\nopener " + opener + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads it.
     *
     * @param key where it lies
     * @throws CorruptLogException if it is none
     */
    static LogObject parse(String key, byte[] bytes) {
        Matcher text = TEXT.matcher(new String(bytes, StandardCharsets.UTF_8));
        try {
            if (text.matches()) {
                return new LogObject(
                        Integer.parseInt(text.group(1)),
                        Long.parseLong(text.group(2)),
                        Long.parseLong(text.group(3)),
                        text.group(4));
            }
        } catch (NumberFormatException tooLarge) {
            // Told below.
        }
        throw new CorruptLogException(
                "the object " + key
                        + " is no log object of this engine, or of a later version of it: restore it, or remove it with the log's data");
    }

    LogObject openedBy(int openersEpoch, String newOpener) {
        return new LogObject(openersEpoch, generation + 1, startOffset, newOpener);
    }

    LogObject withLeaderEpoch(int newEpoch) {
        return new LogObject(newEpoch, generation, startOffset, opener);
    }

    LogObject withStartOffset(long newStart) {
        return new LogObject(leaderEpoch, generation, newStart, opener);
    }
}
