package io.brokkr.storage.log;

import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.CommandLineContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** {@code log adopt}: takes over the topics of a stopped Apache Kafka broker. */
final class AdoptCommand implements LogCommand.Subcommand {

    private static final String MOVE = "--move";
    private static final String COPY = "--copy";
    private static final String CHECK = "--check";

    @Override
    public int run(List<String> arguments, CommandLineContext context) throws IOException {
        ToolArguments options = new ToolArguments(arguments, Set.of(MOVE, COPY, CHECK), Set.of());
        List<Path> folders = options.existingPaths();
        if (folders.isEmpty()) {
            throw new ToolUsageException("adopt needs the data folder of an Apache Kafka broker");
        }
        if (options.has(MOVE) && options.has(COPY)) {
            throw new ToolUsageException(MOVE + " and " + COPY + " exclude each other");
        }
        BrokerServices broker = context.openBroker();
        try (FolderLocks locks = new FolderLocks()) {
            folders.forEach(locks::lock);
            AdoptionPlan plan = new AdoptionPlan(broker, context);
            plan.make(folders.stream().map(KafkaFolder::new).toList());
            if (!plan.tell(options.has(MOVE))) {
                return LogCommand.FAULTY;
            }
            if (!options.has(CHECK)) {
                new Adoption(plan, broker, context).carryOut(options.has(MOVE));
            }
            return LogCommand.SOUND;
        }
    }
}
