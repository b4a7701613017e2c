package io.brokkr.compatibility.kafkaclients;

import io.brokkr.compatibility.kafkaclients.KafkaClientsProgram.Scenario;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tests by the names that they have for all clients of the matrix. */
final class MatrixTests {
    private static final Map<String, Scenario> TESTS = Map.ofEntries(
            Map.entry("api-versions", MatrixScenarios::apiVersions),
            Map.entry("metadata", MatrixScenarios::metadata),
            Map.entry("produce", MatrixScenarios::produce),
            Map.entry("fetch", MatrixScenarios::fetch),
            Map.entry("consumer-group", MatrixScenarios::consumerGroup),
            Map.entry("list-groups", MatrixScenarios::listGroups),
            Map.entry("produce-v2-regression", connection -> {
                throw new NotSupportedException("these releases send Produce version 3 or later");
            }),
            Map.entry("empty-topic", RecordScenarios::idleThenRecord),
            Map.entry("headers", RecordScenarios::headers),
            Map.entry("nulls", MatrixScenarios::nulls),
            Map.entry("codec-gzip", connection -> MatrixScenarios.codec(connection, "gzip")),
            Map.entry("codec-snappy", connection -> MatrixScenarios.codec(connection, "snappy")),
            Map.entry("codec-lz4", connection -> MatrixScenarios.codec(connection, "lz4")),
            Map.entry("codec-zstd", connection -> MatrixScenarios.codec(connection, "zstd")),
            Map.entry("large-messages", MatrixScenarios::largeMessages),
            Map.entry("list-offsets-by-time", MatrixScenarios::listOffsetsByTime),
            Map.entry("commit-and-resume", GroupScenarios::group),
            Map.entry("rebalance", GroupScenarios::eagerMembersComeAndGo),
            Map.entry("cooperative", GroupScenarios::cooperativeMembersComeAndGo),
            Map.entry("static-members", GroupScenarios::staticMemberReturns),
            Map.entry("idempotent", MatrixScenarios::idempotent),
            Map.entry("admin", MatrixTests::admin),
            Map.entry("delete-records", AdminDataScenarios::records),
            Map.entry("group-admin", AdminDataScenarios::groups),
            Map.entry("pipelined", MatrixScenarios::pipelined),
            Map.entry("slow-consumer", MatrixScenarios::slowConsumer),
            Map.entry("before-restart", MatrixTests::beforeRestart),
            Map.entry("after-restart", MatrixTests::afterRestart));

    private MatrixTests() {}

    static @Nullable Scenario find(String test) {
        return TESTS.get(test);
    }

    /** The names of a test's topics and groups begin with this: tests share none, but for those before and after a restart. */
    static String prefix(String prefix, String test) {
        return prefix + "-" + (test.endsWith("-restart") ? "restart" : test);
    }

    private static void admin(Connection connection) throws Exception {
        AdminScenarios.topics(connection);
        AdminScenarios.configurations(connection);
    }

    private static void beforeRestart(Connection connection) throws Exception {
        RecordScenarios.produceAndConsume(connection);
        GroupScenarios.group(connection);
    }

    private static void afterRestart(Connection connection) throws Exception {
        RecordScenarios.dataKept(connection);
        GroupScenarios.groupResumes(connection);
    }

    /** What these releases of the client cannot do. */
    static final class NotSupportedException extends Exception {
        private static final long serialVersionUID = 1;

        NotSupportedException(String message) {
            super(message);
        }
    }
}
