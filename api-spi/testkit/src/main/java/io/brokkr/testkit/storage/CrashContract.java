package io.brokkr.testkit.storage;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process that writes is killed: what was synced, trimmed and noted is there, and the rest is whole. {@link WriterToBeKilled} writes, in a process of its own, on the class path
 * of the tests.
 *
 * <p>A killed process loses what an engine kept in its memory. What the operating system had not given to the device is lost with the power only, which no contract can cut off
 * for an engine that it does not know; engines on files have {@link io.brokkr.testkit.files} for that.
 */
abstract class CrashContract extends EngineContract {

    private static final int[] SYNCS_BEFORE_THE_KILL = {1, 20, 60};

    CrashContract(StorageEngineContracts tested) {
        super(tested);
    }

    @Test
    void whatWasDurableOutlivesTheKillOfTheProcess(@TempDir Path killed) throws IOException, InterruptedException {
        Assumptions.assumeTrue(isDurable(), "the engine says that it keeps nothing");
        for (int syncs : SYNCS_BEFORE_THE_KILL) {
            check(killed, writeAndKill(killed, syncs));
        }
    }

    /** What the writer said last before it was killed. */
    private WriterToBeKilled.Durable writeAndKill(Path killed, int syncs) throws IOException, InterruptedException {
        Path complaints = folder.resolve("complaints");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath(),
                        WriterToBeKilled.class.getName(),
                        tested().getClass().getName(),
                        killed.toString())
                .redirectError(complaints.toFile())
                .start();
        CompletableFuture.delayedExecutor(Stages.LIMIT.toNanos(), TimeUnit.NANOSECONDS)
                .execute(process::destroyForcibly);
        try (BufferedReader lines = process.inputReader()) {
            WriterToBeKilled.Durable last = null;
            for (int i = 0; i < syncs; i++) {
                last = next(lines);
                assertThat(last)
                        .as("what is durable for the %d. time; the writer says: %s", i, Files.readString(complaints))
                        .isNotNull();
            }
            // The process itself would close what is still to be read: what was said before the kill was durable, too.
            process.toHandle().destroyForcibly();
            for (WriterToBeKilled.Durable more = next(lines); more != null; more = next(lines)) {
                last = more;
            }
            process.waitFor();
            return Objects.requireNonNull(last);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Passes over what an engine prints, and a line that the kill has cut off. */
    private static WriterToBeKilled.@Nullable Durable next(BufferedReader lines) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            WriterToBeKilled.Durable durable = WriterToBeKilled.Durable.parse(line);
            if (durable != null) {
                return durable;
            }
        }
        return null;
    }

    private static String classPath() {
        return Stream.of("surefire.test.class.path", "java.class.path", "jdk.module.path")
                .map(System::getProperty)
                .filter(path -> path != null && !path.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private void check(Path killed, WriterToBeKilled.Durable durable) {
        try (StorageFixture fixture = tested().fixture(killed);
                StorageEngine after = factory().open(fixture)) {
            assertThat(await(after.list())).containsExactly(WriterToBeKilled.ID);
            PartitionLog log = await(after.open(WriterToBeKilled.ID, 1, configuration()));
            assertThat(log.startOffset()).isGreaterThanOrEqualTo(durable.startOffset());
            assertThat(log.endOffset()).isGreaterThanOrEqualTo(durable.endOffset());
            assertThat(await(log.readCheckpoint(WriterToBeKilled.NOTE)).map(WriterToBeKilled::number))
                    .hasValueSatisfying(note -> assertThat(note).isGreaterThanOrEqualTo(durable.note()));
            assertThat(readAll(log, log.startOffset()))
                    .isEqualTo(WriterToBeKilled.expected(log.startOffset(), log.endOffset()));
            await(log.close());
        }
    }
}
