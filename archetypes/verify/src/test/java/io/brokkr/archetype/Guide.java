package io.brokkr.archetype;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** What a guide has its readers type. */
final class Guide {

    private static final Pattern COMMANDS = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

    private Guide() {}

    /** The blocks of commands in which a text occurs, in their order. */
    static List<String> commands(String guide, String with) throws IOException {
        return COMMANDS.matcher(Files.readString(Path.of("../../docs", guide)))
                .results()
                .map(match -> match.group(1))
                .filter(commands -> commands.contains(with))
                .toList();
    }
}
