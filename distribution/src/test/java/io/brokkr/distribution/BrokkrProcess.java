package io.brokkr.distribution;

import io.brokkr.testkit.WireClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A run of {@code bin/brokkr}, as a user would see it: its lines, in which standard output and error are mixed, and its exit status. */
final class BrokkrProcess implements AutoCloseable {

    /** The installation that the build has made. */
    static final Path HOME = Path.of(System.getProperty("brokkr.folder"));

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Pattern LISTENING = Pattern.compile("listening on \\[PLAINTEXT://[^:]*:([0-9]+)]");

    private final Process process;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<String> lines = new ArrayList<>();
    private boolean ended;

    private BrokkrProcess(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "output of process " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Runs any command of any installation. */
    static BrokkrProcess run(Path home, Map<String, String> environment, List<String> arguments) {
        List<String> command =
                new ArrayList<>(List.of(home.resolve("bin/brokkr").toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        try {
            return new BrokkrProcess(builder.start());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Runs a command of the installation that the build has made. */
    static BrokkrProcess run(String... arguments) {
        return run(HOME, Map.of(), List.of(arguments));
    }

    /** Starts a broker on a free port of the loopback address. */
    static BrokkrProcess start(Path dataFolder, String... settings) {
        return start(HOME, dataFolder, settings);
    }

    static BrokkrProcess start(Path home, Path dataFolder, String... settings) {
        List<String> arguments = new ArrayList<>(
                List.of("start", "--set", "listeners=PLAINTEXT://localhost:0", "--set", "log.dirs=" + dataFolder));
        for (String setting : settings) {
            arguments.add("--set");
            arguments.add(setting);
        }
        return run(home, Map.of(), arguments);
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                note(line);
            }
        } catch (IOException closed) {
            // The process was killed.
        }
        note(null);
    }

    private void note(@Nullable String line) {
        lock.lock();
        try {
            if (line == null) {
                ended = true;
            } else {
                lines.add(line);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a line that has a text in it.
     *
     * @throws AssertionError if the output ends without one, or the time is over
     */
    String awaitLine(String text) {
        long nanos = PATIENCE.toNanos();
        lock.lock();
        try {
            while (true) {
                for (String line : lines) {
                    if (line.contains(text)) {
                        return line;
                    }
                }
                if (ended || nanos <= 0) {
                    throw new AssertionError("no line with «" + text + "» in:\n" + String.join("\n", lines));
                }
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until so many lines have a text in them. */
    void awaitLines(int count, String text) {
        long nanos = PATIENCE.toNanos();
        lock.lock();
        try {
            while (lines.stream().filter(line -> line.contains(text)).count() < count) {
                if (ended || nanos <= 0) {
                    throw new AssertionError(
                            "fewer than " + count + " lines with «" + text + "» in:\n" + String.join("\n", lines));
                }
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the broker serves. */
    BrokkrProcess awaitReady() {
        awaitLine("ready in ");
        return this;
    }

    private int port() {
        Matcher matcher = LISTENING.matcher(awaitLine("listening on "));
        if (!matcher.find()) {
            throw new AssertionError("no port in " + awaitLine("listening on "));
        }
        return Integer.parseInt(matcher.group(1));
    }

    /** A connection. */
    WireClient connect() {
        return WireClient.connect(new InetSocketAddress("localhost", port()));
    }

    /** Where clients connect. */
    String bootstrapServers() {
        return "localhost:" + port();
    }

    /** Asks the process to end, as an operator does. */
    BrokkrProcess terminate() {
        // Process.destroy would close the output too, and lose what the broker says at its end.
        process.toHandle().destroy();
        return this;
    }

    /** Waits for the end. */
    int awaitExit() {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("still running: " + String.join("\n", lines()));
            }
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    long pid() {
        return process.pid();
    }

    /** What was printed so far; all of it once the process has ended. */
    List<String> lines() {
        lock.lock();
        try {
            long nanos = process.isAlive() ? 0 : PATIENCE.toNanos();
            while (!ended && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return List.copyOf(lines);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitExit();
    }
}
