package io.brokkr.distribution.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.core.StartException;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Partition;
import io.brokkr.spi.Partition.Durability;
import io.brokkr.spi.Partition.Isolation;
import io.brokkr.spi.TopicPartition;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.storage.embeddedmetadata.EmbeddedMetadataStoreFactory;
import io.brokkr.storage.log.LogStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.files.Damage;
import io.brokkr.testkit.storage.Batches;
import io.brokkr.testkit.storage.Stages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files of the core and of the metadata store, damaged while the broker is stopped: it starts and serves what was produced, or refuses in one line with the name of the
 * file. The engine's own files have a test beside the engine.
 */
class DamagedDataFolderTest {

    private static final List<TopicPartition> ORDERS =
            List.of(new TopicPartition("orders", 0), new TopicPartition("orders", 1));
    private static final String METADATA = "first/metadata.mv";

    @TempDir
    Path folder;

    static Stream<Arguments> damages() {
        return Stream.of(
                        "first/.lock",
                        "first/brokkr.properties",
                        "first/brokkr-log-format",
                        "first/brokkr-log-places",
                        METADATA,
                        "first/orders-0/leader-epoch-checkpoint",
                        "first/orders-0/producer-state",
                        "second/.lock",
                        "second/brokkr.properties",
                        "second/brokkr-log-format",
                        "second/orders-1/leader-epoch-checkpoint",
                        "second/orders-1/producer-state")
                .flatMap(file -> Stream.of(Damage.values()).map(damage -> Arguments.of(file, damage)));
    }

    private EmbeddedBroker start() {
        return EmbeddedBroker.builder()
                .extension(LogStorageEngineFactory::new)
                .extension(EmbeddedMetadataStoreFactory::new)
                .dataFolder(folder)
                .setting("log.dirs", folder.resolve("first") + "," + folder.resolve("second"))
                .start();
    }

    private static Partition open(EmbeddedBroker broker, TopicPartition name) {
        return Stages.await(broker.services().partitions().open(name));
    }

    @ParameterizedTest
    @MethodSource("damages")
    void theBrokerServesWhatIsSoundOrRefusesInALine(String file, Damage damage) throws IOException {
        byte[] produced = {};
        try (EmbeddedBroker broker = start()) {
            Stages.await(broker.services().topics().create(new NewTopic("orders", 2, 1, Map.of())));
            for (TopicPartition name : ORDERS) {
                RecordBatch batch = Batches.of(0, 5, 100, 1_000);
                Partition partition = open(broker, name);
                Stages.await(partition.append(ByteBuffer.wrap(Batches.bytes(batch)), Durability.COMMITTED));
                produced = read(partition);
            }
        }
        long seed = new Random().nextLong();
        damage.inflict(folder.resolve(file), new Random(seed));
        try (EmbeddedBroker broker = start()) {
            for (TopicPartition name : ORDERS) {
                check(broker, name, file, produced);
            }
        } catch (StartException refusal) {
            assertThat(refusal.getMessage())
                    .as("seed %d", seed)
                    .contains(folder.toString())
                    .doesNotContain("\n");
            assertThat(refusal.getMessage()).containsAnyOf(file, "was written by a newer Brokkr");
            assertThat(file).as("what may be in the way of the whole broker").startsWith("first/");
        }
    }

    private static void check(EmbeddedBroker broker, TopicPartition name, String file, byte[] produced)
            throws IOException {
        if (broker.services().topics().find("orders") == null) {
            assertThat(file).as("where the topics are").isEqualTo(METADATA);
            return;
        }
        Partition partition;
        try {
            partition = open(broker, name);
        } catch (StorageException refusal) {
            assertThat(refusal.getMessage()).containsAnyOf(file, "was written by a newer Brokkr");
            assertThat(file).startsWith(name.partition() == 0 ? "first/" : "second/");
            return;
        }
        assertThat(partition.highWatermark()).isEqualTo(5);
        assertThat(read(partition)).isEqualTo(produced);
    }

    private static byte[] read(Partition partition) throws IOException {
        try (RecordData records = Stages.await(partition.read(0, 1 << 20, true, Isolation.READ_UNCOMMITTED))
                .records()) {
            byte[] read = new byte[records.sizeInBytes()];
            records.toBuffer().get(read);
            return read;
        }
    }
}
