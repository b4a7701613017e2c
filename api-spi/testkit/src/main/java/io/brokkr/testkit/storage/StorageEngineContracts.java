package io.brokkr.testkit.storage;

import io.brokkr.spi.storage.StorageEngineFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Nested;

/**
 * All that a storage engine must do. Its author extends this class and says which engine is meant:
 *
 * <pre>{@code
 * class MyEngineContractsTest extends StorageEngineContracts {
 *     @Override
 *     protected StorageEngineFactory factory() {
 *         return new MyEngineFactory();
 *     }
 * }
 * }</pre>
 *
 * <p>What not every engine can do is declared here, and held against what the engine shows: an ability that is declared must be there, one that is not declared must be
 * refused. The tests of an ability that is not there are reported as skipped.
 *
 * <p>The subclass is a class of its own with a constructor without parameters: {@link CrashContract} makes it anew in another process. JUnit runs the contracts, and
 * jqwik {@link #theLogBehavesAsAList}.
 */
public abstract class StorageEngineContracts {

    /** For subclasses. */
    protected StorageEngineContracts() {}

    /** The engine's factory; each call may give a new one. */
    protected abstract StorageEngineFactory factory();

    /**
     * The settings of topics in the tests, by name: such that the engine's parts are small, so that many of them come about. An engine whose parts have another size than topics can set is best
     * made with small ones by {@link #factory}.
     */
    protected Map<String, String> topicSettings() {
        return Map.of();
    }

    /** The settings of the broker in the tests, by name. */
    protected Map<String, String> brokerSettings() {
        return Map.of();
    }

    /** The engines that the one under test may open as its own, if it is built on others; each call may give new ones. */
    protected List<StorageEngineFactory> otherEngines() {
        return List.of();
    }

    final StorageFixture fixture(Path folder) {
        return new StorageFixture(List.of(folder), brokerSettings(), otherEngines());
    }

    /** Whether logs outlive the engine's end and the process. Where they do not, nothing of them may be left. */
    protected boolean isDurable() {
        return true;
    }

    /** Whether the engine's logs are {@link io.brokkr.spi.storage.ReplaceableLog}s: all of them or none. */
    protected boolean canReplaceSegments() {
        return false;
    }

    /** Sequences of operations as {@link #theLogBehavesAsAList} draws them. */
    @Provide
    Arbitrary<List<LogOperation>> operations() {
        return LogOperation.any().list().ofMinSize(1).ofMaxSize(120);
    }

    /** Random operations against a list in memory. A failure prints the shortest sequence that fails, and the seed that replays it. */
    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void theLogBehavesAsAList(@ForAll("operations") List<LogOperation> operations) throws IOException {
        ModelRun.play(this, operations);
    }

    @Nested
    class Abilities extends AbilityContract {
        Abilities() {
            super(StorageEngineContracts.this);
        }
    }

    @Nested
    class AppendAndRead extends AppendAndReadContract {
        AppendAndRead() {
            super(StorageEngineContracts.this);
        }
    }

    @Nested
    class Timestamps extends TimestampContract {
        Timestamps() {
            super(StorageEngineContracts.this);
        }
    }

    @Nested
    class TrimAndTruncate extends TrimAndTruncateContract {
        TrimAndTruncate() {
            super(StorageEngineContracts.this);
        }
    }

    @Nested
    class Checkpoints extends CheckpointContract {
        Checkpoints() {
            super(StorageEngineContracts.this);
        }
    }

    @Nested
    class Fencing extends FencingContract {
        Fencing() {
            super(StorageEngineContracts.this);
        }
    }

    @Nested
    class LifeCycle extends LifeCycleContract {
        LifeCycle() {
            super(StorageEngineContracts.this);
        }
    }

    @Nested
    class Concurrency extends ConcurrencyContract {
        Concurrency() {
            super(StorageEngineContracts.this);
        }
    }

    @Nested
    class Crash extends CrashContract {
        Crash() {
            super(StorageEngineContracts.this);
        }
    }

    @Nested
    class Replacement extends ReplacementContract {
        Replacement() {
            super(StorageEngineContracts.this);
        }
    }

    @Nested
    class FinishedSegment extends FinishedSegmentContract {
        FinishedSegment() {
            super(StorageEngineContracts.this);
        }
    }
}
