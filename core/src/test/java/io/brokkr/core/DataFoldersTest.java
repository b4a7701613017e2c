package io.brokkr.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFoldersTest {

    @TempDir
    private Path folder;

    @Test
    void makesAndLocksAllOrNone() throws IOException {
        Path first = folder.resolve("a/b");
        Path second = folder.resolve("c");
        try (DataFolders held = DataFolders.open(List.of(second))) {
            assertThat(held.paths()).containsExactly(second);
            assertThatThrownBy(() -> DataFolders.open(List.of(first, second)))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("the data folder " + second + " is in use");
            // The first one was let go again.
            DataFolders.open(List.of(first)).close();
        }
        try (DataFolders both = DataFolders.open(List.of(first, second))) {
            assertThat(both.paths()).containsExactly(first, second);
            assertThat(Files.readString(first.resolve("brokkr.properties"))).isEqualTo("version=1\n");
            assertThat(Files.readString(first.resolve(".lock")))
                    .isEqualTo(Long.toString(ProcessHandle.current().pid()));
        }
    }

    @Test
    void theSameFolderTwiceIsRefused() {
        assertThatThrownBy(() -> DataFolders.open(List.of(folder, folder)))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("is in use");
    }

    @Test
    void aLayoutThatIsNotReadableIsNotOverwritten() throws IOException {
        Path file = Files.writeString(folder.resolve("brokkr.properties"), "version=one\n");
        assertThatThrownBy(() -> DataFolders.open(List.of(folder)))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith(file + " does not say the version of the folder");
        assertThat(Files.readString(file)).isEqualTo("version=one\n");
    }

    @Test
    void noFolderIsNotEnough() {
        assertThatThrownBy(() -> DataFolders.open(List.of()))
                .isInstanceOf(StartException.class)
                .hasMessage("log.dirs names no folder");
    }
}
