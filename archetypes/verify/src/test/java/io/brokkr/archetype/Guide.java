package io.brokkr.archetype;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a guide has its readers type. */
final class Guide {

    private static final Pattern COMMANDS = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

    /** The name of a file at the end of a line, and behind it what is in it. */
    private static final Pattern FILE = Pattern.compile("`([\\w./-]+)`:\n\n```\\w+\n(.*?)```", Pattern.DOTALL);

    private Guide() {}

    /** Writes the files that a guide shows as a whole. */
    static void writeFiles(String guide, Path folder) throws IOException {
        Matcher files = FILE.matcher(read(guide));
        while (files.find()) {
            Path file = folder.resolve(files.group(1));
            Files.createDirectories(file.getParent());
            Files.writeString(file, files.group(2));
        }
    }

    private static String read(String guide) throws IOException {
        return Files.readString(Path.of("../../docs", guide));
    }

    /** The blocks of commands in which a text occurs, in their order. */
    static List<String> commands(String guide, String with) throws IOException {
        return COMMANDS.matcher(read(guide))
                .results()
                .map(match -> match.group(1))
                .filter(commands -> commands.contains(with))
                .toList();
    }
}
