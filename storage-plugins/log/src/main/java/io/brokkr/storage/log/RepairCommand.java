package io.brokkr.storage.log;

import io.brokkr.spi.CommandLineContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code log repair}: sets right what {@code log verify} finds, as far as that can be done without the lost bytes. */
final class RepairCommand implements LogCommand.Subcommand {

    private static final String YES = "--yes";

    @Override
    public int run(List<String> arguments, CommandLineContext context) throws IOException {
        ToolArguments options = new ToolArguments(arguments, Set.of(YES), Set.of());
        Path folder = options.onlyFolder();
        boolean sound = true;
        try (LogTargets targets = new LogTargets(List.of(folder), context)) {
            for (Path log : targets.logs()) {
                sound &= repair(log, options.has(YES), context);
            }
        }
        context.out()
                .println(
                        sound
                                ? "all logs are sound"
                                : options.has(YES)
                                        ? "what is left has to be mended by hand"
                                        : "nothing was changed; " + YES + " carries it out");
        return sound ? LogCommand.SOUND : LogCommand.FAULTY;
    }

    /** Whether the log is sound now. */
    private static boolean repair(Path log, boolean carryOut, CommandLineContext context) throws IOException {
        List<Fault> faults = new ArrayList<>();
        List<LogCheck.CheckedSegment> segments = new LogCheck(log, true, faults::add, bytes -> {}).run();
        if (faults.isEmpty()) {
            return true;
        }
        faults.forEach(context.out()::println);
        LogRepair repair = new LogRepair(log, segments);
        repair.steps().forEach(step -> context.out().println((carryOut ? "" : "would ") + step));
        if (!carryOut) {
            return false;
        }
        repair.carryOut();
        if (repair.endsReplacement()) {
            return repair(log, true, context);
        }
        LogCheck again = new LogCheck(log, true, fault -> context.out().println("still: " + fault), bytes -> {});
        again.run();
        return again.faultCount() == 0;
    }
}
