package io.brokkr.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.MetadataRequest;
import io.brokkr.protocol.message.MetadataRequest.MetadataRequestTopic;
import io.brokkr.protocol.message.MetadataResponse;
import io.brokkr.testkit.WireClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a user meets who runs {@code bin/brokkr}. */
@Timeout(180)
class LauncherIT {

    private static final int TERMINATED = 128 + 15;

    @TempDir
    private Path folder;

    private Path data() {
        return folder.resolve("data");
    }

    private static MetadataResponse metadata(WireClient client, String topic) {
        MetadataRequest request = MetadataRequest.builder()
                .topics(List.of(MetadataRequestTopic.builder().name(topic).build()))
                .allowAutoTopicCreation(true)
                .build();
        return client.call(MetadataRequest.API, request, 8, MetadataResponse::read);
    }

    @Test
    void startsSaysWhatItDoesKeepsWhatItIsGivenAndStops() {
        String clusterId;
        try (BrokkrProcess broker = BrokkrProcess.start(data()).awaitReady()) {
            broker.awaitLine("Brokkr ");
            broker.awaitLine("plugins from [" + BrokkrProcess.HOME.resolve("plugins") + "]: ");
            broker.awaitLine("data in [" + data() + "]");
            broker.awaitLine("APIs Produce ");
            try (WireClient client = broker.connect()) {
                MetadataResponse response = metadata(client, "orders");
                clusterId = String.valueOf(response.clusterId());
                assertThat(response.topics()).singleElement().satisfies(topic -> {
                    assertThat(topic.name()).isEqualTo("orders");
                    assertThat(topic.errorCode()).isEqualTo(ErrorCode.NONE.code());
                });
            }
            assertThat(broker.terminate().awaitExit()).isEqualTo(TERMINATED);
            assertThat(broker.lines()).last().asString().contains("stopped after ");
        }
        try (BrokkrProcess broker = BrokkrProcess.start(data(), "auto.create.topics.enable=false")
                        .awaitReady();
                WireClient client = broker.connect()) {
            MetadataResponse response = metadata(client, "orders");
            assertThat(response.clusterId()).isEqualTo(clusterId);
            assertThat(response.topics()).singleElement().satisfies(topic -> assertThat(topic.errorCode())
                    .isEqualTo(ErrorCode.NONE.code()));
        }
    }

    @Test
    void aSecondBrokerOnTheSameFolderIsRefused() {
        try (BrokkrProcess first = BrokkrProcess.start(data()).awaitReady();
                BrokkrProcess second = BrokkrProcess.start(data())) {
            assertThat(second.awaitExit()).isEqualTo(1);
            assertThat(second.lines())
                    .last()
                    .isEqualTo("brokkr: the data folder " + data() + " is in use by another broker (process "
                            + first.pid() + "); stop that one, or give this one a folder of its own with log.dirs");
        }
    }

    @Test
    void aPortInUseIsRefused() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                BrokkrProcess broker =
                        BrokkrProcess.start(data(), "listeners=PLAINTEXT://localhost:" + taken.getLocalPort())) {
            assertThat(broker.awaitExit()).isEqualTo(1);
            assertThat(broker.lines())
                    .last()
                    .asString()
                    .startsWith("brokkr: cannot listen on PLAINTEXT://localhost:" + taken.getLocalPort());
        }
        // Nothing of the failed start is left that would be in the way of the next.
        try (BrokkrProcess broker = BrokkrProcess.start(data()).awaitReady()) {
            assertThat(broker.terminate().awaitExit()).isEqualTo(TERMINATED);
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "in the way");
        try (BrokkrProcess broker = BrokkrProcess.start(file.resolve("data"))) {
            assertThat(broker.awaitExit()).isEqualTo(1);
            assertThat(broker.lines())
                    .last()
                    .asString()
                    .startsWith("brokkr: the data folder " + file.resolve("data") + " cannot be written: ");
        }
    }

    @Test
    void mistakesInTheConfigurationAreToldWithTheirLines() throws IOException {
        Path file =
                Files.writeString(folder.resolve("my.properties"), "# mine\nlog.retenton.ms=5\nnum.partitions=many\n");
        try (BrokkrProcess broker = BrokkrProcess.run("start", "--config", file.toString(), "--set", "listners=x")) {
            assertThat(broker.awaitExit()).isEqualTo(1);
            assertThat(broker.lines().stream().filter(line -> line.startsWith("brokkr: ")))
                    .containsExactlyInAnyOrder(
                            "brokkr: " + file
                                    + ", line 2: log.retenton.ms: unknown setting; did you mean log.retention.ms?",
                            "brokkr: " + file
                                    + ", line 3: num.partitions=many: must be a whole number from 1 to 100000",
                            "brokkr: --set: listners: unknown setting; did you mean listeners?");
        }
    }

    @Test
    void commandLinesWithoutSenseAreToldHowToBeMended() {
        for (List<String> arguments : List.of(
                List.<String>of(), List.of("strat"), List.of("start", "--quickly"), List.of("start", "--set"))) {
            try (BrokkrProcess process = BrokkrProcess.run(BrokkrProcess.HOME, Map.of(), arguments)) {
                assertThat(process.awaitExit()).as("%s", arguments).isEqualTo(2);
                process.awaitLine("Usage: brokkr COMMAND");
            }
        }
        try (BrokkrProcess process = BrokkrProcess.run("help")) {
            assertThat(process.awaitExit()).isZero();
        }
    }

    @Test
    void tellsItsVersion() {
        try (BrokkrProcess process = BrokkrProcess.run("version")) {
            assertThat(process.awaitExit()).isZero();
            assertThat(process.lines()).hasSize(3).first().asString().matches("Brokkr [0-9]+\\.[0-9]+\\.[0-9]+.*");
        }
    }

    @Test
    void listsAndVerifiesThePluginsThatShip() {
        try (BrokkrProcess process = BrokkrProcess.run("plugins", "verify")) {
            assertThat(process.awaitExit()).isZero();
            assertThat(process.lines()).last().isEqualTo("all 15 plugins work");
        }
    }

    /** The page in conf is what the command prints: whoever adds a setting writes it there with {@code bin/brokkr settings}. */
    @Test
    void theConfigurationFileHasEverySettingWithItsDefault() throws IOException {
        try (BrokkrProcess process = BrokkrProcess.run("settings")) {
            assertThat(process.awaitExit()).isZero();
            assertThat(process.lines())
                    .isEqualTo(Files.readAllLines(BrokkrProcess.HOME.resolve("conf/brokkr.properties")));
        }
    }

    @Test
    void refusesAJavaThatIsTooOldOrNotThere() throws IOException {
        Path old = folder.resolve("java-11");
        Files.createDirectories(old.resolve("bin"));
        Files.createFile(
                old.resolve("bin/java"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Files.writeString(old.resolve("release"), "IMPLEMENTOR=\"Somebody\"\nJAVA_VERSION=\"11.0.2\"\n");
        try (BrokkrProcess process =
                BrokkrProcess.run(BrokkrProcess.HOME, Map.of("JAVA_HOME", old.toString()), List.of("version"))) {
            assertThat(process.awaitExit()).isEqualTo(1);
            assertThat(process.lines())
                    .containsExactly("brokkr: " + old.resolve("bin/java")
                            + " is Java 11.0.2, and Brokkr needs Java 17 or newer");
        }
        Path absent = folder.resolve("nowhere");
        try (BrokkrProcess process =
                BrokkrProcess.run(BrokkrProcess.HOME, Map.of("JAVA_HOME", absent.toString()), List.of("version"))) {
            assertThat(process.awaitExit()).isEqualTo(1);
            assertThat(process.lines())
                    .containsExactly("brokkr: JAVA_HOME is " + absent + ", and there is no bin/java in it");
        }
    }

    /** As after an update of Java, or when the archive was made on another machine. */
    @Test
    void startsInSilenceWithAnArchiveOfClassesThatDoesNotFit() throws IOException {
        Path copy = folder.resolve("copy of brokkr");
        copyTree(BrokkrProcess.HOME, copy);
        byte[] archive = Files.readAllBytes(copy.resolve("lib/brokkr.jsa"));
        for (int i = 0; i < 64; i++) {
            archive[i * 16] ^= 0x55;
        }
        Files.delete(copy.resolve("lib/brokkr.jsa"));
        Files.write(copy.resolve("lib/brokkr.jsa"), archive);
        try (BrokkrProcess broker = BrokkrProcess.start(copy, data()).awaitReady()) {
            assertThat(broker.lines()).first().asString().contains("INFO  Brokkr ");
            assertThat(broker.terminate().awaitExit()).isEqualTo(TERMINATED);
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    /** The archive that is shipped holds the same installation, may be run as it is unpacked, and nothing that only this machine can use. */
    @Test
    void theArchiveIsThisInstallation() throws Exception {
        Path unpacked = Files.createDirectory(folder.resolve("unpacked"));
        Process tar = new ProcessBuilder(
                        "tar",
                        "--strip-components=1",
                        "-xzf",
                        System.getProperty("brokkr.archive"),
                        "-C",
                        unpacked.toString())
                .inheritIO()
                .start();
        assertThat(tar.waitFor()).isZero();
        assertThat(files(unpacked))
                .isEqualTo(files(BrokkrProcess.HOME).stream()
                        .filter(file -> !file.endsWith(".jsa"))
                        .toList());
        try (BrokkrProcess broker = BrokkrProcess.start(unpacked, data()).awaitReady()) {
            assertThat(broker.terminate().awaitExit()).isEqualTo(TERMINATED);
        }
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile)
                    .map(path -> folder.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }
}
