package io.brokkr.compatibility.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.compatibility.compaction.CompactedTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvidenceTest {
    private static final Instant STARTED = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path data;

    @Test
    void aJournalCountsIfTheKilledBrokerWroteEntries() throws IOException {
        Evidence evidence = new Evidence(data, true);
        Path journal = data.resolve("brokkr-journal-1");

        Files.write(journal, new byte[32]);
        lookAfterKill(evidence, journal, STARTED.plusSeconds(1));
        Files.write(journal, new byte[5000]);
        lookAfterKill(evidence, journal, STARTED.minusSeconds(1));
        lookAfterKill(evidence, journal, STARTED.plusSeconds(1));

        assertThat(evidence.summary()).contains("at 1 of 3 kills");
    }

    @Test
    void manyRoundsMustHaveUsedTheJournalAndCompacted() throws IOException {
        Path journal = Files.write(data.resolve("brokkr-journal-1"), new byte[5000]);
        Evidence evidence = new Evidence(data, true);
        for (int round = 0; round < 10; round++) {
            lookAfterKill(evidence, journal, STARTED.minusSeconds(1));
            evidence.lookAtCompacted(new CompactedTopic.Left(7, 7));
        }

        assertThatThrownBy(evidence::summary).hasMessageContaining("at 0 of 10 kills");
        lookAfterKill(evidence, journal, STARTED.plusSeconds(1));
        assertThatThrownBy(evidence::summary).hasMessageContaining("compacted away after 0");
        evidence.lookAtCompacted(new CompactedTopic.Left(6, 7));
        assertThat(evidence.summary()).contains("at 1 of 11 kills").contains("compacted away after 1");
    }

    @Test
    void nobodyExpectsAJournalOfABrokerWithoutOne() throws IOException {
        Evidence evidence = new Evidence(data, false);
        for (int round = 0; round < 10; round++) {
            evidence.lookAfterKill(STARTED, "compacted");
        }
        evidence.lookAtCompacted(new CompactedTopic.Left(6, 7));

        assertThat(evidence.summary()).doesNotContain("journal");
    }

    @Test
    void aSegmentThatIsBeingCompactedIsSeen() throws IOException {
        Path folder = Files.createDirectories(data.resolve("compacted-1"));
        Evidence evidence = new Evidence(data, true);

        evidence.lookAfterKill(STARTED, "compacted");
        Files.createFile(folder.resolve("00000000000000000000.log.cleaned"));
        evidence.lookAfterKill(STARTED, "compacted");

        assertThat(evidence.summary()).contains("being compacted at 1,");
    }

    private static void lookAfterKill(Evidence evidence, Path journal, Instant written) throws IOException {
        Files.setLastModifiedTime(journal, FileTime.from(written));
        evidence.lookAfterKill(STARTED, "compacted");
    }
}
