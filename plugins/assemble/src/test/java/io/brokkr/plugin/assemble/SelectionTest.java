package io.brokkr.plugin.assemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.spi.InstalledPlugin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which plugins go in. */
class SelectionTest {

    private static final InstalledPlugin LOG =
            plugin("storage-log", null, List.of("storage engine log", "command log"));
    private static final InstalledPlugin MEMORY = plugin("storage-memory", null, List.of("storage engine memory"));
    private static final InstalledPlugin METADATA =
            plugin("embedded-metadata", null, List.of("metadata store embedded", "metadata store memory"));
    private static final List<InstalledPlugin> STORAGE = List.of(LOG, MEMORY, METADATA);

    private static InstalledPlugin plugin(
            String id, @Nullable String problem, List<String> provides, String... requirements) {
        List<String> all = new ArrayList<>(List.of("SPI >=0.1.0"));
        for (String required : requirements) {
            all.add(required + " >=1.0.0");
        }
        return new InstalledPlugin(id, "1.0.0", all, Path.of("plugins", id + ".jar"), provides, problem);
    }

    private static Selection choose(List<InstalledPlugin> installed, String... arguments)
            throws AssemblyException, WrongArgumentsException {
        List<String> all = new ArrayList<>(List.of("--output", "x.zip"));
        all.addAll(List.of(arguments));
        return Selection.of(AssembleOptions.parse(all), files -> installed);
    }

    private static List<String> ids(Selection selection) {
        return selection.plugins().stream().map(InstalledPlugin::id).toList();
    }

    private static List<InstalledPlugin> installed(String... ids) {
        List<InstalledPlugin> plugins = new ArrayList<>(STORAGE);
        for (String id : ids) {
            plugins.add(plugin(id, null, List.of("API handlers")));
        }
        return plugins;
    }

    /** A plugin needs those with some of the smaller numbers, as in {@code 3 -> [1, 2]}. */
    @Provide
    Arbitrary<Map<Integer, Set<Integer>>> graphs() {
        return Arbitraries.integers()
                .between(0, 9)
                .set()
                .ofMaxSize(4)
                .list()
                .ofSize(10)
                .map(lists -> {
                    Map<Integer, Set<Integer>> graph = new HashMap<>();
                    for (int number = 0; number < lists.size(); number++) {
                        Set<Integer> smaller = new HashSet<>(lists.get(number));
                        int bound = number;
                        smaller.removeIf(other -> other >= bound);
                        graph.put(number, smaller);
                    }
                    return graph;
                });
    }

    @Property(tries = 200)
    void takesExactlyWhatWasNamedAndWhatThatDependsOn(
            @ForAll("graphs") Map<Integer, Set<Integer>> graph, @ForAll("graphs") Map<Integer, Set<Integer>> wishes)
            throws Exception {
        List<InstalledPlugin> installed = new ArrayList<>(STORAGE);
        graph.forEach((number, needed) -> installed.add(plugin(
                "p" + number,
                null,
                List.of("API handlers"),
                needed.stream().map(n -> "p" + n).toArray(String[]::new))));
        Set<Integer> wanted = new TreeSet<>(wishes.get(9));
        wanted.add(9);
        Set<String> expected = new TreeSet<>(Set.of("storage-log", "embedded-metadata"));
        for (int number = 9; number >= 0; number--) {
            if (wanted.contains(number)) {
                expected.add("p" + number);
                wanted.addAll(graph.get(number));
            }
        }
        StringBuilder names = new StringBuilder("p9");
        wishes.get(9).forEach(number -> names.append(",p").append(number));
        assertThat(ids(choose(installed, "--plugins", names.toString(), "--storage", "log")))
                .containsExactlyElementsOf(expected);
    }

    @Test
    void everythingThatIsMissingIsNamedAtOnce() {
        List<InstalledPlugin> installed = new ArrayList<>(installed("produce"));
        installed.add(plugin("above", "it requires the plugin base, which is not there", List.of()));
        assertThatThrownBy(() -> choose(
                        installed, "--plugins", "produce,prodce,above", "--storage", "logs", "--metadata", "etcd"))
                .isInstanceOfSatisfying(AssemblyException.class, failure -> assertThat(failure.lines())
                        .containsExactly(
                                "there is no plugin prodce; there are embedded-metadata, produce, storage-log, storage-memory",
                                "the plugin above does not work: it requires the plugin base, which is not there",
                                "no plugin supplies the storage engine logs; there are log, memory",
                                "no plugin supplies the metadata store etcd; there are embedded, memory"));
    }

    @Test
    void whereRecordsGoMustBeSaid() throws Exception {
        assertThatThrownBy(() -> choose(installed("produce"), "--plugins", "produce"))
                .isInstanceOf(AssemblyException.class)
                .hasMessage("nothing says where records go: give --storage with one or more of log, memory");
        assertThat(choose(installed("produce"), "--plugins", "produce,storage-memory")
                        .storage())
                .isEqualTo("memory");
    }

    @Test
    void theFirstEngineIsTheDefault() throws Exception {
        Selection selection = choose(installed("produce"), "--plugins=produce", "--storage=memory,log");
        assertThat(selection.storage()).isEqualTo("memory");
        assertThat(selection.engines()).containsExactly("log", "memory");
    }

    @Test
    void recipesChooseAndCanBeAddedTo() throws Exception {
        List<InstalledPlugin> all = installed("api-versions", "metadata", "produce", "fetch", "groups", "compression");
        Selection edge = choose(all, "--recipe", "edge");
        assertThat(ids(edge))
                .containsExactly("api-versions", "embedded-metadata", "fetch", "metadata", "produce", "storage-log");
        assertThat(edge.storage()).isEqualTo("log");
        Selection test = choose(all, "--recipe", "test");
        assertThat(ids(test))
                .contains("groups", "compression", "storage-memory")
                .doesNotContain("storage-log");
        assertThat(List.of(test.storage(), test.metadata())).containsExactly("memory", "memory");
        assertThat(ids(choose(all, "--recipe", "full")))
                .containsExactlyInAnyOrderElementsOf(
                        all.stream().map(InstalledPlugin::id).toList());
        assertThat(ids(choose(all, "--recipe", "edge", "--plugins", "groups"))).contains("groups");
        assertThat(choose(all, "--recipe", "edge", "--storage", "memory").storage())
                .isEqualTo("memory");
    }

    /** The second of two files with one id is left out by the broker, too. */
    @Test
    void aSecondPluginOfTheSameIdDoesNoHarm() throws Exception {
        List<InstalledPlugin> all = new ArrayList<>();
        all.add(plugin("produce", "its version is 1.0.0, and another has the same id", List.of()));
        all.addAll(installed("produce"));
        assertThat(ids(choose(all, "--plugins", "produce", "--storage", "log"))).contains("produce");
    }

    @Test
    void argumentsWithoutSenseAreToldHowToBeMended() {
        assertWrong("--output FILE is missing", "--recipe", "edge");
        assertWrong("nothing says which plugins", "--output", "x.zip");
        assertWrong("there is no recipe egde; there are edge, test, full", "--recipe", "egde", "--output", "x.zip");
        assertWrong("unknown option --rutime", "--recipe", "edge", "--rutime");
        assertWrong("--output needs a value", "--output");
        assertWrong("takes --base FOLDER and --runtime", "--recipe", "edge", "--runtime", "--output", "x.oci.tar");
        assertWrong("takes --base FOLDER and --runtime", "--recipe", "edge", "--base", "x", "--output", "x.zip");
        assertWrong("must end with one of .tar.gz, .zip, .deb, .oci.tar", "--recipe", "edge", "--output", "x.rar");
    }

    private static void assertWrong(String message, String... arguments) {
        assertThatThrownBy(() -> AssembleOptions.parse(List.of(arguments)))
                .isInstanceOf(WrongArgumentsException.class)
                .hasMessageContaining(message);
    }
}
