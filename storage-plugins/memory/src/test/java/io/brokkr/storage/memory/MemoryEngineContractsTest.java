package io.brokkr.storage.memory;

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
import org.junit.jupiter.api.Nested;

/** The contracts, on segments so small that every test has many; what has to outlive the engine does not concern it. */
class MemoryEngineContractsTest {

    static final long SMALL_SEGMENT_IN_BYTES = 2_000;

    @Nested
    class AppendAndRead extends AppendAndReadContract {
        @Override
        protected StorageEngineFactory factory() {
            return new MemoryStorageEngineFactory(SMALL_SEGMENT_IN_BYTES);
        }

        @Override
        protected boolean isDurable() {
            return false;
        }
    }

    @Nested
    class Timestamp extends TimestampContract {
        @Override
        protected StorageEngineFactory factory() {
            return new MemoryStorageEngineFactory(SMALL_SEGMENT_IN_BYTES);
        }

        @Override
        protected boolean isDurable() {
            return false;
        }
    }

    @Nested
    class TrimAndTruncate extends TrimAndTruncateContract {
        @Override
        protected StorageEngineFactory factory() {
            return new MemoryStorageEngineFactory(SMALL_SEGMENT_IN_BYTES);
        }

        @Override
        protected boolean isDurable() {
            return false;
        }
    }

    @Nested
    class Checkpoint extends CheckpointContract {
        @Override
        protected StorageEngineFactory factory() {
            return new MemoryStorageEngineFactory(SMALL_SEGMENT_IN_BYTES);
        }

        @Override
        protected boolean isDurable() {
            return false;
        }
    }

    @Nested
    class Fencing extends FencingContract {
        @Override
        protected StorageEngineFactory factory() {
            return new MemoryStorageEngineFactory(SMALL_SEGMENT_IN_BYTES);
        }

        @Override
        protected boolean isDurable() {
            return false;
        }
    }

    @Nested
    class LifeCycle extends LifeCycleContract {
        @Override
        protected StorageEngineFactory factory() {
            return new MemoryStorageEngineFactory(SMALL_SEGMENT_IN_BYTES);
        }

        @Override
        protected boolean isDurable() {
            return false;
        }
    }

    @Nested
    class Concurrency extends ConcurrencyContract {
        @Override
        protected StorageEngineFactory factory() {
            return new MemoryStorageEngineFactory(SMALL_SEGMENT_IN_BYTES);
        }

        @Override
        protected boolean isDurable() {
            return false;
        }
    }

    @Nested
    class Replacement extends ReplacementContract {
        @Override
        protected StorageEngineFactory factory() {
            return new MemoryStorageEngineFactory(SMALL_SEGMENT_IN_BYTES);
        }

        @Override
        protected boolean isDurable() {
            return false;
        }
    }

    @Nested
    class FinishedSegment extends FinishedSegmentContract {
        @Override
        protected StorageEngineFactory factory() {
            return new MemoryStorageEngineFactory(SMALL_SEGMENT_IN_BYTES);
        }

        @Override
        protected boolean isDurable() {
            return false;
        }
    }
}
