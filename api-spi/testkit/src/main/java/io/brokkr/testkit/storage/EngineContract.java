package io.brokkr.testkit.storage;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.ReplaceableLog;
import io.brokkr.spi.storage.StorageEngineFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** One of the {@link StorageEngineContracts}: asks these for the engine and for what it can do. */
abstract class EngineContract extends StorageContract {

    private final StorageEngineContracts tested;

    EngineContract(StorageEngineContracts tested) {
        this.tested = tested;
    }

    StorageEngineContracts tested() {
        return tested;
    }

    @Override
    protected final StorageEngineFactory factory() {
        return tested.factory();
    }

    @Override
    protected final Map<String, String> topicSettings() {
        return tested.topicSettings();
    }

    @Override
    protected final Map<String, String> brokerSettings() {
        return tested.brokerSettings();
    }

    @Override
    protected final List<StorageEngineFactory> otherEngines() {
        return tested.otherEngines();
    }

    final boolean isDurable() {
        return tested.isDurable();
    }

    final boolean canReplaceSegments() {
        return tested.canReplaceSegments();
    }

    /** Opens a log whose segments can be replaced; {@link AbilityContract} holds the others to what they say. */
    final ReplaceableLog openReplaceable(LogId id) {
        Assumptions.assumeTrue(canReplaceSegments(), "the engine says that it cannot replace segments");
        PartitionLog log = open(id);
        assertThat(log).isInstanceOf(ReplaceableLog.class);
        return (ReplaceableLog) log;
    }

    /** Opens another engine, which must not know anything of a log that is not durable. */
    final void assertIsGoneWithTheEngine(LogId id) {
        restart();
        assertThat(await(engine.list())).isEmpty();
        PartitionLog log = open(id, 0);
        assertThat(log.startOffset()).isZero();
        assertThat(log.endOffset()).isZero();
        assertThat(readAll(log, 0)).isEmpty();
        assertThat(await(log.readCheckpoint("note"))).isEmpty();
    }
}
