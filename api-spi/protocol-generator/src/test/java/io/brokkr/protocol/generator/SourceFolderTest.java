package io.brokkr.protocol.generator;

import static org.assertj.core.api.Assertions.assertThat;

import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.TypeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second run leaves alone what is right, writes what is not, and clears away what nobody wants any more. */
class SourceFolderTest {

    private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000);

    @Test
    void onlyWhatChangedIsTouched(@TempDir Path folder) throws IOException {
        run(folder, type("Same"), type("Other"), type("Gone"));
        Path same = folder.resolve("some/where/Same.java");
        Path other = folder.resolve("some/where/Other.java");
        Files.setLastModifiedTime(same, LONG_AGO);
        Files.setLastModifiedTime(other, LONG_AGO);

        run(folder, type("Same"), TypeSpec.interfaceBuilder("Other").build());
        assertThat(Files.getLastModifiedTime(same)).isEqualTo(LONG_AGO);
        assertThat(Files.getLastModifiedTime(other)).isNotEqualTo(LONG_AGO);
        assertThat(other).content().contains("interface Other");
        assertThat(folder.resolve("some/where/Gone.java")).doesNotExist();
    }

    private static TypeSpec type(String name) {
        return TypeSpec.classBuilder(name).build();
    }

    private static void run(Path folder, TypeSpec... types) throws IOException {
        SourceFolder sources = new SourceFolder(folder);
        for (TypeSpec type : types) {
            JavaFile file = SourceFolder.file("some.where", type);
            sources.write(file);
        }
        sources.deleteOthers();
    }
}
