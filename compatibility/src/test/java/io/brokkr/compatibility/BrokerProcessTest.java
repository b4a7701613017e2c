package io.brokkr.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerProcessTest {
    @TempDir
    Path folder;

    @Test
    void aBrokerThatEndsIsReportedAtOnce() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(program("exit 7"), folder, BrokerProcess.freePort())) {
            assertThatThrownBy(() -> broker.awaitReady(Duration.ofMinutes(1))).hasMessageContaining("ended with 7");
        }
    }

    @Test
    void isReadyWhenItsPortIsOpenAndStopsOnRequest() throws Exception {
        try (ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                BrokerProcess broker = BrokerProcess.start(program("exec sleep 1000"), folder, port.getLocalPort())) {
            broker.awaitReady(Duration.ofMinutes(1));
            broker.stop();

            assertThat(ProcessHandle.of(broker.pid()).filter(ProcessHandle::isAlive))
                    .isEmpty();
        }
    }

    private static BrokerProgram program(String script) {
        return new BrokerProgram() {
            @Override
            public String name() {
                return "script";
            }

            @Override
            public void prepare(Path workingFolder) {}

            @Override
            public List<String> command(Path workingFolder, int port) {
                return List.of("/bin/sh", "-c", script);
            }
        };
    }
}
