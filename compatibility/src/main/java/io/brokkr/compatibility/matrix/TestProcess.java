package io.brokkr.compatibility.matrix;

import io.brokkr.compatibility.Command;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a client's program for one test, as {@code <command> <test> <bootstrap server> <prefix>}.
 *
 * @param module the folder in which it runs
 * @param logs where its output is kept
 */
record TestProcess(Path module, Path logs) {

    /** The longest waits inside of the programs are shorter. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** What the program ended with, its last words, and how long it ran. */
    record Outcome(Verdict verdict, String words, long milliseconds) {
        /** Another verdict on the same run. */
        Outcome with(Verdict other, String otherWords) {
            return new Outcome(other, otherWords, milliseconds);
        }
    }

    Outcome run(String client, List<String> command, String test, String bootstrapServer)
            throws IOException, InterruptedException {
        String name = client.replaceAll("[^A-Za-z0-9.-]+", "-");
        Path log = logs.resolve(name + "." + test + ".log");
        Path errors = logs.resolve(name + "." + test + ".log.err");
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of(test, bootstrapServer, name));
        long start = System.nanoTime();
        Process process = new ProcessBuilder(line)
                .directory(module.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(log.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                return new Outcome(
                        Verdict.FAIL,
                        "no end within " + LIMIT.toSeconds() + " s; " + Command.complaint(log, errors),
                        millisecondsSince(start));
            }
        } finally {
            process.destroyForcibly();
        }
        long milliseconds = millisecondsSince(start);
        Verdict verdict = Verdict.ofExitCode(process.exitValue());
        return new Outcome(verdict, verdict == Verdict.PASS ? "" : Command.complaint(log, errors), milliseconds);
    }

    private static long millisecondsSince(long start) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }
}
