package io.brokkr.core.partition;

import io.brokkr.protocol.Bytes;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The states of all producers of a partition as they were at an offset, so that opening it reads only what lies behind.
 *
 * <pre>
 *   size  field
 *      2  format          1
 *      4  checksum        CRC-32C of all that follows
 *      8  offset          of the first record that is not in these states
 *      4  producer count  and for each of them:
 *      8    producer id
 *      2    producer epoch
 *      8    last used     epoch milliseconds
 *      1    batch count   1 to 5, and for each of them, the oldest first:
 *      4      base sequence
 *      4      last sequence
 *      8      base offset
 *      8      last offset
 *      8      log append time, -1 if the batch kept the producer's timestamps
 * </pre>
 *
 * <p>All numbers are big-endian. A snapshot of another format, or a damaged one, counts as none: the log holds everything that is in it.
 */
record ProducerSnapshot(long offset, ProducerStates states) {

    /** The name of the checkpoint. */
    static final String CHECKPOINT = "producer-state";

    private static final short FORMAT = 1;
    private static final int HEADER_SIZE = 2 + 4;
    private static final int PRODUCER_SIZE = 8 + 2 + 8 + 1;
    private static final int BATCH_SIZE = 4 + 4 + 8 + 8 + 8;

    static Bytes write(long offset, ProducerStates states) {
        int size = HEADER_SIZE + 8 + 4;
        for (ProducerState state : states.all()) {
            size += PRODUCER_SIZE + state.batchCount() * BATCH_SIZE;
        }
        ByteBuffer target = ByteBuffer.allocate(size);
        target.putShort(FORMAT).putInt(0).putLong(offset).putInt(states.all().size());
        states.all().forEach(state -> write(target, state));
        target.flip();
        target.putInt(2, checksum(target));
        return Bytes.copyOf(target);
    }

    private static void write(ByteBuffer target, ProducerState state) {
        target.putLong(state.producerId())
                .putShort(state.epoch())
                .putLong(state.lastUsed())
                .put((byte) state.batchCount());
        for (int i = 0; i < state.batchCount(); i++) {
            ProducedBatch batch = state.batch(i);
            target.putInt(batch.baseSequence())
                    .putInt(batch.lastSequence())
                    .putLong(batch.baseOffset())
                    .putLong(batch.lastOffset())
                    .putLong(batch.logAppendTime());
        }
    }

    private static int checksum(ByteBuffer snapshot) {
        CRC32C crc = new CRC32C();
        crc.update(snapshot.slice(HEADER_SIZE, snapshot.limit() - HEADER_SIZE));
        return (int) crc.getValue();
    }

    /** Empty if the content is not a whole snapshot of this format. */
    static Optional<ProducerSnapshot> read(Bytes content) {
        ByteBuffer source = content.toBuffer();
        try {
            if (source.getShort() != FORMAT || source.getInt() != checksum(content.toBuffer())) {
                return Optional.empty();
            }
            long offset = source.getLong();
            ProducerStates states = new ProducerStates();
            for (int left = source.getInt(); left > 0; left--) {
                states.restore(readState(source));
            }
            return Optional.of(new ProducerSnapshot(offset, states));
        } catch (BufferUnderflowException | IndexOutOfBoundsException tooShort) {
            return Optional.empty();
        }
    }

    private static ProducerState readState(ByteBuffer source) {
        long producerId = source.getLong();
        short epoch = source.getShort();
        long lastUsed = source.getLong();
        ProducerState state = new ProducerState(producerId, epoch);
        for (int left = source.get(); left > 0; left--) {
            state.add(
                    epoch,
                    new ProducedBatch(
                            source.getInt(), source.getInt(), source.getLong(), source.getLong(), source.getLong()),
                    lastUsed);
        }
        return state;
    }
}
