package io.brokkr.example.listtransactions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The guide shows the code of the examples as it is. */
class GuideTest {

    private static final Path GUIDE = Path.of("../../docs/write-a-plugin.md");
    private static final List<Path> SOURCES = List.of(
            Path.of("src/main"),
            Path.of("../slow-requests/src/main"),
            Path.of("../mask-headers/src/main"),
            Path.of("../event-log/src/main"),
            Path.of("../byte-rates/src/main"),
            Path.of("../topic-prefixes/src/main"),
            Path.of("../password-file/src/main"));
    private static final Pattern SNIPPET = Pattern.compile("```(?:java|xml)\n(.*?)```", Pattern.DOTALL);

    @Test
    void everySnippetOfTheGuideStandsInAnExample() throws IOException {
        String sources = sources();
        List<String> snippets = SNIPPET.matcher(Files.readString(GUIDE))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();

        assertThat(snippets).hasSizeGreaterThanOrEqualTo(8);
        assertThat(snippets).allSatisfy(snippet -> assertThat(sources).contains(snippet));
    }

    private static String sources() {
        String java =
                SOURCES.stream().flatMap(GuideTest::files).map(GuideTest::read).collect(Collectors.joining("\n"));
        return java + read(Path.of("pom.xml"));
    }

    private static Stream<Path> files(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile).toList().stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
