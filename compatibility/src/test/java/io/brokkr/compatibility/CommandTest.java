package io.brokkr.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTest {
    @TempDir
    Path folder;

    @Test
    void givesItsInputAndReturnsItsOutput() throws Exception {
        assertThat(shell("cat; echo noise >&2", Duration.ofMinutes(1)).run("one\ntwo\n"))
                .isEqualTo("one\ntwo\n");
    }

    @Test
    void anErrorIsTheProgramsOwnLastWordWithoutStackFrames() {
        Command fails = shell("echo first; printf 'the cause\\n\\tat somewhere\\n' >&2; exit 3", Duration.ofMinutes(1));

        assertThatThrownBy(fails::run).isInstanceOf(CheckFailedException.class).hasMessage("exit code 3; the cause");
    }

    @Test
    void aProgramThatHangsIsEnded() {
        Command hangs = shell("echo waiting; exec sleep 1000", Duration.ofMillis(300));

        assertThatThrownBy(hangs::run).isInstanceOf(CheckFailedException.class).hasMessageContaining("no end within");
        assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    private Command shell(String script, Duration limit) {
        return new Command(List.of("/bin/sh", "-c", script), limit, folder.resolve("out.log"));
    }
}
