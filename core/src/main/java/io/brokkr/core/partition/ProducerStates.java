package io.brokkr.core.partition;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.TimestampType;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The idempotent producers of a partition (KIP-98, KIP-360). Not thread-safe: used under the partition's lock. */
final class ProducerStates {

    private final Map<Long, ProducerState> byId = new HashMap<>();

    /**
     * Whether a batch of an idempotent producer may be appended.
     *
     * <p>A producer that is not known may begin at any sequence, as in Kafka: its records may all have been deleted, or its state expired.
     *
     * @return the batch that it repeats, null if it is new
     * @throws io.brokkr.spi.ApiException {@code INVALID_PRODUCER_EPOCH}, {@code OUT_OF_ORDER_SEQUENCE_NUMBER}
     */
    @Nullable
    ProducedBatch admit(RecordBatch batch) {
        ProducerState state = byId.get(batch.producerId());
        return state == null ? null : state.admit(batch);
    }

    /** Remembers a batch that has its offsets. */
    void add(RecordBatch batch, long now) {
        long logAppendTime = batch.timestampType() == TimestampType.LOG_APPEND_TIME
                ? batch.maxTimestamp()
                : RecordBatch.NO_TIMESTAMP;
        byId.computeIfAbsent(batch.producerId(), id -> new ProducerState(id, batch.producerEpoch()))
                .add(
                        batch.producerEpoch(),
                        new ProducedBatch(
                                batch.baseSequence(),
                                batch.lastSequence(),
                                batch.baseOffset(),
                                batch.lastOffset(),
                                logAppendTime),
                        now);
    }

    /** Puts a state back that was kept. */
    void restore(ProducerState state) {
        byId.put(state.producerId(), state);
    }

    /** Forgets those who wrote nothing since a moment. */
    void expire(long usedBefore) {
        byId.values().removeIf(state -> state.lastUsed() < usedBefore);
    }

    Collection<ProducerState> all() {
        return byId.values();
    }
}
