package io.brokkr.compatibility;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A broker that runs in a process of its own on loopback. Used by one thread. It dies with this JVM. */
public final class BrokerProcess implements AutoCloseable {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    private final Process process;
    private final int port;
    private final Path log;
    private final long logStart;
    private final String readyWords;
    private final Thread reaper;

    private BrokerProcess(Process process, int port, Path log, long logStart, String readyWords) {
        this.process = process;
        this.port = port;
        this.log = log;
        this.logStart = logStart;
        this.readyWords = readyWords;
        this.reaper = new Thread(process::destroyForcibly, "end-broker-" + process.pid());
        Runtime.getRuntime().addShutdownHook(reaper);
    }

    /** Starts the program on its prepared folder and returns at once. What it prints goes to the end of {@code broker.log} there. */
    public static BrokerProcess start(BrokerProgram program, Path workingFolder, int port) throws IOException {
        Path log = workingFolder.resolve("broker.log");
        long logStart = Files.exists(log) ? Files.size(log) : 0;
        Process process = new ProcessBuilder(program.command(workingFolder, port))
                .directory(workingFolder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start();
        return new BrokerProcess(process, port, log, logStart, program.readyWords());
    }

    /** Waits until the broker serves clients. */
    public void awaitReady(Duration limit) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!takesConnections() || !saysReady()) {
            if (!process.isAlive()) {
                throw new CheckFailedException("the broker ended with " + process.exitValue() + "; see " + log);
            }
            if (System.nanoTime() > deadline) {
                throw new CheckFailedException(
                        "port " + port + " is not served after " + limit.toSeconds() + " s; see " + log);
            }
            Thread.sleep(20);
        }
    }

    /** The broker's process id. */
    public long pid() {
        return process.pid();
    }

    /** Where clients connect. */
    public String bootstrapServer() {
        return "127.0.0.1:" + port;
    }

    /** Asks it to stop with SIGTERM and waits; killed and reported if it does not within a minute. */
    public void stop() throws InterruptedException {
        process.destroy();
        boolean ended = process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        close();
        CheckFailedException.unless(ended, "no end within " + STOP_LIMIT.toSeconds() + " s of SIGTERM; see " + log);
    }

    /** Ends it with SIGKILL and waits until it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
        close();
    }

    /** Kills it if it still runs. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            Runtime.getRuntime().removeShutdownHook(reaper);
        } catch (IllegalStateException e) {
            // The JVM is on its way out, and the hook does its work.
        }
    }

    private boolean saysReady() throws IOException {
        if (readyWords.isEmpty()) {
            return true;
        }
        try (InputStream said = Files.newInputStream(log)) {
            said.skipNBytes(logStart);
            return new String(said.readAllBytes(), StandardCharsets.ISO_8859_1).contains(readyWords);
        }
    }

    private boolean takesConnections() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A port that was free a moment ago, below the range that outgoing connections take theirs from. */
    public static int freePort() throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // Somebody else's.
            }
        }
        throw new IOException("no free port between 20000 and 32000");
    }

    /** The java that runs this program. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
