package io.brokkr.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The words are those that kafka-dump-log 4.3.1 prints. */
class DumpLogTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Mismatches in :/data/t-0/00000000000000000000.index\n  Index offset: 5, log offset: 6",
                "Found timestamp mismatch in :/data/t-0/00000000000000000000.timeindex",
                "Found out of order timestamp in :/data/t-0/00000000000000000000.timeindex",
                "The following indexed offsets are not found in the log.",
                "Found 7 invalid bytes at the end of 00000000000000000000.log",
                "baseOffset: 0 lastOffset: 4 count: 5 position: 0 magic: 2 compresscodec: none crc: 1 isvalid: false",
                "org.apache.kafka.common.errors.CorruptRecordException: Record size 0 is less than the minimum"
            })
    void aComplaintIsSeen(String output) {
        assertThat(DumpLog.complaints(output, "")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "baseOffset: 0 lastOffset: 4 count: 5 position: 0 magic: 2 compresscodec: none crc: 1 isvalid: true",
                "/data/t-0/00000000000000000000.index is empty."
            })
    void whatItSaysOfSoundFilesIsNoComplaint(String output) {
        assertThat(DumpLog.complaints(output, "")).isEmpty();
    }

    /** A batch without records has a time that the tool does not find in them. */
    @Test
    void theTimeOfNoRecordsIsNoComplaintOfACompactedTopic() {
        String ofNone =
                """
                Found timestamp mismatch in :/data/t-0/00000000000000000000.timeindex
                  Index timestamp: 1795916049622, log timestamp: -1
                """;
        String ofOne = ofNone + "  Index timestamp: 1795916049622, log timestamp: 1795916049621\n";
        String another = "Found out of order timestamp in :/data/t-0/00000000000000000000.timeindex\n";

        assertThat(DumpLog.complaints(ofNone, "t")).isEmpty();
        assertThat(DumpLog.complaints(ofNone + another + ofNone, "t")).containsExactly(another.trim());
        assertThat(DumpLog.complaints(ofNone, "other")).hasSize(1);
        assertThat(DumpLog.complaints(ofOne, "t")).hasSize(1);
    }

    @Test
    void gapsAreToldWithTheirFiles() {
        String output =
                """
                Non-consecutive offsets in /data/t-0/00000000000000000100.log
                  -1 is followed by 100
                  105 is followed by 109
                Non-consecutive offsets in /data/t-1/00000000000000000000.log
                  7 is followed by 6
                """;

        DumpLog.Gap gap = new DumpLog.Gap(Path.of("/data/t-0/00000000000000000100.log"), 105, 109);
        DumpLog.Gap descent = new DumpLog.Gap(Path.of("/data/t-1/00000000000000000000.log"), 7, 6);
        assertThat(DumpLog.gaps(output)).containsExactly(gap, descent);
        assertThat(gap.ascends()).isTrue();
        assertThat(descent.ascends()).isFalse();
    }

    @Test
    void aGapIsInATopicWhateverThePartition() {
        DumpLog.Gap gap = new DumpLog.Gap(Path.of("/data/a-topic-12/00000000000000000000.log"), 1, 3);

        assertThat(gap.isIn("a-topic")).isTrue();
        assertThat(gap.isIn("a")).isFalse();
        assertThat(gap.isIn("topic")).isFalse();
        assertThat(gap.isIn("")).isFalse();
    }
}
