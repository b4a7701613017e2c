package io.brokkr.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.testkit.storage.Batches;
import io.brokkr.testkit.storage.StorageContract;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** At what age segments end. */
class SegmentAgeTest extends StorageContract {

    private static final int LOGS = 40;
    private static final long FIRST = 1_000_000;
    private static final long MOST = 10_000;
    private static final long STEP = 500;

    private Map<String, String> settings = Map.of("segment.ms", Long.toString(MOST));

    @Override
    protected StorageEngineFactory factory() {
        return new LogStorageEngineFactory();
    }

    @Override
    protected Map<String, String> topicSettings() {
        return settings;
    }

    /** Of many logs, in records' time. */
    private Set<Long> ages() {
        Set<Long> ages = new TreeSet<>();
        for (int i = 0; i < LOGS; i++) {
            PartitionLog log = open(id("topic" + i));
            append(log, Batches.single(0, FIRST));
            long age = 0;
            while (log.segments().size() == 1) {
                age += STEP;
                append(log, Batches.single(log.endOffset(), FIRST + age));
            }
            ages.add(age);
        }
        return ages;
    }

    @Test
    void segmentsEndWithTheFirstRecordThatIsTooYoungForThem() {
        assertThat(ages()).containsExactly(MOST + STEP);
    }

    @Test
    void withJitterTheyDoNotEndTogether() {
        settings = Map.of("segment.ms", Long.toString(MOST), "segment.jitter.ms", Long.toString(MOST / 2));
        assertThat(ages()).hasSizeGreaterThan(4).allSatisfy(age -> assertThat(age)
                .isBetween(MOST / 2, MOST + STEP));
    }

    @Test
    void moreJitterThanTimeIsAllOfTheTime() {
        settings = Map.of("segment.ms", Long.toString(MOST), "segment.jitter.ms", Long.toString(Long.MAX_VALUE));
        assertThat(ages()).hasSizeGreaterThan(8).allSatisfy(age -> assertThat(age)
                .isBetween(STEP, MOST + STEP));
    }
}
