package io.brokkr.distribution.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatchBuilder;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Partition;
import io.brokkr.spi.Partition.Appended;
import io.brokkr.spi.Partition.Durability;
import io.brokkr.spi.Partition.Isolation;
import io.brokkr.spi.TopicPartition;
import io.brokkr.storage.embeddedmetadata.EmbeddedMetadataStoreFactory;
import io.brokkr.storage.log.LogStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.storage.Stages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A batch whose header is damaged in the part of a log that an opening has to look through. */
class DamagedBatchTest {

    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final int BATCHES = 20;
    private static final int RECORDS = 5;
    private static final int DAMAGED = 11;

    @TempDir
    Path folder;

    private EmbeddedBroker start() {
        return EmbeddedBroker.builder()
                .extension(LogStorageEngineFactory::new)
                .extension(EmbeddedMetadataStoreFactory::new)
                .dataFolder(folder)
                .start();
    }

    private static Partition open(EmbeddedBroker broker) {
        return Stages.await(broker.services().partitions().open(ORDERS));
    }

    private static ByteBuffer batch(int index) {
        RecordBatchBuilder builder = new RecordBatchBuilder().producer(7, (short) 0, index * RECORDS);
        for (int i = 0; i < RECORDS; i++) {
            builder.append(System.currentTimeMillis(), ByteBuffer.allocate(4), ByteBuffer.allocate(100));
        }
        return builder.build();
    }

    private static Appended append(Partition partition, int index) {
        return Stages.await(partition.append(batch(index), Durability.COMMITTED));
    }

    private static void read(Partition partition, long offset) {
        try (RecordData records = Stages.await(partition.read(offset, 1, true, Isolation.READ_UNCOMMITTED))
                .records()) {
            assertThat(records.sizeInBytes()).isPositive();
        }
    }

    private void damage(int position) throws IOException {
        Path log = folder.resolve("orders-0");
        Files.delete(log.resolve("producer-state"));
        Path segment = log.resolve("00000000000000000000.log");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[DAMAGED * (bytes.length / BATCHES) + position] ^= (byte) 0xC0;
        Files.write(segment, bytes);
    }

    /** In base offset, length, magic and last offset delta. */
    @ParameterizedTest
    @ValueSource(ints = {0, 7, 8, 16, 23})
    void theRestIsServedAndAppendedTo(int position) throws IOException {
        try (EmbeddedBroker broker = start()) {
            Stages.await(broker.services()
                    .topics()
                    .create(new NewTopic("orders", 1, 1, Map.of("index.interval.bytes", "1"))));
            for (int i = 0; i < BATCHES; i++) {
                append(open(broker), i);
            }
        }
        damage(position);
        try (EmbeddedBroker broker = start()) {
            Partition partition = open(broker);
            assertThat(partition.highWatermark()).isEqualTo(BATCHES * RECORDS);
            assertThat(append(partition, BATCHES - 1).baseOffset())
                    .as("one that is repeated is known")
                    .isEqualTo((BATCHES - 1) * RECORDS);
            assertThat(append(partition, BATCHES).baseOffset()).isEqualTo(BATCHES * RECORDS);
            for (int i = 0; i <= BATCHES; i++) {
                long offset = (long) i * RECORDS;
                if (i == DAMAGED) {
                    assertThatThrownBy(() -> read(partition, offset))
                            .satisfies(failure ->
                                    assertThat(ApiException.errorOf(failure)).isEqualTo(ErrorCode.CORRUPT_MESSAGE));
                } else {
                    read(partition, offset);
                }
            }
        }
    }
}
