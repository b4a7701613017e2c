package io.brokkr.testkit.storage;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.ReplaceableLog;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An engine can do what it says, and refuses the rest: a log without an ability does not have its interface, whatever is asked of it. */
abstract class AbilityContract extends EngineContract {

    AbilityContract(StorageEngineContracts tested) {
        super(tested);
    }

    private void assertSaysWhatItCan(PartitionLog log) {
        assertThat(log instanceof ReplaceableLog)
                .as(
                        "canReplaceSegments() says %s; whether %s is a ReplaceableLog",
                        canReplaceSegments(), log.getClass().getName())
                .isEqualTo(canReplaceSegments());
    }

    @Test
    void segmentsCanBeReplacedInAllLogsOrInNone() {
        PartitionLog log = open(id("orders"));
        assertSaysWhatItCan(log);
        append(log, 300);
        assertSaysWhatItCan(open(id("orders")));
        assertSaysWhatItCan(open(id("orders"), 2));
        assertSaysWhatItCan(open(id("__consumer_offsets")));
        await(log.close());
        restart();
        assertSaysWhatItCan(open(id("orders"), 2));
    }

    /** Compaction is refused by what the log is, not by what the topic wishes. */
    @Test
    void aTopicThatIsToBeCompactedGetsALogLikeAllOthers() {
        Map<String, String> settings = new HashMap<>(topicSettings());
        settings.put("cleanup.policy", "compact");
        TextConfiguration compacted = new TextConfiguration(settings);
        PartitionLog log = await(engine.open(id("orders"), 1, compacted));
        assertSaysWhatItCan(log);
        log.reconfigure(compacted);
        append(log, 3);
        assertThat(log.endOffset()).isEqualTo(3);
    }
}
