package io.brokkr.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.testkit.storage.StorageEngineBenchmark;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark for engines, on the one that takes the least time for it. */
class MemoryEngineBenchmarkTest {

    @Test
    void everyStepIsARowOfTheTable(@TempDir Path folder) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        StorageEngineBenchmark.run(
                new MemoryStorageEngineFactory(),
                folder,
                Map.of(),
                new PrintStream(printed, true, StandardCharsets.UTF_8));
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .hasSize(13)
                .startsWith("engine memory in " + folder)
                .last()
                .asString()
                .matches("open a log that is there +1000 +[0-9.]+ +[0-9]+ *");
        assertThat(printed.toString(StandardCharsets.UTF_8).lines().skip(2))
                .allMatch(row -> row.matches("[A-Za-z].* +[0-9]+ +[0-9.]+ +[0-9]+ +[0-9.]*"));
    }
}
