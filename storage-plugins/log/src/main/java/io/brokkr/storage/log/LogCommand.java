package io.brokkr.storage.log;

import io.brokkr.spi.CommandLineContext;
import io.brokkr.spi.CommandLineTool;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The command {@code brokkr log}, which looks after the engine's files while no broker has them open. */
public final class LogCommand implements CommandLineTool {

    static final int SOUND = 0;
    static final int FAULTY = 1;
    static final int USAGE_OR_UNREADABLE = 2;

    private static final Map<String, Subcommand> SUBCOMMANDS = Map.of(
            "verify", new VerifyCommand(),
            "dump", new DumpCommand(),
            "repair", new RepairCommand(),
            "adopt", new AdoptCommand());

    /** What the word behind {@code log} asks for. */
    interface Subcommand {
        /**
         * Does it.
         *
         * @param arguments what follows the word
         * @return what the process ends with
         * @throws ToolUsageException if the arguments make no sense
         */
        int run(List<String> arguments, CommandLineContext context) throws IOException;
    }

    /** Called by {@link java.util.ServiceLoader}. */
    public LogCommand() {}

    @Override
    public String name() {
        return "log";
    }

    @Override
    public String summary() {
        return "verify, dump and repair the files of the storage engine log, adopt those of Apache Kafka";
    }

    @Override
    public String usage() {
        return """
                Usage: brokkr log verify [FOLDER...]
                       brokkr log dump FILE|FOLDER... [--records] [--from OFFSET] [--max N]
                       brokkr log repair FOLDER [--yes]
                       brokkr log adopt KAFKA_FOLDER... [--copy|--move] [--check]

                verify   reads every segment, index and state file of the logs, and tells each fault with its place and what to do;
                         of the logs in the data folders, in a log's own folder (orders-0), or of all in log.dirs if no FOLDER is given.
                         The broker must be stopped. Ends with 0 if all is sound, 1 if there are faults, 2 if something cannot be read.
                dump     prints a line for each batch of segments and each entry of indexes, and with --records each record;
                         beginning with the batch of OFFSET, and N batches or entries of each file at most.
                repair   tells what it would do about the faults that verify finds, and does it with --yes: damaged bytes are moved into files
                         beside their segments, which leaves a gap in the offsets, indexes and state file are made anew. Batches that
                         are sound stay as they are.
                adopt    takes over all topics of one stopped Apache Kafka broker, with their ids, settings and records, and the
                         groups' committed offsets. All folders of its log.dirs must be named. It reads everything first and lists
                         what it would adopt, which is all that --check does; then it copies the logs, or moves them.

                Options of the configuration, which says where log.dirs is:
                  -c, --config FILE     read the configuration from a file, instead of from conf/brokkr.properties
                  -s, --set KEY=VALUE   set a value of the configuration, as in --set log.dirs=/var/lib/brokkr
                """;
    }

    @Override
    public int run(List<String> arguments, CommandLineContext context) {
        try {
            Subcommand subcommand = arguments.isEmpty() ? null : SUBCOMMANDS.get(arguments.get(0));
            if (subcommand == null) {
                throw new ToolUsageException(
                        arguments.isEmpty() ? "log needs a command" : "there is no command log " + arguments.get(0));
            }
            return subcommand.run(arguments.subList(1, arguments.size()), context);
        } catch (ToolUsageException wrong) {
            context.err().println("brokkr: " + wrong.getMessage());
            context.err().print(usage());
            return USAGE_OR_UNREADABLE;
        } catch (IOException failure) {
            context.err().println("brokkr: " + failure);
            return USAGE_OR_UNREADABLE;
        }
    }
}
