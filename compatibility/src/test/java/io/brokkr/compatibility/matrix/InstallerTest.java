package io.brokkr.compatibility.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.compatibility.CheckFailedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallerTest {
    @TempDir
    Path folder;

    @Test
    void theLastLineIsTheVersion() throws Exception {
        assertThat(installer(false).install(family("echo Fetching; echo client 1.2")))
                .isEqualTo("client 1.2");
    }

    @Test
    void aQuickRunTellsTheScript() throws Exception {
        ClientFamily family = family("echo \"given $1.\"");

        assertThat(installer(true).install(family)).isEqualTo("given --quick.");
        assertThat(installer(false).install(family)).isEqualTo("given .");
    }

    @Test
    void aScriptThatFailsFailsWithItsOwnError() throws Exception {
        ClientFamily family = family("echo client 1.2; echo no such package >&2; exit 100");

        assertThatThrownBy(() -> installer(false).install(family))
                .isInstanceOf(CheckFailedException.class)
                .hasMessage("exit code 100; no such package");
    }

    @Test
    void aScriptThatNamesNoVersionFails() throws Exception {
        ClientFamily family = family("true");

        assertThatThrownBy(() -> installer(false).install(family)).isInstanceOf(CheckFailedException.class);
    }

    @Test
    void whatAScriptStartedEndsWithItAtTheLimit() throws Exception {
        ClientFamily family = family("sleep 1000 & echo $! >" + folder.resolve("child") + "; wait");
        Installer impatient = new Installer(false, Duration.ofSeconds(1), folder);

        assertThatThrownBy(() -> impatient.install(family))
                .isInstanceOf(CheckFailedException.class)
                .hasMessageContaining("no end within");
        long child = Long.parseLong(Files.readString(folder.resolve("child")).strip());
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (runs(child) && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(runs(child)).isFalse();
    }

    /** An orphan that has ended may stay listed, without its program, until somebody looks after it. */
    private static boolean runs(long processId) {
        return ProcessHandle.of(processId)
                .flatMap(process -> process.info().command())
                .isPresent();
    }

    private Installer installer(boolean quick) {
        return new Installer(quick, Duration.ofMinutes(1), folder);
    }

    private ClientFamily family(String script) throws Exception {
        Path client = Files.createDirectories(folder.resolve("client"));
        Path install = Files.writeString(client.resolve("install"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(install, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new ClientFamily("client", client, List.of(), List.of());
    }
}
