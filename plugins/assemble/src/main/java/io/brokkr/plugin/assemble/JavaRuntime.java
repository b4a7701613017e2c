package io.brokkr.plugin.assemble;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.NavigableSet;
import java.util.spi.ToolProvider;

/**
 * A Java runtime for this operating system and processor, with no more modules than some jars need, made of the Java that this runs on. Without the archive of classes that others have:
 * it is not the same twice, and {@code bin/brokkr prepare} makes it.
 *
 * @param folder where it lies
 * @param modules those that were asked for
 */
record JavaRuntime(Path folder, NavigableSet<String> modules) {

    private static final int FEATURE = Runtime.version().feature();

    /** From here on {@code jlink} may do without the folder {@code jmods}. */
    private static final int LINKS_WITHOUT_JMODS = 24;

    /** The word for this processor's architecture. */
    static String architecture() {
        return System.getProperty("os.arch");
    }

    /** Refuses at once where {@link #make} could do nothing. */
    static void requireTools() throws AssemblyException {
        Path jmods = Path.of(System.getProperty("java.home"), "jmods");
        if (FEATURE < LINKS_WITHOUT_JMODS && !Files.isDirectory(jmods)) {
            throw new AssemblyException("--runtime needs a JDK, and the Java that runs this has no " + jmods
                    + ": set JAVA_HOME to a JDK that has jmods");
        }
        tool("jlink");
        tool("jdeps");
    }

    private static ToolProvider tool(String name) throws AssemblyException {
        return ToolProvider.findFirst(name)
                .orElseThrow(() -> new AssemblyException("--runtime needs a JDK, and " + System.getProperty("java.home")
                        + " has no " + name + ": set JAVA_HOME to a JDK"));
    }

    /**
     * Makes one.
     *
     * @param folder that does not exist yet
     * @param jars whose needs it meets
     */
    static JavaRuntime make(Path folder, Collection<Path> jars) throws AssemblyException {
        NavigableSet<String> modules = NeededModules.of(jars, tool("jdeps"));
        StringWriter said = new StringWriter();
        int status = tool("jlink")
                .run(
                        new PrintWriter(said, true),
                        new PrintWriter(said, true),
                        "--add-modules",
                        String.join(",", modules),
                        "--output",
                        folder.toString(),
                        // That of native code would take objcopy, and distributors have done it already.
                        "--strip-java-debug-attributes",
                        "--no-header-files",
                        "--no-man-pages");
        if (status != 0) {
            throw new AssemblyException(
                    "jlink makes no runtime: " + said.toString().strip().replaceAll("\\R", " "));
        }
        return new JavaRuntime(folder, modules);
    }

    void addTo(Content content) throws AssemblyException {
        content.addAll("runtime", folder, Files::isExecutable);
    }
}
