package io.brokkr.benchmarks;

import io.brokkr.compatibility.CheckFailedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Consumers that run until they are ended: a kcat process each, which takes a hundredth of a JVM. They die with this JVM. */
final class KcatFleet implements AutoCloseable {
    private final List<Process> processes = new ArrayList<>();
    private final List<Path> logs = new ArrayList<>();
    private final Thread reaper = new Thread(this::kill, "end-kcat");

    KcatFleet() {
        Runtime.getRuntime().addShutdownHook(reaper);
    }

    /** One more; what it reads is thrown away. */
    void add(Session session, List<String> arguments) throws IOException {
        Path log = session.newLog();
        List<String> line = new ArrayList<>(List.of("kcat", "-b", session.bootstrapServer(), "-f", ""));
        line.addAll(arguments);
        logs.add(log);
        processes.add(new ProcessBuilder(line)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(log.toFile())
                .start());
    }

    /** What each of them has told so far. Fails if one has ended. */
    List<String> told() throws IOException {
        List<String> told = new ArrayList<>();
        for (int index = 0; index < processes.size(); index++) {
            String text = Files.readString(logs.get(index), StandardCharsets.ISO_8859_1);
            CheckFailedException.unless(processes.get(index).isAlive(), "a kcat ended: " + text);
            told.add(text);
        }
        return told;
    }

    private void kill() {
        processes.forEach(Process::destroyForcibly);
    }

    @Override
    public void close() {
        kill();
        processes.forEach(process -> process.onExit().join());
        try {
            Runtime.getRuntime().removeShutdownHook(reaper);
        } catch (IllegalStateException e) {
            // The JVM is on its way out, and the hook does its work.
        }
    }
}
