package io.brokkr.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** This JVM is the process, and what it knows of itself is the oracle. */
class ProcessMeterTest {
    private final long pid = ProcessHandle.current().pid();

    @Test
    void agreesWithTheJvmOnCpuAndThreads() throws Exception {
        ProcessMeter meter = ProcessMeter.ofJvm(pid);
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

        double before = system.getProcessCpuTime() / 1e9;
        double metered = meter.cpuSeconds();
        double after = system.getProcessCpuTime() / 1e9;

        assertThat(metered).isBetween(before - 0.1, after + 0.1);
        assertThat(meter.threads()).isGreaterThanOrEqualTo(Thread.activeCount());
        assertThat(meter.cpuSecondsWithChildren()).isGreaterThanOrEqualTo(metered);
    }

    @Test
    void residentMemoryHoldsWhatWasTouched() throws Exception {
        ProcessMeter meter = ProcessMeter.ofJvm(pid);
        byte[] touched = new byte[64 << 20];
        Arrays.fill(touched, (byte) 1);

        assertThat(meter.residentBytes()).isGreaterThan(touched.length);
        assertThat(meter.peakResidentBytes()).isGreaterThan(touched.length);
    }

    @Test
    void aScriptInFrontOfTheJvmIsRefused() throws Exception {
        Process script = new ProcessBuilder("sleep", "1000").start();
        try {
            assertThatThrownBy(() -> ProcessMeter.ofJvm(script.pid())).hasMessageContaining("no JVM");
        } finally {
            script.destroyForcibly().waitFor();
        }
    }
}
