package io.brokkr.storage.log;

import io.brokkr.spi.CommandLineContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** {@code log verify}: reads everything and tells what is wrong. */
final class VerifyCommand implements LogCommand.Subcommand {

    private static final long PROGRESS_INTERVAL_NANOS = 2_000_000_000;

    @Override
    public int run(List<String> arguments, CommandLineContext context) throws IOException {
        List<Path> folders = new ToolArguments(arguments, Set.of(), Set.of()).existingPaths();
        try (LogTargets targets = new LogTargets(folders, context)) {
            return new Run(targets.logs(), context).verify();
        }
    }

    /** Over all logs. */
    private static final class Run {

        private final List<Path> logs;
        private final CommandLineContext context;
        private int logsRead;
        private long bytesRead;
        private long batches;
        private long faults;
        private boolean unreadable;
        private long toldAt = System.nanoTime();

        Run(List<Path> logs, CommandLineContext context) {
            this.logs = logs;
            this.context = context;
        }

        int verify() {
            for (Path log : logs) {
                check(log);
                logsRead++;
            }
            context.out()
                    .println(logsRead + " logs, " + batches + " batches, " + bytesRead + " bytes: "
                            + (faults == 0 ? "no fault found" : faults + " faults"));
            if (unreadable) {
                return LogCommand.USAGE_OR_UNREADABLE;
            }
            return faults == 0 ? LogCommand.SOUND : LogCommand.FAULTY;
        }

        private void check(Path log) {
            LogCheck check = new LogCheck(log, true, fault -> context.out().println(fault), this::progress);
            try {
                for (LogCheck.CheckedSegment segment : check.run()) {
                    batches += segment.batches();
                }
            } catch (IOException failure) {
                unreadable = true;
                context.err().println("brokkr: " + log + " cannot be read: " + failure);
            }
            faults += check.faultCount();
        }

        private void progress(long bytes) {
            bytesRead += bytes;
            long now = System.nanoTime();
            if (now - toldAt > PROGRESS_INTERVAL_NANOS) {
                toldAt = now;
                context.err()
                        .println("read " + logsRead + " of " + logs.size() + " logs, " + (bytesRead >> 20) + " MiB");
            }
        }
    }
}
