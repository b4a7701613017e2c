package io.brokkr.compatibility;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Lets a producer fill the broker's disk, and gives space back: nothing acknowledged may be lost, and the broker takes records again without a restart. The producer's process (test {@code fill-disk}) judges.
 */
final class FullDisk {
    private static final int MEGABYTES = 48;
    private static final int BALLAST_MEGABYTES = 16;
    private static final Duration VERDICT_LIMIT = Duration.ofMinutes(2);

    private final BrokerProgram program;
    private final Path workingFolder;
    private final List<String> producer;
    private final Path logFolder;

    FullDisk(BrokerProgram program, Path workingFolder, List<String> producer, Path logFolder) {
        this.program = program;
        this.workingFolder = workingFolder;
        this.producer = List.copyOf(producer);
        this.logFolder = logFolder;
    }

    void run() throws IOException, InterruptedException {
        // The broker's own output stays outside.
        try (SmallDisk disk = SmallDisk.mount(workingFolder.resolve("disk"), MEGABYTES)) {
            String ballast = disk.folder().resolve("ballast").toString();
            run(disk, "fallocate", "-l", BALLAST_MEGABYTES + "MiB", ballast);
            BrokerProgram onDisk = new OnDisk(program, disk);
            Path errors = logFolder.resolve("full-disk.err");
            Process client = null;
            try (BrokerProcess broker = BrokerProcess.start(onDisk, workingFolder, BrokerProcess.freePort())) {
                broker.awaitReady(Smoke.READY_LIMIT);
                client = startProducer(broker.bootstrapServer(), errors);
                BufferedReader said = client.inputReader(StandardCharsets.UTF_8);
                CheckFailedException.unless(
                        "refused".equals(said.readLine()), "the producer ended: " + Command.lastLine(errors));
                run(disk, "rm", ballast);
                try (Writer goOn = client.outputWriter(StandardCharsets.UTF_8)) {
                    goOn.write("there is space again\n");
                }
                boolean ended = client.waitFor(VERDICT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
                CheckFailedException.unless(ended && client.exitValue() == 0, Command.lastLine(errors));
                broker.stop();
            } finally {
                if (client != null) {
                    client.destroyForcibly();
                }
            }
        }
    }

    private Process startProducer(String bootstrapServer, Path errors) throws IOException {
        List<String> line = new ArrayList<>(producer);
        line.addAll(List.of("fill-disk", bootstrapServer, "full-disk"));
        return new ProcessBuilder(line).redirectError(errors.toFile()).start();
    }

    private static void run(SmallDisk disk, String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(disk.with(List.of(command))).inheritIO().start();
        CheckFailedException.unless(process.waitFor() == 0, String.join(" ", command) + " failed");
    }

    /** A broker that sees a small disk, and has its data there. */
    private record OnDisk(BrokerProgram program, SmallDisk disk) implements BrokerProgram {
        @Override
        public String name() {
            return program.name();
        }

        @Override
        public String readyWords() {
            return program.readyWords();
        }

        @Override
        public void prepare(Path workingFolder) throws IOException, InterruptedException {
            program.prepare(workingFolder);
        }

        @Override
        public List<String> command(Path workingFolder, int port) throws IOException {
            return disk.with(program.command(disk.folder(), port));
        }
    }
}
