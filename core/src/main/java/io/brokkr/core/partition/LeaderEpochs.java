package io.brokkr.core.partition;

import io.brokkr.protocol.Bytes;
import io.brokkr.spi.Partition.EpochEnd;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * At which offset each leader epoch of a partition began (KIP-101, KIP-320), in ascending order. Immutable.
 *
 * <p>Kept as a checkpoint in the text that Kafka's tools read: a line {@code 0} for the format, a line with the number of entries, and a line {@code
 * epoch startOffset} for each.
 */
final class LeaderEpochs {

    /** The name of the checkpoint. */
    static final String CHECKPOINT = "leader-epoch-checkpoint";

    static final LeaderEpochs NONE = new LeaderEpochs(List.of());

    private static final String FORMAT = "0";

    private record Entry(int epoch, long startOffset) {}

    private final List<Entry> entries;

    private LeaderEpochs(List<Entry> entries) {
        this.entries = entries;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Whether records of this epoch were seen, or of a later one. */
    boolean reach(int epoch) {
        return !entries.isEmpty() && last().epoch >= epoch;
    }

    private Entry last() {
        return entries.get(entries.size() - 1);
    }

    /** With an epoch that begins at an offset; the same if it has begun before. */
    LeaderEpochs with(int epoch, long startOffset) {
        if (reach(epoch)) {
            return this;
        }
        List<Entry> more = new ArrayList<>(entries);
        more.add(new Entry(epoch, startOffset));
        return new LeaderEpochs(List.copyOf(more));
    }

    /** Without the epochs that began at or behind the end of the log, whose records a crash has taken. */
    LeaderEpochs before(long endOffset) {
        return new LeaderEpochs(
                entries.stream().filter(entry -> entry.startOffset < endOffset).toList());
    }

    /** The epoch of a record, -1 if it is older than all that is known. */
    int epochOf(long offset) {
        int epoch = -1;
        for (Entry entry : entries) {
            if (entry.startOffset > offset) {
                break;
            }
            epoch = entry.epoch;
        }
        return epoch;
    }

    /**
     * Where an epoch ended.
     *
     * <p>As in Kafka: of the current epoch the end is the log's; of one that lies between or before those that are known the end is the start of the
     * next one; of one that is to come nothing is known.
     */
    EpochEnd endOf(int asked, int current, long logEndOffset) {
        if (asked < 0 || asked > current) {
            return EpochEnd.UNDEFINED;
        }
        if (asked == current) {
            return new EpochEnd(current, logEndOffset);
        }
        @Nullable Entry floor = null;
        for (Entry entry : entries) {
            if (entry.epoch > asked) {
                return new EpochEnd(floor == null ? asked : floor.epoch, entry.startOffset);
            }
            floor = entry;
        }
        // The current epoch has written nothing yet, and so begins where the log ends.
        return new EpochEnd(floor == null ? asked : floor.epoch, logEndOffset);
    }

    Bytes write() {
        StringBuilder text = new StringBuilder(FORMAT + "\n" + entries.size() + "\n");
        entries.forEach(entry ->
                text.append(entry.epoch).append(' ').append(entry.startOffset).append('\n'));
        return Bytes.copyOf(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Empty if the content is not whole: then the batches in the log tell the epochs. */
    static Optional<LeaderEpochs> read(Bytes content) {
        String[] lines = new String(content.toArray(), StandardCharsets.UTF_8).split("\n", -1);
        try {
            if (lines.length < 2 || !lines[0].equals(FORMAT) || lines.length < 2 + Integer.parseInt(lines[1])) {
                return Optional.empty();
            }
            LeaderEpochs epochs = NONE;
            for (int i = 0; i < Integer.parseInt(lines[1]); i++) {
                String[] entry = lines[2 + i].split(" ", -1);
                if (entry.length != 2) {
                    return Optional.empty();
                }
                epochs = epochs.with(Integer.parseInt(entry[0]), Long.parseLong(entry[1]));
            }
            return Optional.of(epochs);
        } catch (NumberFormatException damaged) {
            return Optional.empty();
        }
    }
}
