package io.brokkr.compatibility.crash;

import io.brokkr.compatibility.CheckFailedException;
import io.brokkr.compatibility.compaction.CompactedTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;

/** That the kills hit what they are to hit: a broker that uses its journal, and compacts. It is read off the files that a killed broker leaves. */
final class Evidence {

    /** Fewer may miss one or the other. */
    private static final int ENOUGH_ROUNDS = 10;

    /** What a file of the journal has before its first entry. */
    private static final int BYTES_BEFORE_ENTRIES = 4096;

    private final Path dataFolder;
    private final boolean hasJournal;
    private int kills;
    private int withJournal;
    private int inCompaction;
    private int compacted;

    /**
     * Of a broker.
     *
     * @param hasJournal false for one that knows no such thing
     */
    Evidence(Path dataFolder, boolean hasJournal) {
        this.dataFolder = dataFolder;
        this.hasJournal = hasJournal;
    }

    /**
     * The broker was killed, and is not started anew yet.
     *
     * @param started when it was started: what a broker before it left, and it did not write itself, does not count
     */
    void lookAfterKill(Instant started, String compactedTopic) throws IOException {
        kills++;
        try (Stream<Path> files = Files.find(dataFolder, 2, (file, attributes) -> attributes.isRegularFile())) {
            boolean journal = false;
            boolean compaction = false;
            for (Path file : files.toList()) {
                journal |= isUsedJournal(file, started);
                compaction |= file.getParent().getFileName().toString().startsWith(compactedTopic)
                        && file.toString().endsWith(".cleaned");
            }
            withJournal += journal ? 1 : 0;
            inCompaction += compaction ? 1 : 0;
        }
    }

    private static boolean isUsedJournal(Path file, Instant started) throws IOException {
        return file.getFileName().toString().startsWith("brokkr-journal-")
                && Files.size(file) > BYTES_BEFORE_ENTRIES
                && Files.getLastModifiedTime(file).toInstant().isAfter(started);
    }

    /** What compaction has left after a round. */
    void lookAtCompacted(CompactedTopic.Left left) {
        compacted += left.count() < left.written() ? 1 : 0;
    }

    /** Says in how many rounds it was there. Throws {@link CheckFailedException} if it never was in many rounds. */
    String summary() {
        String found = (hasJournal ? "the journal was in use at " + withJournal + " of " + kills + " kills, " : "")
                + "a segment was being compacted at " + inCompaction + ", and records were compacted away after "
                + compacted;
        boolean isEnough = compacted > 0 && (withJournal > 0 || !hasJournal);
        CheckFailedException.unless(isEnough || kills < ENOUGH_ROUNDS, "too little: " + found);
        return found;
    }
}
