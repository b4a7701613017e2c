package io.brokkr.distribution.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.core.StartException;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.Partition;
import io.brokkr.spi.TopicPartition;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.files.Damage;
import io.brokkr.testkit.storage.Batches;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any file that a broker leaves in its data folders, damaged while it is stopped: it starts and serves what was produced and not deleted, or refuses in one line with the name of the
 * file. Which files there are is looked up, so that none is forgotten; of those of a kind, one is taken each time. The engine's own files have a further test beside the engine.
 */
class DamagedDataFolderTest {

    private static final String METADATA = "first/metadata.mv";

    /** What the checksum of a batch does not find, where it hits base offset or leader epoch. */
    private static final Set<Damage> PERHAPS_UNSEEN_IN_BATCHES = Set.of(Damage.GARBAGE_WITHIN, Damage.BIT_FLIPPED);

    @TempDir
    static Path root;

    private static SoundDataFolder sound;

    @BeforeAll
    static void make() throws IOException {
        sound = new SoundDataFolder(root);
    }

    static Stream<Arguments> damages() {
        Random random = new Random();
        Map<String, List<String>> kinds = sound.files().stream()
                .collect(Collectors.groupingBy(DamagedDataFolderTest::kindOf, TreeMap::new, Collectors.toList()));
        return kinds.values().stream().flatMap(files -> Stream.of(Damage.values())
                .map(damage -> Arguments.of(files.get(random.nextInt(files.size())), damage))
                .filter(arguments -> !isPerhapsUnseen(arguments)));
    }

    /** Logs have the same files, whatever their numbers. */
    private static String kindOf(String file) {
        return file.replaceFirst("^(first|second)/[a-z]+-[0-9]+/", "").replaceAll("[0-9]{20}", "N");
    }

    private static boolean isPerhapsUnseen(Arguments arguments) {
        return arguments.get()[0].toString().endsWith(".log")
                && PERHAPS_UNSEEN_IN_BATCHES.contains((Damage) arguments.get()[1]);
    }

    @ParameterizedTest
    @MethodSource("damages")
    void theBrokerServesWhatIsSoundOrRefusesInALine(String file, Damage damage) throws IOException {
        sound.restore();
        long seed = new Random().nextLong();
        damage.inflict(root.resolve(file), new Random(seed));
        try (EmbeddedBroker broker = sound.start()) {
            for (TopicPartition name : sound.logs().keySet()) {
                check(broker, name, file);
            }
        } catch (StartException refusal) {
            assertThat(refusal.getMessage())
                    .as("seed %d", seed)
                    .contains(root.toString())
                    .doesNotContain("\n");
            assertThat(refusal.getMessage()).containsAnyOf(file, "was written by a newer Brokkr");
            assertThat(file).as("what may be in the way of the whole broker").matches("first/[^/]+");
        } catch (AssertionError wrong) {
            throw new AssertionError("seed " + seed + ": " + wrong.getMessage(), wrong);
        }
    }

    private static void check(EmbeddedBroker broker, TopicPartition name, String file) throws IOException {
        if (broker.services().topics().find(name.topic()) == null) {
            assertThat(file).as("where the topics are").isEqualTo(METADATA);
            return;
        }
        SoundDataFolder.Log expected = sound.logs().get(name);
        boolean isOwnFile = file.startsWith(expected.folder() + "/");
        Partition partition;
        try {
            partition = SoundDataFolder.open(broker, name);
        } catch (StorageException refusal) {
            assertThat(refusal.getMessage()).containsAnyOf(fileName(file), "was written by a newer Brokkr");
            assertThat(isOwnFile || file.matches(rootOf(expected) + "/[^/]+"))
                    .as("%s for %s", refusal, file)
                    .isTrue();
            return;
        }
        if (isOwnFile && file.endsWith("partition.metadata") && partition.highWatermark() == 0) {
            // Another id, without a sign of damage: it is another topic's folder, which is left alone.
            return;
        }
        assertThat(partition.highWatermark()).isEqualTo(expected.highWatermark());
        assertThat(partition.logStartOffset()).as("what was deleted stays so").isEqualTo(expected.startOffset());
        for (Map.Entry<Long, byte[]> batch : expected.batches().entrySet()) {
            checkRead(partition, batch.getKey(), batch.getValue(), isOwnFile && file.endsWith(".log"));
        }
    }

    private static String fileName(String file) {
        return file.substring(file.lastIndexOf('/') + 1);
    }

    private static String rootOf(SoundDataFolder.Log log) {
        return log.folder().substring(0, log.folder().indexOf('/'));
    }

    private static void checkRead(Partition partition, long offset, byte[] expected, boolean isDamaged)
            throws IOException {
        try {
            RecordBatch found = SoundDataFolder.firstAt(partition, offset);
            assertThat(Batches.bytes(found)).isEqualTo(expected);
        } catch (StorageException told) {
            assertThat(isDamaged).as("%s at %d", told, offset).isTrue();
        }
    }
}
