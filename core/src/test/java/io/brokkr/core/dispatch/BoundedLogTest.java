package io.brokkr.core.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.pluginhost.BoundedLog;
import io.brokkr.spi.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BoundedLogTest {

    private final AtomicLong nanos = new AtomicLong();
    private final RecordingLogger lines = new RecordingLogger();
    private final BoundedLog log = new BoundedLog(lines, new Clock() {
        @Override
        public long millis() {
            return nanos.get() / 1_000_000;
        }

        @Override
        public long nanos() {
            return nanos.get();
        }
    });

    @Test
    void linesBeyondTheBoundAreCountedInstead() {
        for (int line = 0; line < 100; line++) {
            log.warn("line {}", line);
        }
        assertThat(lines.texts()).hasSize(20).startsWith("line 0", "line 1");
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        log.error("a bug", new IllegalStateException());
        assertThat(lines.texts()).hasSize(22).endsWith("80 more lines of this kind were left out", "a bug");
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        log.warn("quiet again");
        assertThat(lines.texts()).hasSize(23).endsWith("quiet again");
    }
}
