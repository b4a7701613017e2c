package io.brokkr.example.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The guide shows all of this module's code as it is, and it is short. */
class GuideTest {

    private static final Path GUIDE = Path.of("../../docs/write-a-storage-engine.md");
    private static final Path CONTRACTS =
            Path.of("src/test/java/io/brokkr/example/sqlite/SqliteEngineContractsTest.java");
    private static final int MOST_LINES = 150;
    private static final Pattern CODE = Pattern.compile("^(?!\\s*(?://|/?\\*|import |$)).*$", Pattern.MULTILINE);
    private static final Pattern BUILD = Pattern.compile("  <build>.*</build>\n", Pattern.DOTALL);

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void everyFileStandsInTheGuide() throws IOException {
        String guide = Files.readString(GUIDE);
        assertThat(sources()).hasSize(4);
        for (Path source : sources()) {
            assertThat(guide).contains("```java\n" + Files.readString(source) + "```");
        }
        assertThat(guide).contains("```java\n" + Files.readString(CONTRACTS) + "```");
    }

    @Test
    void theGuideBuildsAsThisModuleDoes() throws IOException {
        List<String> builds =
                Stream.of(GUIDE, Path.of("pom.xml")).map(GuideTest::build).toList();
        assertThat(builds.get(0)).isEqualTo(builds.get(1));
    }

    private static String build(Path file) {
        try {
            return BUILD.matcher(Files.readString(file))
                    .results()
                    .map(match -> match.group())
                    .findFirst()
                    .orElseThrow();
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    @Test
    void theEngineIsShort() throws IOException {
        long lines = 0;
        for (Path source : sources()) {
            lines += CODE.matcher(Files.readString(source)).results().count();
        }
        assertThat(lines).isPositive().isLessThanOrEqualTo(MOST_LINES);
    }
}
