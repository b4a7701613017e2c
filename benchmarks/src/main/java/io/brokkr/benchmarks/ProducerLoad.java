package io.brokkr.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Kafka's ProducerPerformance is to do.
 *
 * @param records in all
 * @param warmUpRecords the first of them, which its report leaves out
 * @param recordBytes of each value
 * @param payload a file whose lines are the values, of that many bytes each; random letters if null
 * @param rate in records per second, or {@link #UNLIMITED}
 * @param settings of the producer, {@code key=value}; its defaults otherwise
 */
record ProducerLoad(
        long records, long warmUpRecords, int recordBytes, @Nullable Path payload, long rate, List<String> settings) {
    static final long UNLIMITED = -1;

    /** As fast as it gets, with the first tenth as warm-up. */
    static ProducerLoad unlimited(long records, int recordBytes, String... settings) {
        return new ProducerLoad(records, records / 10, recordBytes, null, UNLIMITED, List.of(settings));
    }

    /** At a rate, for so many seconds after so many others. */
    static ProducerLoad atRate(long rate, int warmUpSeconds, int seconds, int recordBytes, String... settings) {
        return new ProducerLoad(
                rate * (warmUpSeconds + seconds), rate * warmUpSeconds, recordBytes, null, rate, List.of(settings));
    }

    ProducerLoad withPayload(Path lines) {
        return new ProducerLoad(records, warmUpRecords, recordBytes, lines, rate, settings);
    }

    /** So large a share of the records. */
    ProducerLoad share(double share) {
        long fewer = Math.max(1, Math.round(records * share));
        return new ProducerLoad(fewer, Math.round(warmUpRecords * share), recordBytes, payload, rate, settings);
    }

    /** Of all values, in 10^9 bytes. */
    double gigabytes() {
        return records * recordBytes / 1e9;
    }

    double millions() {
        return records / 1e6;
    }

    /** For the tool's command line. */
    List<String> arguments() {
        List<String> line = new ArrayList<>(List.of("--num-records", Long.toString(records)));
        line.addAll(List.of("--warmup-records", Long.toString(warmUpRecords)));
        line.addAll(List.of("--throughput", Long.toString(rate)));
        line.addAll(
                payload == null
                        ? List.of("--record-size", Integer.toString(recordBytes))
                        : List.of("--payload-file", payload.toString()));
        line.add("--command-property");
        line.addAll(settings);
        return line;
    }
}
