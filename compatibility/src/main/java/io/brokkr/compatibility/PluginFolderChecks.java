package io.brokkr.compatibility;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Takes a plugin's jar out of a copy of the distribution, or puts one in, and sees through clients what that changes. */
final class PluginFolderChecks {
    private final BrokkrDistribution distribution;
    private final Path scratch;
    private final Path logFolder;
    private final KafkaTools tools;

    PluginFolderChecks(BrokkrDistribution distribution, Path scratch, Path logFolder, KafkaTools tools) {
        this.distribution = distribution;
        this.scratch = scratch;
        this.logFolder = logFolder;
        this.tools = tools;
    }

    /** Without the groups plugin the broker produces and fetches, and does not advertise what it cannot do. */
    void withoutGroups() throws Exception {
        Path copy = copy("without-groups");
        Files.delete(only(copy.resolve("plugins"), "groups.*\\.jar"));
        on(copy, "without-groups", target -> {
            for (Check check : Kcat.client().checks()) {
                if (check.test().equals("produce-and-consume")) {
                    check.body().run(target);
                }
            }
            expect(
                    tools.advertised(target),
                    "Produce\\(0\\): .*usable",
                    "Fetch\\(1\\): .*usable",
                    "JoinGroup\\(11\\): UNSUPPORTED");
        });
    }

    /** The example plugin's API is absent without its jar and there with it. */
    void withExample(Path exampleJars, Check.Body listTransactions) throws Exception {
        Path copy = copy("with-example");
        on(copy, "before", target -> expect(tools.advertised(target), "ListTransactions\\(66\\): UNSUPPORTED"));
        Path jar = only(exampleJars, "[^/]*(?<!-sources|-javadoc|-tests)\\.jar");
        Files.copy(jar, copy.resolve("plugins").resolve(jar.getFileName()));
        on(copy, "list-transactions", target -> {
            expect(tools.advertised(target), "ListTransactions\\(66\\): .*usable");
            listTransactions.run(target);
        });
    }

    private void on(Path folder, String test, Check.Body body) throws Exception {
        Path work = Files.createDirectories(scratch.resolve(test + "-broker"));
        BrokkrDistribution changed = new BrokkrDistribution(test, folder, distribution.settings());
        try (BrokerProcess broker = BrokerProcess.start(changed, work, BrokerProcess.freePort())) {
            broker.awaitReady(Smoke.READY_LIMIT);
            body.run(new Target(broker.bootstrapServer(), "plugins", Stage.FIRST, test, logFolder));
            broker.stop();
        }
    }

    private Path copy(String name) throws IOException {
        Path copy = scratch.resolve(name);
        try (Stream<Path> files = Files.walk(distribution.folder())) {
            for (Path file : files.toList()) {
                Path place = copy.resolve(distribution.folder().relativize(file));
                Files.copy(file, place, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return copy;
    }

    private static Path only(Path folder, String name) throws IOException {
        Pattern pattern = Pattern.compile(name);
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.filter(file ->
                            pattern.matcher(file.getFileName().toString()).find())
                    .toList();
            CheckFailedException.unless(
                    found.size() == 1, "looked for one " + name + " in " + folder + ", found " + found);
            return found.get(0);
        }
    }

    private static void expect(String answer, String... patterns) {
        for (String pattern : patterns) {
            CheckFailedException.unless(
                    Pattern.compile(pattern).matcher(answer).find(), "no " + pattern + " in: " + answer);
        }
    }
}
