package io.brokkr.storage.log;

import io.brokkr.spi.Setting;

/**
 * How a data folder's {@link Journal} is used.
 *
 * @param fileBytes the size from which on one of its files is not written any more; 0 if there is no journal
 * @param mostFiles how many of them there may be, no more than {@link Journal#MOST_FILES}
 * @param fewestLogs how many logs must wait for a sync before they get one together
 * @param mostEntryBytes of one log; a log with more of them waiting is synced by itself
 * @param mostRoundBytes of all logs that get a sync together
 */
record JournalSettings(long fileBytes, int mostFiles, int fewestLogs, int mostEntryBytes, int mostRoundBytes) {

    static final Setting<Long> BYTES = Setting.number(
            "log.journal.bytes",
            512L << 20,
            0,
            1L << 40,
            "The most bytes that the journal of each data folder takes. When many partitions wait for a sync at once, what is new in them is"
                    + " written into the journal and synced there together, and their own files follow later, with more at a time. A larger"
                    + " journal means fewer syncs, and more to write when the broker stops, or starts after a crash. It is made when it"
                    + " is first needed, and removed when the broker stops. 0: every partition is synced by itself.");

    /**
     * More than {@link SyncThreads} there are: what these can do at once costs less without the journal, in which everything is written twice.
     */
    private static final int FEWEST_LOGS = 12;

    /** From there on, the bytes cost more than the sync. */
    private static final int MOST_ENTRY_BYTES = JournalFormat.MOST_PAYLOAD_BYTES;

    /** A few milliseconds' worth, which is what those who ask during a round wait for. */
    private static final int MOST_ROUND_BYTES = 16 << 20;

    /** Below that, a file has no room for an entry of each size. */
    private static final int LEAST_FILE_BYTES = 4 * JournalFormat.BLOCK_BYTES;

    static JournalSettings of(long bytes) {
        long fileBytes = bytes / Journal.MOST_FILES;
        return fileBytes < LEAST_FILE_BYTES
                ? new JournalSettings(0, 0, FEWEST_LOGS, 0, 0)
                : new JournalSettings(
                        fileBytes,
                        Journal.MOST_FILES,
                        FEWEST_LOGS,
                        (int) Math.min(MOST_ENTRY_BYTES, fileBytes / 4),
                        MOST_ROUND_BYTES);
    }
}
