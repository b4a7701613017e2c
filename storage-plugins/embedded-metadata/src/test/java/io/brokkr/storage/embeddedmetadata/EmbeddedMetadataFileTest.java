package io.brokkr.storage.embeddedmetadata;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.Bytes;
import io.brokkr.spi.storage.MetadataStore;
import io.brokkr.spi.storage.MetadataStore.Change;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.testkit.storage.StorageFixture;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.StringDataType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What concerns the file: locks, damage, versions, crashes, threads. */
class EmbeddedMetadataFileTest {

    @TempDir
    Path folder;

    private StorageFixture fixture;

    @BeforeEach
    void start() {
        fixture = new StorageFixture(List.of(folder), Map.of());
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private MetadataStore open() {
        return new EmbeddedMetadataStoreFactory().open(fixture);
    }

    private Path file() {
        return folder.resolve("metadata.mv");
    }

    private static Bytes number(int number) {
        return Bytes.copyOf(Integer.toString(number).getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void aSecondBrokerIsToldThatThereIsAFirst() {
        try (MetadataStore store = open()) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining(file().toString())
                    .hasMessageContaining("another process has it open");
            assertThat(await(store.get("a"))).isNull();
        }
    }

    @Test
    void aNewerLayoutIsRefusedAndLeftAlone() throws IOException {
        open().close();
        try (MVStore newer = new MVStore.Builder().fileName(file().toString()).open()) {
            newer.setStoreVersion(3);
            newer.commit();
        }
        byte[] before = Files.readAllBytes(file());
        assertThatThrownBy(this::open)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("layout 3")
                .hasMessageContaining("start the newer Brokkr");
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
    }

    @Test
    void aDamagedFileIsRefused() throws IOException {
        try (MetadataStore store = open()) {
            await(store.commit(List.of(Change.create("a", number(1)))));
        }
        byte[] noise = new byte[20_000];
        Arrays.fill(noise, (byte) 'x');
        Files.write(file(), noise);
        assertThatThrownBy(this::open)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(file().toString())
                .hasMessageContaining("restore it from a copy");
    }

    /** A single bit, each of the entry's own and some of the rest: what is served is what was written. */
    @Test
    void aBitThatFellOverIsNotServed() throws IOException {
        Bytes value = number(604_800_000);
        try (MetadataStore store = open()) {
            await(store.commit(List.of(Change.create("retention", value))));
        }
        byte[] sound = Files.readAllBytes(file());
        int end = new String(sound, StandardCharsets.ISO_8859_1).lastIndexOf("604800000") + value.size();
        // The checksum, the version and the value.
        int begin = end - value.size() - Long.BYTES - Integer.BYTES;
        int refused = 0;
        for (int bit = begin * Byte.SIZE; bit < end * Byte.SIZE; bit++) {
            refused += isRefusedWith(sound, bit, value) ? 1 : 0;
        }
        assertThat(refused).isEqualTo((end - begin) * Byte.SIZE);
        // Of the rest every so many, from anywhere.
        int bits = sound.length * Byte.SIZE;
        for (int bit = new Random().nextInt(641); bit < bits; bit += 641) {
            isRefusedWith(sound, bit, value);
        }
    }

    /** Whether the file is refused with a bit turned over; if it is not, it must hold the entry as it was, or none. */
    private boolean isRefusedWith(byte[] sound, int bit, Bytes value) throws IOException {
        byte[] damaged = sound.clone();
        damaged[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        Files.write(file(), damaged);
        try (MetadataStore store = open()) {
            assertThat(await(store.list(""))).as("bit %d", bit).allSatisfy(entry -> {
                assertThat(entry.key()).isEqualTo("retention");
                assertThat(entry.value()).isEqualTo(value);
            });
            return false;
        } catch (StorageException damage) {
            assertThat(damage.getMessage()).as("bit %d", bit).contains(file().toString());
            return true;
        } catch (Error | RuntimeException other) {
            throw new AssertionError("bit " + bit, other);
        }
    }

    @Test
    void aFileFromBeforeTheChecksumsIsReadAndWrittenAnew() {
        try (MVStore older = new MVStore.Builder().fileName(file().toString()).open()) {
            older.setStoreVersion(1);
            MVMap<String, byte[]> entries = older.openMap(
                    "entries",
                    new MVMap.Builder<String, byte[]>()
                            .keyType(StringDataType.INSTANCE)
                            .valueType(ByteArrayDataType.INSTANCE));
            entries.put("a", new byte[] {0, 0, 0, 0, 0, 0, 0, 7, '1', '2'});
            older.commit();
        }
        for (int opened = 0; opened < 2; opened++) {
            try (MetadataStore store = open()) {
                assertThat(await(store.list(""))).containsExactly(new MetadataStore.Entry("a", number(12), 7));
            }
        }
    }

    @Test
    void aFolderInTheWayIsToldInASentence() throws IOException {
        Files.createDirectories(file().resolve("inside"));
        assertThatThrownBy(this::open).isInstanceOf(StorageException.class).hasMessageContaining(file().toString());
    }

    /** The file as it is on the device at any time after a commit, whatever is written behind it, holds that commit. */
    @Test
    void aCompleteCommitOutlivesACrash() throws IOException {
        Path crashed = Files.createDirectories(folder.resolve("crashed"));
        try (MetadataStore store = open()) {
            for (int i = 0; i < 60; i++) {
                await(store.commit(List.of(Change.create("key" + i, number(i)))));
                Files.copy(file(), crashed.resolve("metadata.mv"), StandardCopyOption.REPLACE_EXISTING);
                if (i % 3 == 1) {
                    tear(crashed.resolve("metadata.mv"));
                }
                StorageFixture other = new StorageFixture(List.of(crashed), Map.of());
                try (MetadataStore recovered = new EmbeddedMetadataStoreFactory().open(other)) {
                    assertThat(await(recovered.list(""))).hasSize(i + 1);
                    assertThat(await(recovered.get("key" + i)).value()).isEqualTo(number(i));
                }
                other.close();
            }
        }
    }

    /** A write that a crash cut short, behind everything. */
    private static void tear(Path file) throws IOException {
        byte[] noise = new byte[3_000];
        Arrays.fill(noise, (byte) 0x5A);
        Files.write(file, noise, StandardOpenOption.APPEND);
    }

    /** What could not be written is not there, whatever the file has of it; the next change opens the file anew. */
    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void aDiskThatFailsIsTriedAgainAndLosesNothing(@ForAll long seed) throws IOException {
        Path home = Files.createTempDirectory("metadata");
        Random random = new Random(seed);
        FaultyFilePath.reset();
        Path path = Path.of(FaultyFilePath.SCHEME + ":" + home.resolve("metadata.mv"));
        Map<String, Bytes> expected = new TreeMap<>();
        EmbeddedMetadataStore store = new EmbeddedMetadataStore(() -> MetadataFile.open(path), Runnable::run);
        for (int i = 0; i < 60; i++) {
            if (random.nextInt(4) == 0) {
                FaultyFilePath.fail(random.nextInt(4), random.nextInt(3_000));
            }
            String key = "key" + random.nextInt(12);
            Bytes value = random.nextInt(4) == 0 ? null : Bytes.copyOf(new byte[random.nextInt(2_000)]);
            try {
                await(store.commit(List.of(new Change(key, value, Change.ANY))));
                if (value == null) {
                    expected.remove(key);
                } else {
                    expected.put(key, value);
                }
            } catch (StorageException refused) {
                assertThat(refused.getMessage())
                        .contains("metadata.mv")
                        .containsAnyOf("see to its disk (No space left", "see to its disk (Input/output");
                assertThat(values(store)).isEqualTo(expected);
                if (random.nextBoolean()) {
                    FaultyFilePath.reset();
                    await(store.commit(List.of(new Change("after", value, Change.ANY))));
                    if (value == null) {
                        expected.remove("after");
                    } else {
                        expected.put("after", value);
                    }
                }
            }
            assertThat(values(store)).isEqualTo(expected);
        }
        FaultyFilePath.reset();
        await(store.commit(List.of()));
        store.close();
        try (EmbeddedMetadataStore again = new EmbeddedMetadataStore(() -> MetadataFile.open(path), Runnable::run)) {
            assertThat(values(again)).isEqualTo(expected);
        }
        Files.delete(home.resolve("metadata.mv"));
        Files.delete(home);
    }

    private static Map<String, Bytes> values(MetadataStore store) {
        return await(store.list("")).stream()
                .collect(Collectors.toMap(MetadataStore.Entry::key, MetadataStore.Entry::value));
    }

    @Test
    void metadataInAnotherFolderIsNotPassedOver() throws IOException {
        open().close();
        Path other = Files.createDirectory(folder.resolve("other"));
        try (StorageFixture swapped = new StorageFixture(List.of(other, folder), Map.of())) {
            assertThatThrownBy(() -> new EmbeddedMetadataStoreFactory().open(swapped))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("the metadata is in " + file())
                    .hasMessageContaining("name " + folder + " first");
        }
    }

    @Test
    void thereIsNoThreadBehindIt() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (MetadataStore store = new EmbeddedMetadataStore(() -> MetadataFile.open(file()), Runnable::run)) {
            await(store.commit(List.of(Change.create("a", number(1)))));
            Set<Thread> started = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> !before.contains(thread))
                    .collect(Collectors.toSet());
            assertThat(started).isEmpty();
        }
    }

    @Test
    void theFileDoesNotGrowWithTheNumberOfChanges() throws IOException {
        try (MetadataStore store = open()) {
            List<CompletionStage<Void>> commits = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                commits.add(store.commit(List.of(new Change("a", number(i), Change.ANY))));
            }
            for (CompletionStage<Void> commit : commits) {
                await(commit);
            }
        }
        open().close();
        assertThat(Files.size(file())).isLessThan(1 << 20);
    }

    @Test
    void tenThousandEntriesAreThereAgain() {
        try (MetadataStore store = open()) {
            List<Change> changes = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                changes.add(Change.create("topics/" + i, Bytes.copyOf(new byte[200])));
            }
            await(store.commit(changes));
        }
        try (MetadataStore store = open()) {
            assertThat(await(store.list("topics/"))).hasSize(10_000);
        }
    }

    @Test
    void anEmptyFileIsAnEmptyStore() throws IOException {
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThat(channel.size()).isZero();
        }
        try (MetadataStore store = open()) {
            assertThat(await(store.list(""))).isEmpty();
        }
    }
}
