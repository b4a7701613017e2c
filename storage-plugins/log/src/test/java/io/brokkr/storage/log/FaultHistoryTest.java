package io.brokkr.storage.log;

import static org.assertj.core.api.Assertions.fail;

import java.util.Random;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Seeded histories of a log on a device that forgets, tears, reorders, fails and fills up: {@link FaultHistory} tells what must hold.
 *
 * <pre>
 *   mvn verify -pl storage-plugins/log -am -Dtest=FaultHistoryTest -Dsurefire.failIfNoSpecifiedTests=false -Dbrokkr.fault.histories=10000
 *   … -Dbrokkr.fault.seed=42      one history again, the one that a failure names
 * </pre>
 */
class FaultHistoryTest {

    private static final int DEFAULT_HISTORIES = 1_000;

    /** Nearly every history has something cut off, and need not tell it on the console. */
    private static final Logger CUT_TAILS = Logger.getLogger(CutTail.class.getName());

    @BeforeAll
    static void keepQuiet() {
        CUT_TAILS.setUseParentHandlers(false);
    }

    @AfterAll
    static void tellAgain() {
        CUT_TAILS.setUseParentHandlers(true);
    }

    @Test
    void everyHistoryKeepsWhatWasSynced() {
        Long only = Long.getLong("brokkr.fault.seed");
        if (only != null) {
            play(only);
            return;
        }
        Random seeds = new Random();
        int histories = Integer.getInteger("brokkr.fault.histories", DEFAULT_HISTORIES);
        for (int i = 0; i < histories; i++) {
            play(seeds.nextLong());
        }
    }

    private static void play(long seed) {
        FaultHistory history = new FaultHistory(seed);
        try {
            history.play();
        } catch (Exception | AssertionError failure) {
            fail(
                    "the history of seed " + seed + " failed; -Dbrokkr.fault.seed=" + seed + " replays it:\n"
                            + history.story(),
                    failure);
        }
    }
}
