package io.brokkr.storage.log;

import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.testkit.storage.AppendAndReadContract;
import io.brokkr.testkit.storage.CheckpointContract;
import io.brokkr.testkit.storage.ConcurrencyContract;
import io.brokkr.testkit.storage.FencingContract;
import io.brokkr.testkit.storage.FinishedSegmentContract;
import io.brokkr.testkit.storage.LifeCycleContract;
import io.brokkr.testkit.storage.ReplacementContract;
import io.brokkr.testkit.storage.TimestampContract;
import io.brokkr.testkit.storage.TrimAndTruncateContract;
import java.util.Map;
import org.junit.jupiter.api.Nested;

/** The contracts, on segments so small that every test has many. */
abstract class EngineContracts {

    private static final Map<String, String> SMALL_SEGMENTS =
            Map.of("segment.bytes", "4000", "index.interval.bytes", "200", "segment.index.bytes", "400");

    /** What makes the engines that are tested. */
    abstract StorageEngineFactory engine();

    @Nested
    class AppendAndRead extends AppendAndReadContract {
        @Override
        protected StorageEngineFactory factory() {
            return engine();
        }

        @Override
        protected Map<String, String> topicSettings() {
            return SMALL_SEGMENTS;
        }
    }

    @Nested
    class Timestamp extends TimestampContract {
        @Override
        protected StorageEngineFactory factory() {
            return engine();
        }

        @Override
        protected Map<String, String> topicSettings() {
            return SMALL_SEGMENTS;
        }
    }

    @Nested
    class TrimAndTruncate extends TrimAndTruncateContract {
        @Override
        protected StorageEngineFactory factory() {
            return engine();
        }

        @Override
        protected Map<String, String> topicSettings() {
            return SMALL_SEGMENTS;
        }
    }

    @Nested
    class Checkpoint extends CheckpointContract {
        @Override
        protected StorageEngineFactory factory() {
            return engine();
        }

        @Override
        protected Map<String, String> topicSettings() {
            return SMALL_SEGMENTS;
        }
    }

    @Nested
    class Fencing extends FencingContract {
        @Override
        protected StorageEngineFactory factory() {
            return engine();
        }

        @Override
        protected Map<String, String> topicSettings() {
            return SMALL_SEGMENTS;
        }
    }

    @Nested
    class LifeCycle extends LifeCycleContract {
        @Override
        protected StorageEngineFactory factory() {
            return engine();
        }

        @Override
        protected Map<String, String> topicSettings() {
            return SMALL_SEGMENTS;
        }
    }

    @Nested
    class Concurrency extends ConcurrencyContract {
        @Override
        protected StorageEngineFactory factory() {
            return engine();
        }

        @Override
        protected Map<String, String> topicSettings() {
            return SMALL_SEGMENTS;
        }
    }

    @Nested
    class Replacement extends ReplacementContract {
        @Override
        protected StorageEngineFactory factory() {
            return engine();
        }

        @Override
        protected Map<String, String> topicSettings() {
            return SMALL_SEGMENTS;
        }
    }

    @Nested
    class FinishedSegment extends FinishedSegmentContract {
        @Override
        protected StorageEngineFactory factory() {
            return engine();
        }

        @Override
        protected Map<String, String> topicSettings() {
            return SMALL_SEGMENTS;
        }
    }
}
