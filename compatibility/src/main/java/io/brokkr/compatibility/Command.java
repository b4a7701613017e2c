package io.brokkr.compatibility;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that is run to its end, within a time limit.
 *
 * @param line the program and its arguments
 * @param limit after which the process and what it started are killed, and the run fails
 * @param log where its standard output goes; standard error goes to the same name with {@code .err} after it
 */
public record Command(List<String> line, Duration limit, Path log) {
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

    /** Copies the arguments. */
    public Command {
        line = List.copyOf(line);
    }

    /** Runs it without input. Returns its standard output; throws {@link CheckFailedException} unless it ends with 0 in time. */
    public String run() throws IOException, InterruptedException {
        return run("");
    }

    /** As {@link #run()}, with this text as standard input. */
    public String run(String input) throws IOException, InterruptedException {
        Path errors = log.resolveSibling(log.getFileName() + ".err");
        Process process = new ProcessBuilder(line)
                .redirectOutput(log.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            feed(process, input);
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                throw new CheckFailedException("no end within " + limit.toSeconds() + " s; " + complaint(log, errors));
            }
        } finally {
            // SIGKILL takes a moment: whoever called is to find the process gone.
            process.destroyForcibly().waitFor(KILL_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        }
        if (process.exitValue() != 0) {
            throw new CheckFailedException("exit code " + process.exitValue() + "; " + complaint(log, errors));
        }
        return Files.readString(log);
    }

    private static void feed(Process process, String input) throws IOException {
        try (OutputStream pipe = process.getOutputStream()) {
            pipe.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // A program that ended before it read all has said why itself.
            if (process.isAlive()) {
                throw e;
            }
        }
    }

    /** The client's own error: its last line on standard error, else on standard output. */
    public static String complaint(Path log, Path errors) throws IOException {
        String said = lastLine(errors);
        return said.isEmpty() ? lastLine(log) : said;
    }

    /** The last line that is no stack frame; empty if there is none. */
    static String lastLine(Path file) throws IOException {
        List<String> lines = Files.readString(file, StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("\t"))
                .toList();
        return lines.isEmpty() ? "" : lines.get(lines.size() - 1).strip();
    }
}
