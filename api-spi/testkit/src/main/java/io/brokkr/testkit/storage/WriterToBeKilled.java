package io.brokkr.testkit.storage;

import static io.brokkr.testkit.storage.Stages.await;

import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The process that {@link CrashContract} kills: writes, and says after each step what is durable now. */
final class WriterToBeKilled {

    static final LogId ID = new LogId(new UUID(9, 9), "orders", 0);
    static final String NOTE = "note";

    private static final int MOST_STEPS = 100_000;
    private static final int BATCHES_A_STEP = 5;
    private static final int STEPS_BETWEEN_TRIMS = 7;
    private static final int OFFSETS_KEPT = 100;

    private WriterToBeKilled() {}

    /**
     * Ends by being killed, and after many steps, lest it outlives whoever should kill it.
     *
     * @param arguments the name of a class of {@link StorageEngineContracts}, and the folder for the data
     */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        Constructor<?> constructor = Class.forName(arguments[0]).getDeclaredConstructor();
        constructor.setAccessible(true);
        StorageEngineContracts tested = (StorageEngineContracts) constructor.newInstance();
        try (StorageFixture fixture = tested.fixture(Path.of(arguments[1]));
                StorageEngine engine = tested.factory().open(fixture)) {
            write(await(engine.open(ID, 1, new TextConfiguration(tested.topicSettings()))));
        }
    }

    private static void write(PartitionLog log) {
        for (int step = 1; step < MOST_STEPS && !System.out.checkError(); step++) {
            for (int i = 0; i < BATCHES_A_STEP; i++) {
                await(log.append(batch(log.endOffset())));
            }
            await(log.sync());
            if (step % STEPS_BETWEEN_TRIMS == 0) {
                await(log.trim(Math.max(log.startOffset(), log.endOffset() - OFFSETS_KEPT)));
            }
            await(log.writeCheckpoint(NOTE, noteOf(log.endOffset())));
            System.out.println(new Durable(log.startOffset(), log.endOffset(), log.endOffset()));
        }
    }

    /** The batch at an offset is always the same, and so is where the next one begins. */
    private static RecordBatch batch(long offset) {
        return Batches.of(offset, 1 + (int) (offset % 3), 20 + (int) (offset % 50), 1_000 + offset);
    }

    /** The bytes of the batches from the one that holds an offset on, up to another offset. */
    static byte[] expected(long startOffset, long endOffset) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        long offset = 0;
        while (offset < endOffset) {
            RecordBatch batch = batch(offset);
            if (batch.lastOffset() >= startOffset) {
                all.writeBytes(Batches.bytes(batch));
            }
            offset = batch.nextOffset();
        }
        return all.toByteArray();
    }

    private static Bytes noteOf(long number) {
        return Bytes.copyOf(Long.toString(number).getBytes(StandardCharsets.UTF_8));
    }

    /** What a note says. */
    static long number(Bytes note) {
        return Long.parseLong(new String(note.toArray(), StandardCharsets.UTF_8));
    }

    /** One line of the writer. */
    record Durable(long startOffset, long endOffset, long note) {

        private static final Pattern LINE = Pattern.compile("from ([0-9]+) to ([0-9]+), noted ([0-9]+)\\.");

        /** Null of any other line. */
        static @Nullable Durable parse(String line) {
            Matcher matcher = LINE.matcher(line);
            return matcher.matches()
                    ? new Durable(
                            Long.parseLong(matcher.group(1)),
                            Long.parseLong(matcher.group(2)),
                            Long.parseLong(matcher.group(3)))
                    : null;
        }

        @Override
        public String toString() {
            return "from " + startOffset + " to " + endOffset + ", noted " + note + ".";
        }
    }
}
