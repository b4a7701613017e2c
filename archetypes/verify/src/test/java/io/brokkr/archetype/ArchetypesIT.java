package io.brokkr.archetype;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Types what the guides begin with: each archetype gives a project that builds, passes its tests, and is a plugin that the broker takes; the test of a program passes. */
@Timeout(1_200)
class ArchetypesIT {

    private static final String GENERATES = "maven-archetype-plugin";
    private static final List<String> GUIDES = List.of("write-a-plugin.md", "write-a-storage-engine.md");
    private static final Pattern ARCHETYPE = Pattern.compile("-DarchetypeArtifactId=(\\S+)");
    /** The number in the head of a report leaves out what is nested. */
    private static final Pattern TEST = Pattern.compile("<testcase ");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private static List<String> beginnings() throws IOException {
        List<String> all = new ArrayList<>();
        for (String guide : GUIDES) {
            all.addAll(Guide.commands(guide, GENERATES));
        }
        return all;
    }

    private static String archetypeOf(String commands) {
        return ARCHETYPE
                .matcher(commands)
                .results()
                .map(match -> match.group(1))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theGuidesUseEveryArchetypeOnce() throws IOException {
        assertThat(beginnings().stream().map(ArchetypesIT::archetypeOf))
                .containsExactlyInAnyOrder(
                        "brokkr-archetype-api-handler",
                        "brokkr-archetype-record-interceptor",
                        "brokkr-archetype-storage-engine");
    }

    @ParameterizedTest
    @CsvSource({
        "brokkr-archetype-api-handler, 3, API handlers",
        "brokkr-archetype-record-interceptor, 3, record interceptor mask-headers",
        "brokkr-archetype-storage-engine, 60, storage engine sqlite"
    })
    void whatItGeneratesBuildsAndIsAPlugin(String archetype, int leastTests, String provides) throws Exception {
        String commands = beginnings().stream()
                .filter(block -> archetypeOf(block).equals(archetype))
                .findFirst()
                .orElseThrow();

        String printed = Newcomer.in(folder).type(commands);

        Path project = project();
        assertThat(tests(project)).as(printed).isGreaterThanOrEqualTo(leastTests);
        assertThat(printed)
                .doesNotContain("SLF4J")
                .containsPattern(project.getFileName() + " +1\\.0\\.0 +STARTED: " + provides);
        assertThat(project.resolve("src/main/java/module-info.java")).content().doesNotContain("io.brokkr.example");
    }

    @Test
    void theGuideForTestsBeginsWithOneThatPasses() throws Exception {
        Path project = Files.createDirectory(folder.resolve("orders"));
        Guide.writeFiles("test-with-brokkr.md", project);
        String commands = Guide.commands("test-with-brokkr.md", "mvn -q test").get(0);

        String printed = Newcomer.in(folder).type("cd orders\n" + commands);

        assertThat(printed).doesNotContain("SLF4J");
        assertThat(tests(project)).isOne();
    }

    private Path project() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> Files.exists(file.resolve("pom.xml")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static int tests(Path project) throws IOException {
        int tests = 0;
        try (Stream<Path> reports = Files.list(project.resolve("target/surefire-reports"))) {
            for (Path report :
                    reports.filter(file -> file.toString().endsWith(".xml")).toList()) {
                tests += (int) TEST.matcher(Files.readString(report)).results().count();
            }
        }
        return tests;
    }
}
