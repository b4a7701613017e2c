package io.brokkr.compatibility;

import java.io.PrintStream;

/** Prints a line for each check as it ends, and counts. Thread-safe. */
final class Report {
    /** A line is to be read; the client's whole output is in its log. */
    private static final int LONGEST_ERROR = 300;

    private final PrintStream out;
    private int passed; // guarded by this
    private int failed; // guarded by this

    Report(PrintStream out) {
        this.out = out;
    }

    void run(Client client, Check check, Target target) throws InterruptedException {
        run(client.name(), check.test(), () -> check.body().run(target));
    }

    /** Runs the step, and prints {@code ok client test} or {@code FAILED client test: error}. */
    void run(String client, String test, Step step) throws InterruptedException {
        long start = System.nanoTime();
        try {
            step.run();
        } catch (InterruptedException e) {
            throw e;
        } catch (CheckFailedException e) {
            failed(client, test, String.valueOf(e.getMessage()));
            return;
        } catch (Exception | Error e) {
            // Whatever a check meets is its failure: none may go uncounted.
            failed(client, test, e.toString());
            return;
        }
        passed(client, test, (System.nanoTime() - start) / 1e9);
    }

    /** Prints {@code N passed, M failed} and returns the exit code for the process. */
    synchronized int finish() {
        out.printf("%d passed, %d failed%n", passed, failed);
        return failed == 0 && passed > 0 ? 0 : 1;
    }

    private synchronized void passed(String client, String test, double seconds) {
        passed++;
        out.printf("ok %s %s (%.1f s)%n", client, test, seconds);
    }

    private synchronized void failed(String client, String test, String error) {
        failed++;
        String line = error.strip().replaceAll("\\s*\\R\\s*", " | ");
        out.printf("FAILED %s %s: %s%n", client, test, line.substring(0, Math.min(line.length(), LONGEST_ERROR)));
    }

    /** What a check does. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }
}
