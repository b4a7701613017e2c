package io.brokkr.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a process holds, by its own account and by the operating system's. */
record Holdings(long pluginLoaders, Set<String> threads, List<String> files, long metaspaceKilobytes) {

    private static final Pattern METASPACE = Pattern.compile("Both:.*?([0-9]+)\\.[0-9]+ KB \\([^)]*\\) used");
    private static final Pattern THREAD = Pattern.compile("^\"([^\"]+)\"");

    /** Of this moment, after garbage was collected. Numbers in the names of threads are replaced by an N. */
    static Holdings of(long pid) throws Exception {
        // What has gone last may be in its last steps: a class is unloaded by the first collection behind them.
        long loaders = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 20; attempt++) {
            jcmd(pid, "GC.run");
            long now = jcmd(pid, "VM.classloaders").stream()
                    .filter(line -> line.contains("PluginClassLoader"))
                    .count();
            if (now == loaders) {
                break;
            }
            loaders = now;
        }
        Set<String> threads = new TreeSet<>();
        for (String line : jcmd(pid, "Thread.print")) {
            Matcher thread = THREAD.matcher(line);
            // As many as there is work for.
            if (thread.find() && !thread.group(1).contains("CompilerThread")) {
                threads.add(thread.group(1).replaceAll("[0-9]+", "N"));
            }
        }
        Matcher metaspace = METASPACE.matcher(String.join("\n", jcmd(pid, "VM.metaspace", "scale=K")));
        assertThat(metaspace.find()).isTrue();
        return new Holdings(loaders, threads, openFiles(pid), Long.parseLong(metaspace.group(1)));
    }

    private static List<String> openFiles(long pid) throws IOException {
        List<String> files = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    files.add(Files.readSymbolicLink(descriptor).toString());
                } catch (NoSuchFileException closed) {
                    // Between the one call and the other.
                }
            }
        }
        return files;
    }

    private static List<String> jcmd(long pid, String... command) throws Exception {
        Path program = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        List<String> line = new ArrayList<>(List.of(program.toString(), Long.toString(pid)));
        line.addAll(List.of(command));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(text).isZero();
        return text.lines().toList();
    }

    @Override
    public String toString() {
        return pluginLoaders + " class loaders of plugins, " + files.size() + " files, " + metaspaceKilobytes
                + " KB of metaspace, the threads " + threads;
    }
}
