package io.brokkr.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/** What the file says, whatever was written to it before, and however it ends. */
class LogPlacesTest {

    private static final List<Path> FOLDERS =
            List.of(Path.of("/disks/a"), Path.of("/disks/with a blank"), Path.of("/disks/ümläut"));

    private Path folder;
    private Path file;

    @BeforeTry
    void begin() throws IOException {
        folder = Files.createTempDirectory("places");
        file = folder.resolve(LogPlaces.NAME);
    }

    @AfterTry
    void end() throws IOException {
        Files.deleteIfExists(file);
        Files.delete(folder);
    }

    private static LogId id(int number) {
        return new LogId(new UUID(number % 5, 7), "topic-" + number % 3, number);
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void theLastWordOnALogCounts(@ForAll Random random) throws IOException {
        LogPlaces places = new LogPlaces(folder);
        Map<LogId, Path> expected = new HashMap<>();
        List<String> named = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            LogId id = id(random.nextInt(20));
            Path place = FOLDERS.get(random.nextInt(FOLDERS.size()));
            if (!named.contains(place.toString())) {
                places.noteFolder(place.toString());
                named.add(place.toString());
            }
            switch (random.nextInt(8)) {
                case 0 -> {
                    places.noteDeleted(id);
                    expected.remove(id);
                }
                case 1 -> places.tidyUp();
                case 2 -> places = new LogPlaces(folder);
                case 3 -> {
                    // A crash in the middle of a line.
                    Files.write(file, new byte[1 + random.nextInt(60)], StandardOpenOption.APPEND);
                    places = new LogPlaces(folder);
                    assertThat(places.folders()).containsExactlyInAnyOrderElementsOf(named);
                }
                default -> {
                    places.noteAll(List.of(id), place);
                    expected.put(id, place);
                }
            }
            check(places, expected, random);
        }
    }

    private static void check(LogPlaces places, Map<LogId, Path> expected, Random random) throws IOException {
        Set<String> searched = FOLDERS.stream()
                .filter(any -> random.nextBoolean())
                .map(Path::toString)
                .collect(java.util.stream.Collectors.toSet());
        for (int number = 0; number < 20; number++) {
            Path place = expected.get(id(number));
            assertThat(places.placeOf(id(number), searched, false))
                    .isEqualTo(place == null || searched.contains(place.toString()) ? null : place.toString());
        }
        for (Path each : FOLDERS) {
            assertThat(places.logsIn(each))
                    .containsExactlyInAnyOrderElementsOf(expected.entrySet().stream()
                            .filter(entry -> entry.getValue().equals(each))
                            .map(entry -> entry.getKey().toString())
                            .distinct()
                            .toList());
        }
    }

    /** Nobody is told that there is no log, where a line may have spoken of it. */
    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void aDamagedLineIsNotPassedOver(@ForAll Random random) throws IOException {
        LogPlaces before = new LogPlaces(folder);
        before.noteFolder("/disks/a");
        before.noteAll(List.of(id(1), id(2), id(3)), Path.of("/disks/a"));
        byte[] content = Files.readAllBytes(file);
        int flipped = random.nextInt(content.length - 1);
        content[flipped] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, content);
        LogPlaces places = new LogPlaces(folder);
        places.folders();
        assertThatThrownBy(() -> places.placeOf(id(1), Set.of(), false))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("damaged");
        // Where all can be looked for, nobody needs it, and it is made anew.
        places.placeOf(id(1), Set.of("/disks/a"), true);
        places.tidyUp();
        assertThat(Arrays.equals(Files.readAllBytes(file), content)).isFalse();
        assertThat(new LogPlaces(folder).placeOf(id(9), Set.of(), false)).isNull();
    }

    @Property(tries = 1)
    void whatDoesNotCountAnyMoreIsTidiedUp() throws IOException {
        LogPlaces places = new LogPlaces(folder);
        places.noteFolder("/disks/a");
        for (int i = 0; i < 1_500; i++) {
            places.noteAll(List.of(id(1)), Path.of("/disks/a"));
            places.noteDeleted(id(1));
        }
        places.noteAll(List.of(id(2)), Path.of("/disks/a"));
        places.tidyUp();
        assertThat(Files.readAllLines(file)).hasSize(2);
        assertThat(places.placeOf(id(2), Set.of(), false)).isEqualTo("/disks/a");
    }
}
