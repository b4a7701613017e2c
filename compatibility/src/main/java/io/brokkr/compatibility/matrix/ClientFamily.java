package io.brokkr.compatibility.matrix;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A client library behind a program of ours, in one or several variants: its defaults, or an old version of the protocol that it is told to speak. Read from
 * {@code client.properties}:
 *
 * <pre>
 * name=kafka-python
 * variants=default 0.9
 * quick=default
 * variant.default.command=/usr/bin/python3 clients/python3-kafka/client.py default
 * variant.0.9.command=/usr/bin/python3 clients/python3-kafka/client.py 0.9
 * tests=api-versions metadata produce
 * </pre>
 *
 * Commands begin in the folder of the compatibility module; <code>${target}</code> in them is the folder where {@code install} put the client. {@code quick} names the
 * variants that a quick run takes; without it, there are none. {@code install} may be given {@code --quick}, and then needs to get these alone.
 *
 * @param name in reports
 * @param folder with {@code install}
 * @param variants in the order of the file
 * @param tests in the order of the file
 */
record ClientFamily(String name, Path folder, List<Variant> variants, List<String> tests) {

    private static final Pattern SPACE = Pattern.compile("[\\s,]+");

    /**
     * A way to run the client.
     *
     * @param name in reports
     * @param quick whether a quick run takes it
     * @param command the program and its first arguments
     */
    record Variant(String name, boolean quick, List<String> command) {}

    /** All families below a folder, in the order of their folders' names. */
    static List<ClientFamily> all(Path clients, Path targets) throws IOException {
        List<ClientFamily> families = new ArrayList<>();
        try (Stream<Path> folders = Files.list(clients)) {
            for (Path folder : folders.sorted().toList()) {
                if (Files.exists(folder.resolve("client.properties"))) {
                    families.add(read(folder, targets.resolve(folder.getFileName())));
                }
            }
        }
        return families;
    }

    private static ClientFamily read(Path folder, Path target) throws IOException {
        Properties properties = new Properties();
        Path file = folder.resolve("client.properties");
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        List<String> quick = words(properties.getProperty("quick", ""));
        List<Variant> variants = words(required(properties, "variants", file)).stream()
                .map(name -> variant(properties, name, quick.contains(name), target, file))
                .toList();
        return new ClientFamily(
                required(properties, "name", file), folder, variants, words(required(properties, "tests", file)));
    }

    private static Variant variant(Properties properties, String name, boolean quick, Path target, Path file) {
        String command =
                required(properties, "variant." + name + ".command", file).replace("${target}", target.toString());
        return new Variant(name, quick, List.of(command.strip().split("\\s+", -1)));
    }

    private static String required(Properties properties, String key, Path file) {
        String value = properties.getProperty(key);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(file + " lacks " + key);
        }
        return value;
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(SPACE.split(text.strip(), -1));
    }

    /** By which a run is asked for this family. */
    String folderName() {
        return folder.getFileName().toString();
    }

    /** This family with the variants of a quick run. */
    ClientFamily quick() {
        return new ClientFamily(
                name, folder, variants.stream().filter(Variant::quick).toList(), tests);
    }
}
