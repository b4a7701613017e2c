package io.brokkr.compatibility.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.compatibility.matrix.TestProcess.Outcome;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProduceV2ProofTest {

    /** A test that fails through the proxy proves itself only if the proxy did something, and only then it must. */
    @ParameterizedTest
    @CsvSource({"FAIL, 2, 1, PASS", "PASS, 2, 1, FAIL", "PASS, 9, 0, PASS", "FAIL, 9, 0, FAIL"})
    void judgesByWhatTheProxyDid(Verdict faulty, int version, int moved, Verdict expected) {
        Outcome passed = new Outcome(Verdict.PASS, "", 5);

        Outcome judged = ProduceV2Proof.judgement(
                passed, new Outcome(faulty, "what it said", 9), new TreeSet<>(List.of(version)), moved);

        assertThat(judged.verdict()).isEqualTo(expected);
        assertThat(judged.words()).startsWith("sends Produce version " + version);
        assertThat(judged.milliseconds()).isEqualTo(5);
    }
}
