package io.brokkr.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How long this process has been running, by Linux's own account in ticks of 10 ms. The JDK would load a hundred classes for it
 * ({@code RuntimeMXBean}), or be wrong by up to a second ({@code ProcessHandle}).
 */
final class ProcessAge {

    private static final int TICKS_PER_SECOND = 100;

    /** The field in which {@code /proc/self/stat} has the start, counted from the one behind the program's name. */
    private static final int START_FIELD = 19;

    private ProcessAge() {}

    /** Zero where there is no such account. */
    static Duration now() {
        try {
            String status = Files.readString(Path.of("/proc/self/stat"));
            // The name is in parentheses and may have spaces in it.
            String[] fields = status.substring(status.lastIndexOf(')') + 2).split(" ", -1);
            double startSeconds = Double.parseDouble(fields[START_FIELD]) / TICKS_PER_SECOND;
            String uptime = Files.readString(Path.of("/proc/uptime"));
            double nowSeconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
            return Duration.ofMillis(Math.round((nowSeconds - startSeconds) * 1000));
        } catch (IOException | RuntimeException unknown) {
            return Duration.ZERO;
        }
    }
}
