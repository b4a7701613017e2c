package io.brokkr.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void whatIsNotGivenHasADefault() {
        Options options = Options.parse("--rounds", "1", "--gigabytes", "0.5", "--measures", "idle");

        assertThat(options).isEqualTo(new Options(1, 0.5, 3, 1000, 10_000, 30, List.of("idle")));
    }

    @Test
    void mistakesAreRefused() {
        assertThatThrownBy(() -> Options.parse("--round", "1")).hasMessageContaining("--round");
        assertThatThrownBy(() -> Options.parse("--rounds")).hasMessageContaining("wants a value");
        assertThatThrownBy(() -> Options.parse("--measures", "speed")).hasMessageContaining("throughput");
    }
}
