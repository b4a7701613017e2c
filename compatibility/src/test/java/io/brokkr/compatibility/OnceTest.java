package io.brokkr.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that fills a client's folder once, as the installing scripts call it. */
class OnceTest {
    private static final Path SCRIPT = Path.of("clients/once");

    @TempDir
    Path module;

    private Path filled;

    @BeforeEach
    void copyTheScript() throws IOException {
        Path clients = Files.createDirectories(module.resolve("clients"));
        Files.copy(SCRIPT, clients.resolve("once"), StandardCopyOption.COPY_ATTRIBUTES);
        filled = module.resolve("target/clients/some/client");
    }

    @Test
    void fillsAFolderOnce() {
        fill("some/client", "1.0", "echo filled >>" + filled.resolve("content"));
        fill("some/client", "1.0", "echo again >>" + filled.resolve("content"));

        assertThat(filled.resolve("content")).hasContent("filled\n");
    }

    @Test
    void anotherRecipeFillsItAnewFromNothing() {
        fill("some/client", "1.0", "touch " + filled.resolve("old"));
        fill("some/client", "1.1", "touch " + filled.resolve("new"));

        assertThat(filled.resolve("old")).doesNotExist();
        assertThat(filled.resolve("new")).exists();
    }

    @Test
    void whatFailedHalfWayIsBegunFromNothing() {
        assertThatThrownBy(() -> fill("some/client", "1.0", "touch " + filled.resolve("half") + "; exit 1"))
                .isInstanceOf(CheckFailedException.class);
        fill("some/client", "1.0", "touch " + filled.resolve("whole"));

        assertThat(filled.resolve("half")).doesNotExist();
        assertThat(filled.resolve("whole")).exists();
    }

    @Test
    void whatWasKilledHalfWayIsBegunFromNothing() {
        // The parent is the script itself, as when a run of the matrix is killed.
        assertThatThrownBy(() -> fill("some/client", "1.0", "touch " + filled.resolve("half") + "; kill -9 $PPID"))
                .isInstanceOf(CheckFailedException.class);
        fill("some/client", "1.0", "touch " + filled.resolve("whole"));

        assertThat(filled.resolve("half")).doesNotExist();
        assertThat(filled.resolve("whole")).exists();
    }

    @Test
    void twoAtOnceFillItOnce() {
        Path gate = module.resolve("gate");
        Path begun = module.resolve("begun");
        String waiting = "echo begun >>" + begun + "; until [ -e " + gate + " ]; do :; done";
        CompletableFuture<Void> one = CompletableFuture.runAsync(() -> fill("some/client", "1.0", waiting));
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> fill("some/client", "1.0", waiting));
        fill("another", "1.0", "touch " + gate);
        CompletableFuture.allOf(one, other).join();

        assertThat(begun).hasContent("begun\n");
    }

    private void fill(String folder, String recipe, String script) {
        List<String> line = List.of(module.resolve("clients/once").toString(), folder, recipe, "/bin/sh", "-c", script);
        Path log = module.resolve(Thread.currentThread().getId() + ".log");
        try {
            new Command(line, Duration.ofMinutes(1), log).run();
        } catch (IOException | InterruptedException unable) {
            throw new CompletionException(unable);
        }
    }
}
