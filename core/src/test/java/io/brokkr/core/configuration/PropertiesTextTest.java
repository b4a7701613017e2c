package io.brokkr.core.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PropertiesTextTest {

    /** The JDK is the oracle: whatever the text, the same names have the same values (spaces at the ends apart). */
    @Property
    void readsWhatTheJdkReads(@ForAll("texts") String text) throws IOException {
        Properties oracle = new Properties();
        oracle.load(new StringReader(text));
        Map<String, String> expected = new HashMap<>();
        oracle.forEach((name, value) -> expected.put((String) name, ((String) value).strip()));

        Map<String, String> read = new HashMap<>();
        PropertiesText.parse(text, "test").forEach(given -> read.put(given.name(), given.text()));

        assertThat(read).isEqualTo(expected);
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> pieces = Arbitraries.of(
                "key", "a.b", "=", ":", " ", "\t", "\n", "\r\n", "\\", "\\\\", "\r", "\\\n", "#", "!", "value",
                "\\u0041", "\\n", "ä", "1,2");
        return pieces.list().ofMaxSize(30).map(parts -> String.join("", parts));
    }

    /** Each value knows its line, whatever stands between. */
    @Property
    void countsLines(@ForAll("fillers") List<String> fillers) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < fillers.size(); i++) {
            text.append(fillers.get(i)).append("key").append(i).append(" = value \\\n   goes on\n");
        }
        String[] lines = text.toString().split("\n", -1);

        List<GivenSetting> read = PropertiesText.parse(text.toString(), "f");

        assertThat(read).hasSize(fillers.size()).allSatisfy(given -> {
            int line = Integer.parseInt(given.source().substring("f, line ".length()));
            assertThat(lines[line - 1]).startsWith(given.name() + " ");
            assertThat(given.text()).isEqualTo("value goes on");
        });
    }

    @Provide
    Arbitrary<List<String>> fillers() {
        return Arbitraries.of("", "\n", "# a comment\n", "! a comment that is not continued \\\n", "\n\n# x\n")
                .list()
                .ofMaxSize(8);
    }

    @Test
    void tellsTheLineOfWhatIsMalformed() {
        assertThatThrownBy(() -> PropertiesText.parse("a=1\n\nb=\\u00zz\n", "brokkr.properties"))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageStartingWith("brokkr.properties, line 3: ");
    }

    @Test
    void namesTheFileThatCannotBeRead(@TempDir Path folder) throws IOException {
        Path absent = folder.resolve("absent.properties");
        assertThatThrownBy(() -> PropertiesText.read(absent))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining(absent.toString());
        Path binary = Files.write(folder.resolve("binary.properties"), new byte[] {'a', '=', (byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> PropertiesText.read(binary))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage(binary + " is not text in UTF-8");
    }
}
