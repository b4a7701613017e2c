package io.brokkr.compatibility;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Kills the broker again and again while a producer with acks=all goes on, and lets the producer's process judge what is left.
 *
 * <p>The program (test {@code survive-kills}) prints a line whenever a further thousand records are acknowledged. On a line of input it stops
 * producing, reads the topic back, and ends with 0 if every acknowledged record is there exactly once and in order.
 */
final class CrashRounds {
    private static final int ROUNDS = 5;
    private static final Duration READY_LIMIT = Duration.ofMinutes(1);
    private static final Duration VERDICT_LIMIT = Duration.ofMinutes(2);

    private final BrokerProgram program;
    private final Path workingFolder;
    private final List<String> producer;
    private final Path logFolder;

    CrashRounds(BrokerProgram program, Path workingFolder, List<String> producer, Path logFolder) {
        this.program = program;
        this.workingFolder = workingFolder;
        this.producer = List.copyOf(producer);
        this.logFolder = logFolder;
    }

    /** Ends with the broker stopped in order, so that its files can be looked at. */
    void run() throws IOException, InterruptedException {
        int port = BrokerProcess.freePort();
        Path errors = logFolder.resolve("kill-9.err");
        BrokerProcess broker = BrokerProcess.start(program, workingFolder, port);
        Process client = startProducer(broker.bootstrapServer(), errors);
        try (BufferedReader acknowledgements = client.inputReader(StandardCharsets.UTF_8)) {
            broker.awaitReady(READY_LIMIT);
            for (int round = 0; round < ROUNDS; round++) {
                awaitAcknowledgement(acknowledgements, errors);
                Thread.sleep(ThreadLocalRandom.current().nextInt(300));
                broker.kill();
                broker = BrokerProcess.start(program, workingFolder, port);
                broker.awaitReady(READY_LIMIT);
            }
            awaitAcknowledgement(acknowledgements, errors);
            try (Writer stop = client.outputWriter(StandardCharsets.UTF_8)) {
                stop.write("stop\n");
            }
            acknowledgements.transferTo(Writer.nullWriter());
            boolean ended = client.waitFor(VERDICT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            CheckFailedException.unless(ended && client.exitValue() == 0, Command.lastLine(errors));
            broker.stop();
        } finally {
            client.destroyForcibly();
            broker.close();
        }
    }

    private Process startProducer(String bootstrapServer, Path errors) throws IOException {
        List<String> line = new ArrayList<>(producer);
        line.addAll(List.of("survive-kills", bootstrapServer, "kill-9"));
        return new ProcessBuilder(line).redirectError(errors.toFile()).start();
    }

    /** Skips the lines that are there already, so that the kill hits a producer that is at work. */
    private static void awaitAcknowledgement(BufferedReader acknowledgements, Path errors) throws IOException {
        while (acknowledgements.ready()) {
            acknowledgements.readLine();
        }
        CheckFailedException.unless(
                acknowledgements.readLine() != null, "the producer ended: " + Command.lastLine(errors));
    }
}
