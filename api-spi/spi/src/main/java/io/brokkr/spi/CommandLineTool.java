package io.brokkr.spi;

import io.brokkr.protocol.Stability;
import java.util.List;

/**
 * A command that a plugin brings: {@code bin/brokkr NAME …} runs it, in a process of its own in which no broker runs. Found with {@link java.util.ServiceLoader}.
 */
@Stability(Stability.Level.EVOLVING)
public interface CommandLineTool {

    /** The word that asks for it: lower case, short, unique among the loaded plugins and the launcher's own commands. */
    String name();

    /** What it is good for, in one line without a full stop: for {@code bin/brokkr help}. */
    String summary();

    /** How it is called: whole lines, the first of which begins with {@code Usage: brokkr NAME}. For {@code bin/brokkr NAME --help}. */
    String usage();

    /**
     * Does the work. Called once, on a thread that may block for as long as it takes.
     *
     * @param arguments what follows the name on the command line, without {@code --config}, {@code --set} and their values, which the launcher reads
     * @return what the process ends with: 0 if all is well, 1 if something is to be mended, 2 if the arguments make no sense, which the tool has told by then
     * @throws io.brokkr.spi.storage.StorageException or {@link ApiException}, if it cannot go on for a reason that the operator can mend: the launcher prints its message and ends with 1
     */
    int run(List<String> arguments, CommandLineContext context);
}
