package io.brokkr.storage.log;

import java.util.Arrays;

/**
 * Where the entries of one log stand in the journal, in the order in which they were written. A journal full of small ones has millions, so each takes 16 bytes. Written by one thread, and
 * then read by any.
 */
final class JournalPlaces {

    /** There are no more files than {@link Journal#MOST_FILES}, and none as large as this. */
    private static final int FILE_SHIFT = 56;

    private static final int FEWEST = 4;

    private long[] numbers = new long[FEWEST];
    private long[] places = new long[FEWEST];
    private int count;

    /**
     * One more.
     *
     * @param file the index in {@link JournalScan#files}
     * @param at its position there
     */
    void add(int file, long number, long at) {
        if (count == numbers.length) {
            int longer = count + (count >> 1);
            numbers = Arrays.copyOf(numbers, longer);
            places = Arrays.copyOf(places, longer);
        }
        numbers[count] = number;
        places[count] = ((long) file << FILE_SHIFT) | at;
        count++;
    }

    int count() {
        return count;
    }

    int file(int index) {
        return (int) (places[index] >>> FILE_SHIFT);
    }

    long position(int index) {
        return places[index] & ((1L << FILE_SHIFT) - 1);
    }

    /** Whether a log in that state needs an entry. */
    boolean countsFor(LogState state, int index) {
        return numbers[index] >= state.journalNumber();
    }

    /** Whether a log in that state needs any. */
    boolean isNeededBy(LogState state) {
        for (int i = 0; i < count; i++) {
            if (countsFor(state, i)) {
                return true;
            }
        }
        return false;
    }
}
