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

/** The guide shows the code of this module and of the one beside it as it is. */
class GuideTest {

    private static final Path GUIDE = Path.of("../../docs/write-a-plugin.md");
    private static final Pattern SNIPPET = Pattern.compile("```(?:java|xml)\n(.*?)```", Pattern.DOTALL);

    @Test
    void everySnippetOfTheGuideStandsInTheExamples() throws IOException {
        String sources = sources(Path.of(".")) + sources(Path.of("../mask-headers"));
        List<String> snippets = SNIPPET.matcher(Files.readString(GUIDE))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();

        assertThat(snippets).hasSizeGreaterThanOrEqualTo(5);
        assertThat(snippets).allSatisfy(snippet -> assertThat(sources).contains(snippet));
    }

    private static String sources(Path module) throws IOException {
        try (Stream<Path> files = Files.walk(module.resolve("src/main"))) {
            String java =
                    files.filter(Files::isRegularFile).map(GuideTest::read).collect(Collectors.joining("\n"));
            return java + read(module.resolve("pom.xml"));
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
