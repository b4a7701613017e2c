package io.brokkr.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ReportTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Property(tries = 100)
    void countsWhatPassedAndWhatFailed(@ForAll List<Boolean> outcomes) throws InterruptedException {
        printed.reset();
        Report report = report();
        for (boolean passes : outcomes) {
            report.run("client", "test", () -> CheckFailedException.unless(passes, "no"));
        }

        int exitCode = report.finish();

        long passed = outcomes.stream().filter(passes -> passes).count();
        List<String> lines = lines();
        assertThat(lines).hasSize(outcomes.size() + 1);
        assertThat(lines.stream().filter(line -> line.startsWith("ok client test")))
                .hasSize((int) passed);
        assertThat(lines.get(lines.size() - 1))
                .isEqualTo(passed + " passed, " + (outcomes.size() - passed) + " failed");
        assertThat(exitCode).isEqualTo(passed == outcomes.size() && passed > 0 ? 0 : 1);
    }

    @Test
    void aFailureOfAnyKindIsOneLineWithTheError() throws InterruptedException {
        report().run("client", "test", () -> {
            throw new IllegalStateException("first\n  second");
        });

        assertThat(lines()).containsExactly("FAILED client test: java.lang.IllegalStateException: first | second");
    }

    private Report report() {
        return new Report(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    private List<String> lines() {
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
