package io.brokkr.plugin.topicadmin;

import io.brokkr.spi.CommandLineContext;
import io.brokkr.spi.CommandLineTool;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command {@code brokkr move-topic}, which has another storage engine keep topics. */
public final class MoveTopicCommand implements CommandLineTool {

    private static final int WRONG_ARGUMENTS = 2;
    private static final String TO = "--to";

    /** Called by {@link java.util.ServiceLoader}. */
    public MoveTopicCommand() {}

    @Override
    public String name() {
        return "move-topic";
    }

    @Override
    public String summary() {
        return "have another storage engine keep a topic";
    }

    @Override
    public String usage() {
        return """
                Usage: brokkr move-topic TOPIC... --to ENGINE

                Copies the records of each topic to the storage engine, reads them again there, has the topic be kept by that engine from now on,
                and then deletes them where they were. The broker must be stopped. Offsets, timestamps and committed offsets stay what they
                are. Until the last record is there nothing changes: a run that was cut short is simply made again, and begins anew with the
                topic at which it was.

                Options of the configuration, which says where log.dirs is:
                  -c, --config FILE     read the configuration from a file, instead of from conf/brokkr.properties
                  -s, --set KEY=VALUE   set a value of the configuration, as in --set log.dirs=/var/lib/brokkr
                """;
    }

    @Override
    public int run(List<String> arguments, CommandLineContext context) {
        List<String> topics = new ArrayList<>();
        String engine = null;
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals(TO) && engine == null && i + 1 < arguments.size()) {
                i++;
                engine = arguments.get(i);
            } else if (argument.startsWith("-")) {
                return wrong(context, argument.equals(TO) ? TO + " needs one engine" : "unknown option " + argument);
            } else {
                topics.add(argument);
            }
        }
        return move(topics, engine, context);
    }

    private int move(List<String> topics, @Nullable String engine, CommandLineContext context) {
        if (topics.isEmpty() || engine == null) {
            return wrong(context, "move-topic needs a topic and " + TO + " ENGINE");
        }
        TopicMove move = TopicMove.to(engine, context);
        // Before the first is moved, it is clear that there are all.
        topics.forEach(move::existing);
        topics.forEach(move::carryOut);
        return 0;
    }

    private int wrong(CommandLineContext context, String what) {
        context.err().println("brokkr: " + what);
        context.err().print(usage());
        return WRONG_ARGUMENTS;
    }
}
