package io.brokkr.compatibility.crash;

import io.brokkr.compatibility.BrokerProcess;
import io.brokkr.compatibility.BrokerProgram;
import io.brokkr.compatibility.BrokkrDistribution;
import io.brokkr.compatibility.CheckFailedException;
import io.brokkr.compatibility.compaction.CompactedTopic;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
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
    /** The topic that is compacted. */
    public static final String COMPACTED = "crash-compacted";

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
    private final CompactedTopic compacted = new CompactedTopic(COMPACTED);
    private final Evidence evidence;
    private final List<Worker> workers = new ArrayList<>();

    /**
     * Rounds on a prepared folder.
     *
     * @param program with {@link #brokerSettings}
     * @param out gets a line a round
     */
    public CrashRounds(BrokerProgram program, Path workingFolder, long seed, int rounds, PrintStream out) {
        this.program = program;
        this.workingFolder = workingFolder;
        this.seed = seed;
        this.rounds = rounds;
        this.out = out;
        // Apache Kafka has no journal.
        evidence = new Evidence(workingFolder.resolve("data"), program instanceof BrokkrDistribution);
    }

    /** With these, retention and compaction look often enough to meet kills. */
    public static Map<String, String> brokerSettings() {
        Map<String, String> settings = new HashMap<>(CompactedTopic.BROKER_SETTINGS);
        settings.put("log.retention.check.interval.ms", "300");
        return settings;
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
        Instant started = Instant.now();
        BrokerProcess broker = BrokerProcess.start(program, workingFolder, port);
        try {
            broker.awaitReady(READY_LIMIT);
            CompactedWorker compacting = startWorkers(broker.bootstrapServer());
            for (int round = 1; round <= rounds; round++) {
                long before = awaitAcknowledgement();
                int moment = moments.nextInt(LONGEST_ROUND_MILLIS);
                TimeUnit.MILLISECONDS.sleep(moment);
                broker.kill();
                evidence.lookAfterKill(started, COMPACTED);
                started = Instant.now();
                long killed = System.nanoTime();
                broker = BrokerProcess.start(program, workingFolder, port);
                broker.awaitReady(READY_LIMIT);
                long restartMillis = (System.nanoTime() - killed) / 1_000_000;
                ConsumingWorker.checkEnds(broker.bootstrapServer(), ledger);
                out.printf(
                        "round %d of %d: killed after %d ms, %d acknowledged, ready again after %d ms, %s%n",
                        round,
                        rounds,
                        moment,
                        ledger.acknowledgedCount() - before,
                        restartMillis,
                        checkCompacted(compacting));
            }
            awaitAcknowledgement();
            judge(broker.bootstrapServer(), compacting);
            broker.stop();
        } finally {
            broker.close();
        }
    }

    private void judge(String bootstrapServer, CompactedWorker compacting) throws InterruptedException {
        for (Worker worker : workers) {
            worker.stop();
        }
        ConsumingWorker.checkAll(bootstrapServer, ledger);
        CompactedTopic.Left left = checkCompacted(compacting);
        out.printf("%d records acknowledged, %s, seed %d%n", ledger.acknowledgedCount(), left, seed);
        out.println(evidence.summary());
    }

    private CompactedTopic.Left checkCompacted(CompactedWorker compacting) throws InterruptedException {
        CompactedTopic.Left left = compacting.checkTopic();
        evidence.lookAtCompacted(left);
        return left;
    }

    private CompactedWorker startWorkers(String bootstrapServer) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServer))) {
            Topics.create(admin, program);
            compacted.create(admin, program);
        }
        for (int i = 0; i < PRODUCERS; i++) {
            workers.add(new ProducingWorker(bootstrapServer, "p" + i, Topics.few(), new Random(seed + i), ledger));
        }
        workers.add(new ProducingWorker(
                bootstrapServer, "spread", Topics.SPREAD.partitions().toList(), new Random(seed), ledger));
        CompactedWorker compacting = new CompactedWorker(bootstrapServer, compacted, new Random(seed));
        workers.add(compacting);
        workers.add(new ConsumingWorker(bootstrapServer, ledger));
        workers.add(new DeletingWorker(bootstrapServer, new Random(seed), ledger));
        workers.forEach(Worker::start);
        return compacting;
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
