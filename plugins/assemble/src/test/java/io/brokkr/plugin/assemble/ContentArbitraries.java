package io.brokkr.plugin.assemble;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Contents as tests draw them. */
final class ContentArbitraries {

    /** A file as it is told. */
    record TestFile(String text, boolean executable) {}

    private ContentArbitraries() {}

    /** Some files in folders; names are short and long, in ASCII and beyond. */
    static Arbitrary<Map<String, TestFile>> files() {
        Arbitrary<String> segment = Arbitraries.strings()
                .withCharRange('a', 'd')
                .withChars('ä', '-', '.', '_', '9')
                .ofMinLength(1)
                .ofMaxLength(60)
                .map(name -> "f" + name);
        Arbitrary<String> path =
                segment.list().ofMinSize(1).ofMaxSize(4).map(segments -> String.join("/", segments) + ".file");
        Arbitrary<TestFile> file = Combinators.combine(
                        Arbitraries.strings().ofMaxLength(300), Arbitraries.of(true, false))
                .as(TestFile::new);
        return Arbitraries.maps(path, file).ofMaxSize(12).map(TreeMap::new);
    }

    /** Added in an order that the seed decides. */
    static Content content(Map<String, TestFile> files, long seed) throws AssemblyException {
        List<String> paths = new ArrayList<>(files.keySet());
        Collections.shuffle(paths, new Random(seed));
        Content content = new Content();
        for (String path : paths) {
            TestFile file = files.get(path);
            content.add(path, Piece.text(file.text(), file.executable()));
        }
        return content;
    }

    static byte[] bytes(TestFile file) {
        return file.text().getBytes(StandardCharsets.UTF_8);
    }
}
