package io.brokkr.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.record.RecordBatch;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A segment whose files are not what they should be. */
class SegmentTest {

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aFileThatHasBecomeShorterIsNotWrittenAgain(@TempDir Path folder) throws IOException {
        Files.write(folder.resolve(Segment.nameOf(0) + ".log"), new byte[10]);
        Segment segment = new Segment(
                new OpenFiles(FileOperations.SYSTEM, System::nanoTime), folder, 0, 1_000, RecordBatch.NO_TIMESTAMP);
        assertThatThrownBy(() -> segment.writeAgain(0))
                .isInstanceOf(EOFException.class)
                .hasMessageContaining(folder.toString());
    }

    @Test
    void aNameHasABaseOffsetIfItIsOne() {
        assertThat(Segment.baseOffsetIn(Segment.nameOf(Long.MAX_VALUE) + ".log"))
                .hasValue(Long.MAX_VALUE);
        assertThat(Segment.baseOffsetIn("09223372036854775808.log")).isEmpty();
        assertThat(Segment.baseOffsetIn("99999999999999999999.log")).isEmpty();
        assertThat(Segment.baseOffsetIn("0.log")).isEmpty();
    }
}
