package io.brokkr.compatibility.matrix;

import io.brokkr.compatibility.BrokerProcess;
import io.brokkr.compatibility.BrokkrDistribution;
import io.brokkr.compatibility.matrix.TestProcess.Outcome;
import io.brokkr.compatibility.proxy.ThrottleTimeFirstProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Shows that a client's program for {@value #TEST} sees the fault that it is there for: runs it once more on a broker of its own behind a {@link ThrottleTimeFirstProxy}, through which it must
 * fail. A client that sends no version whose responses the proxy changes must pass. The proxy sees which versions the client sends.
 *
 * @param broker Brokkr with the given settings
 * @param process runs the program
 * @param work where the broker's folder is made
 */
record ProduceV2Proof(Function<Map<String, String>, BrokkrDistribution> broker, TestProcess process, Path work) {

    static final String TEST = "produce-v2-regression";

    private static final Duration READY_LIMIT = Duration.ofSeconds(60);

    /** The outcome of a test that passed on a right broker, once it was tried on a faulty one. */
    Outcome judge(String client, List<String> command, Outcome passed) throws IOException, InterruptedException {
        int port = BrokerProcess.freePort();
        Path folder = Files.createTempDirectory(work, "proof");
        try (ThrottleTimeFirstProxy proxy = new ThrottleTimeFirstProxy(port)) {
            String address = "127.0.0.1:" + proxy.port();
            BrokkrDistribution advertisesProxy = broker.apply(Map.of("advertised.listeners", "PLAINTEXT://" + address));
            try (BrokerProcess running = BrokerProcess.start(advertisesProxy, folder, port)) {
                running.awaitReady(READY_LIMIT);
                Outcome faulty = process.run(client, command, TEST, address);
                running.kill();
                return judgement(passed, faulty, proxy.produceVersions(), proxy.movedResponses());
            }
        }
    }

    /**
     * What both runs say together.
     *
     * @param passed on the right broker
     * @param faulty through the proxy
     * @param versions of Produce that the proxy saw
     * @param moved how many responses it changed
     */
    static Outcome judgement(Outcome passed, Outcome faulty, NavigableSet<Integer> versions, int moved) {
        String sent = "sends Produce version "
                + versions.stream().map(String::valueOf).collect(Collectors.joining(", "));
        boolean failed = faulty.verdict() == Verdict.FAIL;
        if (moved > 0 && failed) {
            return passed.with(Verdict.PASS, sent + "; fails, as it must, where throttle_time_ms comes first");
        }
        if (moved > 0) {
            return passed.with(Verdict.FAIL, sent + " and does not see that throttle_time_ms comes first");
        }
        if (failed) {
            return passed.with(Verdict.FAIL, sent + "; fails through a proxy that changed nothing: " + faulty.words());
        }
        return passed.with(Verdict.PASS, sent + ", in whose responses throttle_time_ms is not the last field");
    }
}
