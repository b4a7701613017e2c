package io.brokkr.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tools of Kafka 4.3.1 and kcat 1.7.1 printed, word for word. */
class ReportsTest {
    private static final String PRODUCED =
            """
            Warmup first 20000 records. Steady state results will print after the complete test summary.
            49876 records sent, 9975.2 records/sec (9.74 MB/sec), 1207.9 ms avg latency, 2312.0 ms max latency.
            100000 records sent, 17041.581459 records/sec (16.64 MB/sec), 1307.93 ms avg latency, 2367.00 ms max latency, 1179 ms 50th, 2212 ms 95th, 2352 ms 99th, 2366 ms 99.9th.
            80000 steady state records sent, 16289.961311 records/sec (15.91 MB/sec), 1322.64 ms avg latency, 2367.00 ms max latency, 1174 ms 50th, 2236 ms 95th, 2356 ms 99th, 2366 ms 99.9th.
            """;

    @Test
    void aProducersFiguresAreThoseAfterItsWarmUp() {
        assertThat(ProducerReport.parse(PRODUCED, 100_000))
                .isEqualTo(new ProducerReport(16289.961311, 1322.64, 1174, 2356, 2366));
    }

    @Test
    void aProducersFiguresAreTheWholeWithoutWarmUp() {
        String output = PRODUCED.lines().limit(3).collect(Collectors.joining("\n"));

        assertThat(ProducerReport.parse(output, 100_000).recordsPerSecond()).isEqualTo(17041.581459);
    }

    @Test
    void aProducerThatLostRecordsIsRefused() {
        assertThatThrownBy(() -> ProducerReport.parse(PRODUCED, 100_001)).hasMessageContaining("100000 of 100001");
        assertThatThrownBy(() -> ProducerReport.parse("Killed", 1)).hasMessageContaining("Killed");
    }

    @Test
    void aConsumersFiguresAreThoseOfItsFetches() {
        String output =
                """
                start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec
                2026-11-28 01:03:26:383, 2026-11-28 01:03:27:878, 97.6536, 65.3201, 100295, 67086.9565, 873, 622, 156.9993, 161245.9807
                """;

        assertThat(ConsumerReport.parse(output, 100_000)).isEqualTo(new ConsumerReport(100_295, 161245.9807));
        assertThatThrownBy(() -> ConsumerReport.parse(output, 100_296)).hasMessageContaining("100295 of 100296");
        assertThatThrownBy(() -> ConsumerReport.parse("Killed", 1)).hasMessageContaining("Killed");
    }

    @Test
    void theWayFromEndToEndIsInMilliseconds() {
        String output =
                "0\t89.352648\n1000\t0.525284\nAvg latency: 2.3021 ms\nPercentiles: 50th = 0, 99th = 12, 99.9th = 71\n";

        assertThat(EndToEndReport.parse(output)).isEqualTo(new EndToEndReport(2.3021, 0, 12, 71));
        assertThatThrownBy(() -> EndToEndReport.parse("Killed")).hasMessageContaining("Killed");
    }

    @Test
    void aMemberHasThePartitionsOfItsLastRebalance() {
        String waiting = "% Waiting for group rebalance\n";
        String assigned = waiting + "% Group grp rebalanced (memberid rdkafka-acb33ea0): assigned: t [0], t [12]\n";
        String revoked = assigned + "% Group grp rebalanced (memberid rdkafka-acb33ea0): revoked: t [0], t [12]\n";
        String again = revoked + "% Group grp rebalanced (memberid rdkafka-acb33ea0): assigned: t [3]\n"
                + "% Reached end of topic t [3] at offset 100300\n";

        assertThat(List.of(waiting, assigned, revoked, again))
                .map(GroupMember::partitions)
                .containsExactly(0, 2, 0, 1);
        assertThat(List.of(waiting, assigned, revoked, again))
                .map(GroupMember::hasReadAll)
                .containsExactly(false, false, false, true);
    }

    @Property(tries = 50)
    void aPercentileIsTheLeastLatencyThatSoManyKeep(
            @ForAll @NotEmpty List<@IntRange(min = 0, max = 1_000_000) Integer> microseconds,
            @ForAll @IntRange(min = 1, max = 1000) int perMille)
            throws Exception {
        Path file = Files.createTempFile("latencies", "");
        try {
            Files.write(file, microseconds.stream().map(String::valueOf).toList());
            double found =
                    1000 * LatencyPercentiles.read(file, microseconds.size(), 0).milliseconds(perMille / 1000.0);

            double needed = perMille / 1000.0 * microseconds.size();
            assertThat(microseconds.stream()
                                    .filter(one -> one <= Math.round(found))
                                    .count()
                            + 1e-9)
                    .isGreaterThanOrEqualTo(needed);
            assertThat(microseconds.stream()
                                    .filter(one -> one < Math.round(found))
                                    .count()
                            - 1e-9)
                    .isLessThan(needed);
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void theFirstLatenciesAreLeftOutAndMissingOnesRefused(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("latencies"), List.of("9000", "8000", "1000", "2000"));

        assertThat(LatencyPercentiles.read(file, 4, 2).milliseconds(1)).isEqualTo(2);
        assertThatThrownBy(() -> LatencyPercentiles.read(file, 5, 2)).hasMessageContaining("4 of 5");
    }

    @Test
    void payloadLinesHaveTheirSize(@TempDir Path folder) throws Exception {
        assertThat(Files.readAllLines(Payload.write(folder.resolve("payload"), 1024)))
                .hasSize(1000)
                .allMatch(line -> line.length() == 1024);
    }
}
