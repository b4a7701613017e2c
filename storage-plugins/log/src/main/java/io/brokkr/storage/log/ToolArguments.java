package io.brokkr.storage.log;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What follows the name of a command: options that are there or not, options with a number, and paths. */
final class ToolArguments {

    private final Set<String> flags = new HashSet<>();
    private final Map<String, Long> numbers = new HashMap<>();
    private final List<Path> paths = new ArrayList<>();

    /**
     * Reads them.
     *
     * @throws ToolUsageException if there is an option that is not among those that are known, or one without its number
     */
    ToolArguments(List<String> arguments, Set<String> knownFlags, Set<String> knownNumbers) {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (knownFlags.contains(argument)) {
                flags.add(argument);
            } else if (knownNumbers.contains(argument)) {
                i++;
                numbers.put(argument, number(argument, i < arguments.size() ? arguments.get(i) : ""));
            } else if (argument.startsWith("-")) {
                throw new ToolUsageException("unknown option " + argument);
            } else {
                paths.add(Path.of(argument).toAbsolutePath().normalize());
            }
        }
    }

    private static long number(String option, String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw new ToolUsageException(option + " needs a number of 0 or more");
        }
        return Long.parseLong(text);
    }

    boolean has(String flag) {
        return flags.contains(flag);
    }

    long number(String option, long absent) {
        return numbers.getOrDefault(option, absent);
    }

    /**
     * The paths, all of which exist.
     *
     * @throws ToolUsageException if one does not
     */
    List<Path> existingPaths() {
        for (Path path : paths) {
            if (!Files.exists(path)) {
                throw new ToolUsageException("there is no " + path);
            }
        }
        return List.copyOf(paths);
    }

    /**
     * The only path, which is an existing folder.
     *
     * @throws ToolUsageException if there is none, or more than one
     */
    Path onlyFolder() {
        if (paths.size() != 1 || !Files.isDirectory(paths.get(0))) {
            throw new ToolUsageException("one existing folder must be named");
        }
        return paths.get(0);
    }
}
