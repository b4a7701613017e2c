package io.brokkr.compatibility;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a check is given.
 *
 * @param bootstrapServer {@code host:port} of the running broker
 * @param client the client's name
 * @param stage which the check belongs to
 * @param test the check's name
 * @param logFolder where clients' output is kept
 */
public record Target(String bootstrapServer, String client, Stage stage, String test, Path logFolder) {
    /** A client's process may take this long; the longest waits inside of the programs are shorter. */
    private static final Duration LIMIT = Duration.ofSeconds(90);

    /** The client's process; {@code step} tells the outputs of one check's processes apart. */
    Command command(String step, List<String> line) {
        return new Command(line, LIMIT, logFolder.resolve(String.join(".", client, stage.name(), test, step, "log")));
    }

    /** A name for topics and groups that no other client uses; the same in both stages. */
    String prefix() {
        return client;
    }
}
