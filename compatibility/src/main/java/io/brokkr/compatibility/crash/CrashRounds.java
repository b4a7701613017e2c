package io.brokkr.compatibility.crash;

import io.brokkr.compatibility.BrokerProcess;
import io.brokkr.compatibility.BrokerProgram;
import io.brokkr.compatibility.CheckFailedException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;

/**
 * Kills a broker with SIGKILL while clients are at work, starts it at once on the same folder, and so on; then compares what is there with what was acknowledged and
 * seen. The moments of the kills, counted from the first acknowledgement of a round, and what the clients do come from a seed.
 */
public final class CrashRounds {

    private static final Duration READY_LIMIT = Duration.ofMinutes(1);
    private static final Duration ACKNOWLEDGEMENT_LIMIT = Duration.ofMinutes(1);
    private static final int PRODUCERS = 3;
    private static final int LONGEST_ROUND_MILLIS = 2_000;

    private final BrokerProgram program;
    private final Path workingFolder;
    private final long seed;
    private final int rounds;
    private final PrintStream out;
    private final Ledger ledger = new Ledger();
    private final List<Worker> workers = new ArrayList<>();

    /**
     * Rounds on a prepared folder.
     *
     * @param out gets a line a round
     */
    public CrashRounds(BrokerProgram program, Path workingFolder, long seed, int rounds, PrintStream out) {
        this.program = program;
        this.workingFolder = workingFolder;
        this.seed = seed;
        this.rounds = rounds;
        this.out = out;
    }

    /** Ends with the broker stopped in order, so that its files can be looked at. Throws {@link CheckFailedException} that names what is wrong, and the seed. */
    public void run() throws Exception {
        try {
            runRounds();
        } catch (CheckFailedException wrong) {
            throw new CheckFailedException("with seed " + seed + ": " + wrong.getMessage());
        }
    }

    private void runRounds() throws Exception {
        Random moments = new Random(seed);
        int port = BrokerProcess.freePort();
        BrokerProcess broker = BrokerProcess.start(program, workingFolder, port);
        try {
            broker.awaitReady(READY_LIMIT);
            startWorkers(broker.bootstrapServer());
            for (int round = 1; round <= rounds; round++) {
                long before = awaitAcknowledgement();
                int moment = moments.nextInt(LONGEST_ROUND_MILLIS);
                TimeUnit.MILLISECONDS.sleep(moment);
                broker.kill();
                long killed = System.nanoTime();
                broker = BrokerProcess.start(program, workingFolder, port);
                broker.awaitReady(READY_LIMIT);
                long restartMillis = (System.nanoTime() - killed) / 1_000_000;
                ConsumingWorker.checkEnds(broker.bootstrapServer(), ledger);
                out.printf(
                        "round %d of %d: killed after %d ms, %d acknowledged, ready again after %d ms%n",
                        round, rounds, moment, ledger.acknowledgedCount() - before, restartMillis);
            }
            awaitAcknowledgement();
            for (Worker worker : workers) {
                worker.stop();
            }
            ConsumingWorker.checkAll(broker.bootstrapServer(), ledger);
            out.printf("%d records acknowledged, seed %d%n", ledger.acknowledgedCount(), seed);
            broker.stop();
        } finally {
            broker.close();
        }
    }

    private void startWorkers(String bootstrapServer) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServer))) {
            Topics.create(admin);
        }
        for (int i = 0; i < PRODUCERS; i++) {
            workers.add(new ProducingWorker(bootstrapServer, "p" + i, new Random(seed + i), ledger));
        }
        workers.add(new ConsumingWorker(bootstrapServer, ledger));
        workers.add(new DeletingWorker(bootstrapServer, new Random(seed), ledger));
        workers.forEach(Worker::start);
    }

    /** So that the kill hits a broker that is at work. Gives how many records were acknowledged before. */
    private long awaitAcknowledgement() throws InterruptedException, IOException {
        long before = ledger.acknowledgedCount();
        long deadline = System.nanoTime() + ACKNOWLEDGEMENT_LIMIT.toNanos();
        while (ledger.acknowledgedCount() == before) {
            workers.forEach(Worker::check);
            CheckFailedException.unless(
                    System.nanoTime() < deadline, "nothing is acknowledged within " + ACKNOWLEDGEMENT_LIMIT);
            TimeUnit.MILLISECONDS.sleep(2);
        }
        return before;
    }
}
