package io.brokkr.compatibility.elders;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * Runs one test: {@code <test> <bootstrap server> <prefix>}. Ends with 0 if the client saw what it should, with 77 if this release of the
 * client cannot do it; else the last line on standard error that is no stack frame tells.
 */
public final class ElderClientsProgram {
    private static final int NOT_SUPPORTED = 77;
    private static final long LIMIT_MS = 80_000;
    private static final Map<String, Test> TESTS = new LinkedHashMap<>();

    static {
        test("api-versions", "0.10.2", "", RecordTests::apiVersions);
        test("metadata", "0.10.2", "", RecordTests::metadata);
        test("produce", "0.10.2", "", RecordTests::produce);
        test("fetch", "0.10.2", "", RecordTests::fetch);
        test("consumer-group", "0.10.2", "", GroupTests::consumerGroup);
        test("list-groups", "2.0", "AdminClient.listConsumerGroups (KIP-222)", AdminTests::listGroups);
        test("produce-v2-regression", "0.10.2", "", RecordTests::produceV2Regression);
        test("empty-topic", "0.10.2", "", RecordTests::emptyTopic);
        test("headers", "0.11", "record headers (KIP-82)", RecordTests::headers);
        test("nulls", "0.10.2", "", RecordTests::nulls);
        test("codec-gzip", "0.10.2", "", connection -> RecordTests.codec(connection, "gzip"));
        test("codec-snappy", "0.10.2", "", connection -> RecordTests.codec(connection, "snappy"));
        test("codec-lz4", "0.10.2", "", connection -> RecordTests.codec(connection, "lz4"));
        test("codec-zstd", "2.1", "zstd (KIP-110)", connection -> RecordTests.codec(connection, "zstd"));
        test("large-messages", "0.10.2", "", RecordTests::largeMessages);
        test("list-offsets-by-time", "0.10.2", "", RecordTests::listOffsetsByTime);
        test("commit-and-resume", "0.10.2", "", GroupTests::commitAndResume);
        test("rebalance", "0.10.2", "", GroupTests::rebalance);
        test("cooperative", "2.4", "cooperative rebalancing (KIP-429)", GroupTests::cooperative);
        test("static-members", "2.3", "static members (KIP-345)", GroupTests::staticMembers);
        test("idempotent", "0.11", "the idempotent producer (KIP-98)", RecordTests::idempotent);
        test("admin", "0.11", "an admin client (KIP-117)", AdminTests::topics);
        test("delete-records", "1.1", "AdminClient.deleteRecords (KIP-204)", AdminTests::deleteRecords);
        test("group-admin", "2.0", "AdminClient on groups (KIP-222)", AdminTests::groups);
        test("pipelined", "0.10.2", "", RecordTests::pipelined);
        test("slow-consumer", "0.10.2", "", RecordTests::slowConsumer);
        test("before-restart", "0.10.2", "", GroupTests::beforeRestart);
        test("after-restart", "0.10.2", "", GroupTests::afterRestart);
    }

    private ElderClientsProgram() {}

    private static void test(String name, String since, String feature, Body body) {
        TESTS.put(name, new Test(since, feature, body));
    }

    /** See the class. */
    public static void main(String[] arguments) {
        endAfterLimit();
        Test test = TESTS.get(arguments[0]);
        if (!isAtLeast(test.since())) {
            notSupported(AppInfoParser.getVersion() + " lacks " + test.feature() + ", which came with " + test.since());
        }
        try {
            test.body().run(new Connection(arguments[1], arguments[2] + "-" + arguments[0], arguments[2]));
        } catch (Exception | AssertionError | LinkageError e) {
            e.printStackTrace();
            System.exit(1);
        }
        System.exit(0);
    }

    /** Whether the client's release is this one or a later one. */
    static boolean isAtLeast(String release) {
        int[] wanted = numbers(release);
        int[] there = numbers(AppInfoParser.getVersion());
        return Arrays.compare(Arrays.copyOf(there, wanted.length), wanted) >= 0;
    }

    static void notSupported(String reason) {
        System.err.println(reason);
        System.exit(NOT_SUPPORTED);
    }

    private static int[] numbers(String release) {
        return Arrays.stream(release.split("\\.")).mapToInt(Integer::parseInt).toArray();
    }

    /** Clients wait long by default; a test that hangs is to end by itself and show where it stood. */
    private static void endAfterLimit() {
        Thread main = Thread.currentThread();
        Thread watch = new Thread(() -> {
            try {
                Thread.sleep(LIMIT_MS);
            } catch (InterruptedException e) {
                return;
            }
            for (StackTraceElement frame : main.getStackTrace()) {
                System.err.println("\tat " + frame);
            }
            System.err.println("hangs: no end within " + LIMIT_MS / 1000 + " s");
            Runtime.getRuntime().halt(2);
        });
        watch.setDaemon(true);
        watch.start();
    }

    /** Throws what the client threw, or an {@link AssertionError} that says what it saw. */
    @FunctionalInterface
    private interface Body {
        void run(Connection connection) throws Exception;
    }

    /** A test, the first release that can do it, and what earlier ones lack. */
    private record Test(String since, String feature, Body body) {}
}
