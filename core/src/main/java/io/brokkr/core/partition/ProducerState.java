package io.brokkr.core.partition;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.ApiException;
import org.jspecify.annotations.Nullable;

/**
 * What one idempotent producer wrote into one partition: its epoch and its last batches (KIP-98). Not thread-safe.
 *
 * <p>Five batches are remembered because that is how many requests a producer may have under way on a connection.
 */
final class ProducerState {

    /** How many batches are remembered. */
    static final int REMEMBERED = 5;

    private final long producerId;
    private short epoch;
    private long lastUsed;
    /** A ring; the batch at {@code newest} came last. */
    private final @Nullable ProducedBatch[] batches = new ProducedBatch[REMEMBERED];

    private int newest = REMEMBERED - 1;
    private int count;

    ProducerState(long producerId, short epoch) {
        this.producerId = producerId;
        this.epoch = epoch;
    }

    /**
     * Whether a batch may follow those that are remembered.
     *
     * @return the batch that it repeats, null if it is new
     * @throws ApiException {@code INVALID_PRODUCER_EPOCH}, {@code OUT_OF_ORDER_SEQUENCE_NUMBER}
     */
    @Nullable
    ProducedBatch admit(RecordBatch batch) {
        short batchEpoch = batch.producerEpoch();
        if (batchEpoch < epoch) {
            throw new ApiException(
                    ErrorCode.INVALID_PRODUCER_EPOCH,
                    "producer " + producerId + " has epoch " + epoch + ", and the batch is of epoch " + batchEpoch);
        }
        if (batchEpoch > epoch) {
            if (batch.baseSequence() != 0) {
                throw outOfOrder(batch, "0, since its epoch is new");
            }
            return null;
        }
        ProducedBatch repeated = find(batch.baseSequence(), batch.lastSequence());
        if (repeated == null && batch.baseSequence() != expectedSequence()) {
            throw outOfOrder(batch, Integer.toString(expectedSequence()));
        }
        return repeated;
    }

    private ApiException outOfOrder(RecordBatch batch, String expected) {
        return new ApiException(
                ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
                "the batch of producer " + producerId + " begins at sequence " + batch.baseSequence() + ", expected is "
                        + expected);
    }

    private @Nullable ProducedBatch find(int baseSequence, int lastSequence) {
        for (int i = 0; i < count; i++) {
            ProducedBatch batch = batches[(newest - i + REMEMBERED) % REMEMBERED];
            if (batch != null && batch.baseSequence() == baseSequence && batch.lastSequence() == lastSequence) {
                return batch;
            }
        }
        return null;
    }

    private int expectedSequence() {
        ProducedBatch last = batches[newest];
        // After the largest sequence comes 0.
        return last == null ? 0 : (last.lastSequence() + 1) & Integer.MAX_VALUE;
    }

    /** Remembers a batch that was admitted or is in the log already. */
    void add(short batchEpoch, ProducedBatch batch, long now) {
        if (batchEpoch != epoch) {
            epoch = batchEpoch;
            count = 0;
        }
        newest = (newest + 1) % REMEMBERED;
        batches[newest] = batch;
        count = Math.min(count + 1, REMEMBERED);
        lastUsed = now;
    }

    long producerId() {
        return producerId;
    }

    short epoch() {
        return epoch;
    }

    /** Epoch milliseconds. */
    long lastUsed() {
        return lastUsed;
    }

    int batchCount() {
        return count;
    }

    /** A batch that is remembered; 0 is the oldest. */
    ProducedBatch batch(int index) {
        ProducedBatch batch = index < count ? batches[(newest - count + 1 + index + REMEMBERED) % REMEMBERED] : null;
        if (batch == null) {
            throw new IndexOutOfBoundsException(index);
        }
        return batch;
    }
}
