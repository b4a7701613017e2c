package io.brokkr.compatibility;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** How to run one kind of broker. A working folder holds all that the broker writes, and outlives its processes. */
public interface BrokerProgram {
    /** What reports call it. */
    String name();

    /** What it prints when it serves clients; empty if it opens its port no sooner than that, as it should. */
    default String readyWords() {
        return "";
    }

    /** A topic's settings as this broker takes them from a client, with segments of any size. */
    default Map<String, String> topicSettings(Map<String, String> settings) {
        return settings;
    }

    /** Makes an empty working folder ready for the first start. */
    void prepare(Path workingFolder) throws IOException, InterruptedException;

    /**
     * The command that serves a prepared folder on {@code 127.0.0.1:port} until SIGTERM. The process that it starts must be the broker
     * itself and no script in front of it, for signals and measurements go to its pid.
     */
    List<String> command(Path workingFolder, int port) throws IOException;
}
