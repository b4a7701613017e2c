package io.brokkr.plugin.assemble;

import io.brokkr.spi.InstalledPlugin;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One distribution, from the choice of its plugins to its file, which is there as a whole or not at all. */
final class Assembly {

    private final AssembleOptions options;
    private final Installation installation;
    private final Selection selection;
    private final Release release;
    private final @Nullable BaseImage base;

    /**
     * Decides what goes in.
     *
     * @param epoch the value of {@code SOURCE_DATE_EPOCH}, if it is set
     * @throws AssemblyException if anything is missing; nothing has been written by then
     */
    Assembly(AssembleOptions options, Installation installation, Selection selection, @Nullable String epoch)
            throws AssemblyException {
        this.options = options;
        this.installation = installation;
        this.selection = selection;
        checkOutput(options);
        if (options.runtime()) {
            JavaRuntime.requireTools();
        }
        String plugins = selection.plugins().stream().map(InstalledPlugin::id).collect(Collectors.joining(", "));
        release = new Release(
                installation.version(),
                epoch == null ? installation.buildTime() : parse(epoch),
                options.runtime() ? JavaRuntime.architecture() : "",
                "the plugins " + plugins);
        base = options.base() == null ? null : BaseImage.read(options.base(), release.packageArchitecture());
    }

    private static void checkOutput(AssembleOptions options) throws AssemblyException {
        Path output = options.output().toAbsolutePath();
        Path folder = output.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new AssemblyException(
                    "there is no folder " + folder + " for " + options.output() + ": make it first");
        }
        if (!Files.isWritable(folder)) {
            throw new AssemblyException("the folder " + folder + " cannot be written: name another with --output");
        }
        if (Files.isDirectory(output)) {
            throw new AssemblyException(options.output() + " is a folder: name a file with --output");
        }
        if (Files.exists(output) && !options.force()) {
            throw new AssemblyException(options.output() + " is there already: --force writes over it");
        }
    }

    private static Instant parse(String epoch) throws AssemblyException {
        try {
            return Instant.ofEpochSecond(Long.parseLong(epoch));
        } catch (NumberFormatException noNumber) {
            throw new AssemblyException(
                    "SOURCE_DATE_EPOCH is " + epoch + ", and must be a number of seconds", noNumber);
        }
    }

    /** What it is made of. */
    Selection selection() {
        return selection;
    }

    /**
     * Makes it.
     *
     * @return the modules of Java that go with it; empty if no runtime does
     */
    List<String> make() throws AssemblyException {
        try (WorkFolder work = new WorkFolder()) {
            Content content = new Content();
            installation.addTo(content, release.architecture());
            for (InstalledPlugin plugin : selection.plugins()) {
                content.addAll("plugins/" + plugin.path().getFileName(), plugin.path(), file -> false);
            }
            content.add("conf/brokkr.properties", Piece.text(configuration(), false));
            JavaRuntime runtime = null;
            if (options.runtime()) {
                runtime = JavaRuntime.make(work.path().resolve("runtime"), allJars());
                runtime.addTo(content);
            }
            content.add(
                    BillOfMaterials.PLACE,
                    Piece.text(new BillOfMaterials(installation.home()).of(content, release, runtime), false));
            write(content);
            return runtime == null ? List.of() : List.copyOf(runtime.modules());
        } catch (IOException failure) {
            throw new AssemblyException(options.output() + " cannot be made: " + failure, failure);
        }
    }

    private List<Path> allJars() throws AssemblyException {
        List<Path> jars = new ArrayList<>(installation.jars());
        for (InstalledPlugin plugin : selection.plugins()) {
            jars.addAll(Installation.jars(plugin));
        }
        return jars;
    }

    private String configuration() {
        String settings =
                """
                # The configuration of this broker. bin/brokkr settings prints all settings of its plugins, with their defaults.

                # The engine that keeps the records of topics that do not name one; there are: %s.
                storage.engine=%s

                # What keeps topics, settings and ids.
                metadata.store=%s
                """
                        .formatted(String.join(", ", selection.engines()), selection.storage(), selection.metadata());
        return settings
                + options.packaging()
                        .dataFolder()
                        .map(folder -> "\nlog.dirs=" + folder + "\n")
                        .orElse("");
    }

    private void write(Content content) throws IOException, AssemblyException {
        Path output = options.output().toAbsolutePath();
        Path part = output.resolveSibling("." + output.getFileName() + ".part");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part))) {
                options.packaging().write(content, release, base, out);
            }
            Files.move(part, output, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
