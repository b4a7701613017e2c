package io.brokkr.compatibility.kafkaclients;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * Runs one test and ends with 0 if the client saw what it should, with 77 if the client cannot do it; else the stack trace on standard error
 * tells.
 */
public final class KafkaClientsProgram {
    private static final int NOT_SUPPORTED = 77;
    private static final Duration LIMIT = Duration.ofSeconds(80);
    private static final Duration FAULT_LIMIT = Duration.ofMinutes(5);
    private static final Set<String> FAULT_TESTS = Set.of("fill-disk");

    private static final Map<String, Scenario> SCENARIOS = Map.ofEntries(
            Map.entry("produce-and-consume", RecordScenarios::produceAndConsume),
            Map.entry("compressed", RecordScenarios::compressed),
            Map.entry("idle-then-record", RecordScenarios::idleThenRecord),
            Map.entry("data-kept", RecordScenarios::dataKept),
            Map.entry("group", GroupScenarios::group),
            Map.entry("group-resumes", GroupScenarios::groupResumes),
            Map.entry("group-eager", GroupScenarios::eagerMembersComeAndGo),
            Map.entry("group-cooperative", GroupScenarios::cooperativeMembersComeAndGo),
            Map.entry("group-static", GroupScenarios::staticMemberReturns),
            Map.entry("admin-topics", AdminScenarios::topics),
            Map.entry("admin-configs", AdminScenarios::configurations),
            Map.entry("admin-records", AdminDataScenarios::records),
            Map.entry("admin-groups", AdminDataScenarios::groups),
            Map.entry("list-transactions", AdminScenarios::listTransactions),
            Map.entry("fill-disk", FullDiskScenario::fillDisk));

    private KafkaClientsProgram() {}

    /** Arguments: test, bootstrap server, prefix of topic and group names. */
    public static void main(String[] arguments) {
        String test = arguments[0];
        endAfter(FAULT_TESTS.contains(test) ? FAULT_LIMIT : LIMIT);
        try {
            run(test, arguments[1], arguments[2]);
        } catch (MatrixTests.NotSupportedException e) {
            System.err.println(e.getMessage());
            System.exit(NOT_SUPPORTED);
        } catch (Exception | AssertionError e) {
            e.printStackTrace();
            System.exit(1);
        }
        System.exit(0);
    }

    private static void run(String test, String bootstrapServer, String prefix) throws Exception {
        Scenario ofMatrix = MatrixTests.find(test);
        if (ofMatrix == null) {
            SCENARIOS.get(test).run(new Connection(bootstrapServer, prefix));
        } else {
            ofMatrix.run(new Connection(bootstrapServer, MatrixTests.prefix(prefix, test)));
        }
    }

    /** Clients wait long by default; a test that hangs is to end by itself and show where it stood. */
    private static void endAfter(Duration limit) {
        Thread main = Thread.currentThread();
        Thread watch = new Thread(() -> {
            try {
                Thread.sleep(limit.toMillis());
            } catch (InterruptedException e) {
                return;
            }
            for (StackTraceElement frame : main.getStackTrace()) {
                System.err.println("\tat " + frame);
            }
            System.err.println("hangs: no end within " + limit.toSeconds() + " s");
            Runtime.getRuntime().halt(2);
        });
        watch.setDaemon(true);
        watch.start();
    }

    /** One test. */
    @FunctionalInterface
    interface Scenario {
        /** Throws what the client threw, or an {@link AssertionError} that says what it saw. */
        void run(Connection connection) throws Exception;
    }
}
