package io.brokkr.storage.log;

import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.spi.CommandLineContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** {@code log dump}: prints what is in files of logs. Reads only, so that a broker may run. */
final class DumpCommand implements LogCommand.Subcommand {

    @Override
    public int run(List<String> arguments, CommandLineContext context) throws IOException {
        ToolArguments options = new ToolArguments(arguments, Set.of("--records"), Set.of("--from", "--max"));
        List<Path> paths = options.existingPaths();
        if (paths.isEmpty()) {
            throw new ToolUsageException("dump needs a file or a log's folder");
        }
        FileDump dump = new FileDump(
                context.out(),
                new CompressionCodecs(context.compressionCodecs()),
                options.has("--records"),
                options.number("--from", 0),
                options.number("--max", Long.MAX_VALUE));
        boolean sound = true;
        for (Path path : paths) {
            for (Path file : Files.isDirectory(path) ? filesIn(path) : List.of(path)) {
                sound &= dump.print(file);
            }
        }
        return sound ? LogCommand.SOUND : LogCommand.FAULTY;
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(FileDump::isKnown).sorted().toList();
        }
    }
}
