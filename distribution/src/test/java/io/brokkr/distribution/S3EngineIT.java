package io.brokkr.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The plugin {@code storage-s3} as it is built, in its folder, in a layer with the AWS SDK. Its own tests have a server; here there is none. */
@Timeout(180)
class S3EngineIT {

    private static final Path PLUGIN =
            Path.of("../storage-plugins/s3/target/plugins").toAbsolutePath().normalize();
    private static final String FOLDERS = "plugin.folders=" + BrokkrProcess.HOME.resolve("plugins") + "," + PLUGIN;

    @TempDir
    private Path folder;

    @Test
    void aStoreThatCannotBeReachedIsToldAndTheOtherEnginesServe() {
        try (BrokkrProcess broker = BrokkrProcess.start(
                        folder,
                        FOLDERS,
                        "s3.bucket=records",
                        "s3.endpoint=http://localhost:1",
                        "s3.access.key=key",
                        "s3.secret.key=secret")
                .awaitReady()) {
            assertThat(broker.awaitLine("bucket records"))
                    .contains("storage-s3", "http://localhost:1", "cannot be reached", "check s3.endpoint");
            assertThat(broker.awaitLine("storage engines [")).contains("log").doesNotContain("s3");
        }
    }

    @Test
    void whoseTopicsAreToBeThereByDefaultDoesNotStart() {
        try (BrokkrProcess broker = BrokkrProcess.start(folder, FOLDERS, "storage.engine=s3")) {
            assertThat(broker.awaitLine("brokkr: "))
                    .contains("the storage engine s3 cannot be opened: s3.bucket is not set");
        }
    }
}
