package io.brokkr.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

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
                "Non-consecutive offsets in /data/t-0/00000000000000000000.log\n  5 is followed by 9",
                "baseOffset: 0 lastOffset: 4 count: 5 position: 0 magic: 2 compresscodec: none crc: 1 isvalid: false",
                "org.apache.kafka.common.errors.CorruptRecordException: Record size 0 is less than the minimum"
            })
    void aComplaintIsSeen(String output) {
        assertThat(DumpLog.complaints(output)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Non-consecutive offsets in /data/t-0/00000000000000000100.log\n  -1 is followed by 100",
                "baseOffset: 0 lastOffset: 4 count: 5 position: 0 magic: 2 compresscodec: none crc: 1 isvalid: true",
                "/data/t-0/00000000000000000000.index is empty."
            })
    void whatItSaysOfSoundFilesIsNoComplaint(String output) {
        assertThat(DumpLog.complaints(output)).isEmpty();
    }
}
