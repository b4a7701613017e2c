package io.brokkr.benchmarks;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void openFilesAreCountedByTheirFoldersAndSocketsToo(@TempDir Path folder) throws Exception {
        ProcessMeter meter = ProcessMeter.ofJvm(pid);
        Path counted = Files.createDirectory(folder.resolve("many-0"));
        Path other = Files.createDirectory(folder.resolve("other-0"));
        long socketsBefore = meter.sockets();

        try (FileChannel one = FileChannel.open(counted.resolve("segment"), CREATE, WRITE);
                FileChannel two = FileChannel.open(other.resolve("segment"), CREATE, WRITE);
                ServerSocket socket = new ServerSocket(0)) {
            assertThat(List.of(one.isOpen(), two.isOpen(), socket.isBound())).containsOnly(true);
            assertThat(meter.filesBelow(folder.toRealPath(), "many-")).isEqualTo(1);
            assertThat(meter.filesBelow(folder.toRealPath(), "")).isEqualTo(2);
            assertThat(meter.sockets()).isGreaterThan(socketsBefore);
        }
        assertThat(meter.filesBelow(folder.toRealPath(), "")).isZero();
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
