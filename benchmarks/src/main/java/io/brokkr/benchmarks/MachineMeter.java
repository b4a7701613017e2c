package io.brokkr.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** How busy others kept the machine since this object was made. Other measurements cannot be read without it. */
final class MachineMeter {
    private static final double TICKS_PER_SECOND = 100;

    private final ProcessMeter self = new ProcessMeter(ProcessHandle.current().pid());
    private final long start = System.nanoTime();
    private final double busyAtStart;
    private final double stolenAtStart;
    private final double ownAtStart;

    MachineMeter() throws IOException {
        busyAtStart = busySeconds();
        stolenAtStart = stolenSeconds();
        ownAtStart = self.cpuSecondsWithChildren();
    }

    /** One sentence for the report. Children of this process count as its own once they have ended. */
    String describe() throws IOException {
        double elapsed =
                (System.nanoTime() - start) / 1e9 * Runtime.getRuntime().availableProcessors();
        double others = busySeconds() - busyAtStart - (self.cpuSecondsWithChildren() - ownAtStart);
        double stolen = stolenSeconds() - stolenAtStart;
        return String.format(
                Locale.ROOT,
                "%d processors; other processes took %.0f %% of them and the hypervisor %.0f %% over the %.0f minutes of the run",
                Runtime.getRuntime().availableProcessors(),
                100 * Math.max(0, others) / elapsed,
                100 * stolen / elapsed,
                (System.nanoTime() - start) / 60e9);
    }

    /** user, nice, system, irq and softirq of all processors. */
    private static double busySeconds() throws IOException {
        String[] fields = firstLine();
        return (number(fields, 0) + number(fields, 1) + number(fields, 2) + number(fields, 5) + number(fields, 6))
                / TICKS_PER_SECOND;
    }

    private static double stolenSeconds() throws IOException {
        return number(firstLine(), 7) / TICKS_PER_SECOND;
    }

    private static String[] firstLine() throws IOException {
        return Files.readAllLines(Path.of("/proc/stat"))
                .get(0)
                .substring("cpu  ".length())
                .split(" ", -1);
    }

    private static double number(String[] fields, int index) {
        return Double.parseDouble(fields[index]);
    }
}
