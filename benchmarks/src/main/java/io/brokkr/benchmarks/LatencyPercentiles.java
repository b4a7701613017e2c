package io.brokkr.benchmarks;

import io.brokkr.compatibility.CheckFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Latencies of records in milliseconds, from the file in which rdkafka_performance keeps one a line, in microseconds. */
final class LatencyPercentiles {
    private final long[] sortedMicroseconds;

    private LatencyPercentiles(long[] sortedMicroseconds) {
        this.sortedMicroseconds = sortedMicroseconds;
    }

    /** Refuses a file of fewer latencies than records were sent; leaves the first ones out, which warmed the client up. */
    static LatencyPercentiles read(Path file, long records, long warmUpRecords) throws IOException {
        long[] all =
                Files.readAllLines(file).stream().mapToLong(Long::parseLong).toArray();
        CheckFailedException.unless(
                all.length == records, all.length + " of " + records + " records were acknowledged");
        long[] counted = Arrays.copyOfRange(all, Math.toIntExact(warmUpRecords), all.length);
        Arrays.sort(counted);
        return new LatencyPercentiles(counted);
    }

    /** The least latency that so large a share of the records did not exceed, such as 0.99 of them. */
    double milliseconds(double share) {
        int rank = (int) Math.ceil(share * sortedMicroseconds.length);
        return sortedMicroseconds[Math.max(0, rank - 1)] / 1000.0;
    }
}
