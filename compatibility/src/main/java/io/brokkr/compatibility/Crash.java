package io.brokkr.compatibility;

import io.brokkr.compatibility.crash.CrashRounds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Kills a broker again and again under load and ends with 1 if anything that was acknowledged or seen is not there: {@code Crash <project folder>
 * [--rounds N] [--seed N] [--reference]}. With {@code --reference} the broker is Apache Kafka, which proves the checks; it has no journal, so that nothing is said of that.
 */
public final class Crash {

    private static final int DEFAULT_ROUNDS = 10;

    private Crash() {}

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        List<String> options = new ArrayList<>(List.of(arguments));
        Path project = Path.of(options.remove(0)).toAbsolutePath().normalize();
        long rounds = number(options, "--rounds", DEFAULT_ROUNDS);
        long seed = number(options, "--seed", new Random().nextInt(Integer.MAX_VALUE));
        boolean reference = options.remove("--reference");
        if (!options.isEmpty()) {
            System.err.println(
                    "unknown: " + String.join(" ", options) + "; there are --rounds N, --seed N and --reference");
            System.exit(2);
        }
        System.exit(run(project, seed, (int) rounds, reference));
    }

    private static long number(List<String> options, String name, long otherwise) {
        int at = options.indexOf(name);
        if (at < 0 || at + 1 == options.size()) {
            return otherwise;
        }
        options.remove(at);
        return Long.parseLong(options.remove(at));
    }

    private static int run(Path project, long seed, int rounds, boolean reference) throws Exception {
        Path module = project.resolve("compatibility");
        ApacheKafka kafka = new ApacheKafka(
                module.resolve("target/clients/kafka-tools"), module.resolve("clients/kafka-tools/log4j2.properties"));
        Map<String, String> settings = CrashRounds.brokerSettings();
        BrokerProgram program = reference
                ? new ApacheKafka(kafka.jars(), kafka.logging(), settings)
                : new BrokkrDistribution("Brokkr", project.resolve("distribution/target/brokkr"), settings);
        Path work = Smoke.empty(module.resolve("target/crash"));
        Path logs = Files.createDirectories(work.resolve("logs"));
        Path folder = Files.createDirectories(work.resolve("rounds"));
        program.prepare(folder);
        System.out.println("seed " + seed);
        Report report = new Report(System.out);
        report.run(program.name(), "kill-9", new CrashRounds(program, folder, seed, rounds, System.out)::run);
        DumpLog.compacted(kafka, folder.resolve("data"), logs, CrashRounds.COMPACTED, false)
                .report(report, "-after-kills");
        return report.finish();
    }
}
