package io.brokkr.benchmarks;

import io.brokkr.compatibility.CheckFailedException;

/**
 * What Kafka's ConsumerPerformance says at its end.
 *
 * @param records that it got; some more than it was to get
 * @param recordsPerSecond without the time that it took to join its group
 */
record ConsumerReport(long records, double recordsPerSecond) {
    private static final int RECORDS = 4;
    private static final int FETCHED_PER_SECOND = 9;

    /** Refuses the output of a tool that waited for records in vain. */
    static ConsumerReport parse(String output, long records) {
        String[] figures = output.lines()
                .filter(line -> Character.isDigit(line.isEmpty() ? ' ' : line.charAt(0)))
                .reduce((first, second) -> second)
                .orElse("")
                .split(", ", -1);
        CheckFailedException.unless(figures.length == FETCHED_PER_SECOND + 1, "no figures in: " + output);
        long seen = Long.parseLong(figures[RECORDS]);
        CheckFailedException.unless(seen >= records, seen + " of " + records + " records were seen");
        return new ConsumerReport(seen, Double.parseDouble(figures[FETCHED_PER_SECOND]));
    }
}
