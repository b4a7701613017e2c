package io.brokkr.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code brokkr assemble} makes of the installation, unpacked and used as by somebody who has nothing else. */
@Timeout(900)
class AssembleIT {

    private static final Map<String, String> NO_OTHER_JAVA =
            Map.of("JAVA_HOME", "/nowhere", "PATH", "/usr/bin:/bin", "BROKKR_HEAP", "64m");

    @TempDir
    private Path folder;

    private static BrokkrProcess assemble(Path home, Map<String, String> environment, String... arguments) {
        List<String> all = new ArrayList<>(List.of("assemble"));
        all.addAll(List.of(arguments));
        return BrokkrProcess.run(home, environment, all);
    }

    /** The result, in a folder that is made for it. */
    private Path made(String name, String... arguments) throws IOException {
        Path output = Files.createTempDirectory(folder, "made").resolve(name);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--output", output.toString()));
        try (BrokkrProcess process = assemble(BrokkrProcess.HOME, Map.of(), all.toArray(String[]::new))) {
            assertThat(process.awaitExit()).as("%s", process.lines()).isZero();
        }
        assertThat(output.getParent()).isDirectoryContaining(output::equals);
        assertThat(files(output.getParent())).as("nothing else is left").hasSize(1);
        return output;
    }

    private Path unpacked(Path archive) throws Exception {
        Path to = Files.createTempDirectory(folder, "unpacked");
        run("tar", "--strip-components=1", "-xzf", archive.toString(), "-C", to.toString());
        return to;
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                .as("%s", List.of(command))
                .isZero();
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile)
                    .map(path -> folder.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @CsvSource({"edge, log, 6", "test, memory, 13", "full, log, 15"})
    void everyRecipeIsABrokerThatServesStockClients(String recipe, String engine, int plugins) throws Exception {
        Path home = unpacked(made("brokkr.tar.gz", "--recipe", recipe));
        assertThat(home.resolve("tools")).doesNotExist();
        try (BrokkrProcess verify = BrokkrProcess.run(home, Map.of(), List.of("plugins", "verify"))) {
            assertThat(verify.awaitExit()).isZero();
            assertThat(verify.lines()).last().isEqualTo("all " + plugins + " plugins work");
        }
        try (BrokkrProcess broker =
                BrokkrProcess.start(home, folder.resolve("data")).awaitReady()) {
            broker.awaitLine("by default " + engine);
            StockClient.producesAndConsumes(broker);
        }
    }

    /** From another place, at another time, under another name, in another time zone. */
    @ParameterizedTest
    @CsvSource({"a.tar.gz, b.tar.gz", "a.zip, b.zip", "a.deb, b.deb"})
    void theSameInstallationGivesTheSameBytes(String here, String elsewhere) throws Exception {
        Path copy = folder.resolve("another place");
        run("cp", "-r", BrokkrProcess.HOME.toString(), copy.toString());
        Path core = copy.resolve("lib").resolve(only(copy.resolve("lib"), "brokkr-core"));
        Files.setLastModifiedTime(core, FileTime.fromMillis(1_000_000_000_000L));
        Path output = folder.resolve(elsewhere);
        try (BrokkrProcess process =
                assemble(copy, Map.of("TZ", "Asia/Kolkata"), "--recipe", "edge", "--output", output.toString())) {
            assertThat(process.awaitExit()).as("%s", process.lines()).isZero();
        }
        assertThat(output).hasSameBinaryContentAs(made(here, "--recipe", "edge"));
        try (BrokkrProcess process = assemble(
                copy,
                Map.of("SOURCE_DATE_EPOCH", "1000000000"),
                "--recipe",
                "edge",
                "--force",
                "--output",
                output.toString())) {
            assertThat(process.awaitExit()).as("%s", process.lines()).isZero();
        }
        assertThat(output.toFile()).isNotEmpty();
        assertThat(Files.mismatch(output, made(here, "--recipe", "edge")))
                .as("another time")
                .isNotNegative();
    }

    private static String only(Path folder, String begin) throws IOException {
        List<String> found =
                files(folder).stream().filter(name -> name.startsWith(begin)).toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    @Test
    void withARuntimeItNeedsNoOtherJava() throws Exception {
        Path archive = made("edge.tar.gz", "--recipe", "edge", "--runtime");
        assertThat(made("again.tar.gz", "--recipe", "edge", "--runtime")).hasSameBinaryContentAs(archive);
        Path home = unpacked(archive);
        assertThat(files(home.resolve("lib/native"))).hasSize(1);
        try (BrokkrProcess verify = BrokkrProcess.run(home, NO_OTHER_JAVA, List.of("plugins", "verify"))) {
            assertThat(verify.awaitExit()).as("%s", verify.lines()).isZero();
        }
        try (BrokkrProcess prepare = BrokkrProcess.run(home, NO_OTHER_JAVA, List.of("prepare"))) {
            assertThat(prepare.awaitExit()).as("%s", prepare.lines()).isZero();
        }
        assertThat(home.resolve("lib/brokkr.jsa")).isNotEmptyFile();
        assertThat(home.resolve("runtime/lib/server/classes.jsa")).isNotEmptyFile();
        try (BrokkrProcess broker = BrokkrProcess.run(
                        home,
                        NO_OTHER_JAVA,
                        List.of(
                                "start",
                                "--set",
                                "listeners=PLAINTEXT://localhost:0",
                                "--set",
                                "log.dirs=" + folder.resolve("data")))
                .awaitReady()) {
            StockClient.producesAndConsumes(broker);
            assertThat(broker.lines()).noneMatch(line -> line.contains("WARN") || line.contains("ERROR"));
        }
    }

    /** As {@code dpkg} unpacks it, where there is one. */
    @Test
    void aDebianPackageHoldsABrokerThatRuns() throws Exception {
        Path archive = made("brokkr.deb", "--plugins", "api-versions,metadata,produce,fetch", "--storage", "memory");
        assumeThat(Path.of("/usr/bin/dpkg-deb")).isExecutable();
        run("dpkg-deb", "--info", archive.toString());
        Path root = Files.createDirectory(folder.resolve("root"));
        run("dpkg-deb", "--extract", archive.toString(), root.toString());
        Path control = Files.createDirectory(folder.resolve("control"));
        run("dpkg-deb", "--control", archive.toString(), control.toString());
        run("sh", "-c", "cd '" + root + "' && md5sum --check --quiet '" + control.resolve("md5sums") + "'");
        for (String script : List.of("postinst", "prerm", "postrm")) {
            run("sh", "-n", control.resolve(script).toString());
        }
        assertThat(Files.readAllLines(root.resolve("etc/brokkr/brokkr.properties")))
                .contains("storage.engine=memory", "metadata.store=embedded", "log.dirs=/var/lib/brokkr");
        try (BrokkrProcess broker = BrokkrProcess.start(root.resolve("opt/brokkr"), folder.resolve("data"))
                .awaitReady()) {
            StockClient.producesAndConsumes(broker);
        }
    }

    @Test
    void theBillOfMaterialsListsWhatIsInIt() throws Exception {
        Path home = unpacked(made("edge.tar.gz", "--recipe=edge"));
        JsonNode bill = new ObjectMapper().readTree(home.resolve("bom.json").toFile());
        assertThat(bill.path("bomFormat").asText()).isEqualTo("CycloneDX");
        Map<String, String> told = new TreeMap<>();
        for (JsonNode component : bill.path("components")) {
            told.put(property(component, "brokkr:path"), sha256(component));
            if (property(component, "brokkr:path").endsWith(".jar")) {
                assertThat(component.path("purl").asText()).as("%s", component).startsWith("pkg:");
                assertThat(component.path("version").asText())
                        .as("%s", component)
                        .isNotEmpty();
                assertThat(component.path("licenses").size())
                        .as("%s", component)
                        .isPositive();
            }
        }
        Map<String, String> there = new TreeMap<>();
        for (String file : files(home)) {
            if (file.endsWith(".jar") || file.endsWith(".so")) {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(home.resolve(file)));
                there.put(file, HexFormat.of().formatHex(hash));
            }
        }
        assertThat(told).isEqualTo(there);
        assertThat(bill.path("dependencies").size()).isPositive();
    }

    private static String property(JsonNode component, String name) {
        for (JsonNode property : component.path("properties")) {
            if (property.path("name").asText().equals(name)) {
                return property.path("value").asText();
            }
        }
        return "";
    }

    private static String sha256(JsonNode component) {
        for (JsonNode hash : component.path("hashes")) {
            if (hash.path("alg").asText().equals("SHA-256")) {
                return hash.path("content").asText();
            }
        }
        return "";
    }

    /** With a jar of the operator's and what it depends on. */
    @Test
    void pluginsFromElsewhereBringWhatTheyDependOn() throws Exception {
        Path base = PluginsIT.plain("base", "").writeTo(folder.resolve("mine/base.jar"));
        Path above = PluginsIT.plain("above", "System.out.println(\"above is here\");")
                .manifest("Plugin-Dependencies", "base@>=1.0.0, compaction")
                .writeTo(folder.resolve("mine/above.jar"));
        Path home = unpacked(
                made("mine.tar.gz", "--plugins", above + "," + base, "--storage", "memory", "--metadata", "memory"));
        assertThat(files(home.resolve("plugins")).stream()
                        .filter(name -> !name.contains("metadata"))
                        .toList())
                .hasSize(4)
                .contains("above.jar", "base.jar")
                .anyMatch(name -> name.contains("compaction"))
                .anyMatch(name -> name.contains("memory"));
        try (BrokkrProcess broker =
                BrokkrProcess.start(home, folder.resolve("data")).awaitReady()) {
            broker.awaitLine("above is here");
        }
    }

    @Test
    void whatCannotBeAssembledIsToldAndNothingIsWritten() throws Exception {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        String output = empty.resolve("x.tar.gz").toString();
        Path needy = PluginsIT.plain("needy", "")
                .manifest("Plugin-Dependencies", "absent@>=1.0.0")
                .writeTo(folder.resolve("needy.jar"));
        Path evil = evil();
        Path file = Files.writeString(folder.resolve("there.zip"), "something");
        refused(
                "brokkr: there is no plugin prodce; there are ",
                "--plugins",
                "prodce",
                "--storage=log",
                "--output",
                output);
        refused(
                "brokkr: no plugin supplies the storage engine lgo; there are log, memory",
                "--recipe=edge",
                "--storage=lgo",
                "--output",
                output);
        refused(
                "brokkr: the plugin needy does not work: ",
                "--plugins",
                needy.toString(),
                "--storage=log",
                "--output",
                output);
        refused("absent", "--plugins", needy.toString(), "--storage=log", "--output", output);
        refused("would lie outside of it: ../evil", "--plugins", evil.toString(), "--storage=log", "--output", output);
        refused("brokkr: there is no file ./none.jar", "--plugins", "./none.jar", "--storage=log", "--output", output);
        refused(
                "brokkr: " + file + " is there already: --force writes over it",
                "--recipe=edge",
                "--output",
                file.toString());
        refused(
                "brokkr: there is no folder " + folder.resolve("none"),
                "--recipe=edge",
                "--output",
                folder.resolve("none/x.zip").toString());
        refused("brokkr: the name of x.rar does not say what to make", "--recipe=edge", "--output", "x.rar");
        refused("Usage: brokkr assemble --output FILE", "--recipe=edge");
        assertThat(empty).isEmptyDirectory();
        assertThat(file).hasContent("something");
    }

    /** A plugin of which a tool that unpacks it would be led astray. */
    private Path evil() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Plugin-Id", "evil");
        manifest.getMainAttributes().putValue("Plugin-Version", "1.0.0");
        Path jar = folder.resolve("evil.jar");
        try (JarOutputStream output = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            output.putNextEntry(new JarEntry("../evil"));
            output.closeEntry();
        }
        return jar;
    }

    private static void refused(String line, String... arguments) {
        try (BrokkrProcess process = assemble(BrokkrProcess.HOME, Map.of(), arguments)) {
            assertThat(process.awaitExit()).as("%s", process.lines()).isIn(1, 2);
            process.awaitLine(line);
            assertThat(process.lines()).noneMatch(text -> text.startsWith("\tat "));
        }
    }
}
