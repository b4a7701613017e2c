package io.brokkr.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFoldersTest {

    @TempDir
    private Path folder;

    private static DataFolders open(Path... folders) {
        return DataFolders.open(Stream.of(folders).map(Path::toString).toList());
    }

    @Test
    void theFirstFolderIsMadeAndLockedOrTheStartFails() throws IOException {
        Path first = folder.resolve("a/b");
        try (DataFolders held = open(first)) {
            assertThat(held.paths()).containsExactly(first);
            assertThat(Files.readString(first.resolve("brokkr.properties"))).isEqualTo("version=1\n");
            String process = Long.toString(ProcessHandle.current().pid());
            assertThat(Files.readString(first.resolve(".lock"))).isEqualTo(process);
            assertThatThrownBy(() -> open(first))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("the data folder " + first + " is in use")
                    .hasMessageContaining(process);
        }
        open(first).close();
    }

    @Test
    void anotherFolderIsTakenWhenItIsAskedForAndAsOftenAsItIs() throws IOException {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        open(first).close();
        DataFolders other = open(second);
        try (DataFolders folders = open(first, second)) {
            assertThatThrownBy(() -> folders.requireUsable(second))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("the data folder " + second + " is in use");
            other.close();
            folders.requireUsable(second);
            assertThatThrownBy(() -> open(second)).isInstanceOf(StartException.class);
            // As a disk does that another one takes the place of.
            Files.move(second, folder.resolve("gone"));
            folders.requireUsable(second);
            assertThat(second.resolve("brokkr.properties")).exists();
            assertThatThrownBy(() -> open(second)).isInstanceOf(StartException.class);
        }
        open(second).close();
    }

    @Test
    void aFileInTheWayIsToldWithItsName() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> open(file))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("the data folder " + file + " cannot be written");
        Path other = folder.resolve("other");
        try (DataFolders folders = open(other, file.resolve("inside"))) {
            assertThatThrownBy(() -> folders.requireUsable(file.resolve("inside")))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("the data folder " + file.resolve("inside") + " cannot be written");
        }
    }

    @Test
    void theSameFolderTwiceIsRefusedUnderAnyName() throws IOException {
        Path real = folder.resolve("real");
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        for (Path again : List.of(real, link, folder.resolve("x/../real"))) {
            assertThatThrownBy(() -> open(real, again))
                    .isInstanceOf(StartException.class)
                    .hasMessageStartingWith("log.dirs names the folder ")
                    .hasMessageEndingWith("twice, or under two names");
        }
        open(link).close();
    }

    @Test
    void whatIsNoFolderForDataIsRefused() {
        assertThatThrownBy(() -> DataFolders.open(List.of("/")))
                .isInstanceOf(StartException.class)
                .hasMessage("log.dirs names /, the root of the file system: name a folder in it");
        assertThatThrownBy(() -> DataFolders.open(List.of("a\0b")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("which is no path");
        assertThatThrownBy(() -> DataFolders.open(List.of()))
                .isInstanceOf(StartException.class)
                .hasMessage("log.dirs names no folder");
    }

    /** Else a broker would begin with new metadata because a disk is not mounted. */
    @Test
    void anEmptyFirstFolderBesideAUsedOneIsRefused() throws IOException {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        try (DataFolders folders = open(first, second)) {
            folders.requireUsable(second);
        }
        Files.move(first, folder.resolve("elsewhere"));
        assertThatThrownBy(() -> open(first, second))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(first.resolve("brokkr.properties") + " is missing, while " + second);
        assertThat(first).doesNotExist();
        Files.move(folder.resolve("elsewhere"), first);
        open(first, second).close();
    }

    @Test
    void aLayoutThatIsNotReadableIsNotOverwritten() throws IOException {
        Path file = Files.writeString(folder.resolve("brokkr.properties"), "version=one\n");
        assertThatThrownBy(() -> open(folder))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith(file + " does not say the version of the folder");
        assertThat(Files.readString(file)).isEqualTo("version=one\n");
    }
}
