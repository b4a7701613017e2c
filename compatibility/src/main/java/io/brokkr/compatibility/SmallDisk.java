package io.brokkr.compatibility;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file system of a few megabytes in memory, which only the processes see that are started through it, and which is gone when this is closed. Linux
 * lets root make one, and in most systems everybody.
 */
final class SmallDisk implements AutoCloseable {
    private final Process holder;
    private final Path folder;

    private SmallDisk(Process holder, Path folder) {
        this.holder = holder;
        this.folder = folder;
    }

    /** Mounts it on a folder, in the eyes of a process that waits, and holds it. */
    static SmallDisk mount(Path folder, int megabytes) throws IOException {
        Files.createDirectories(folder);
        List<String> line = new ArrayList<>(List.of("unshare", "--mount"));
        if (!isRoot()) {
            line.add("--map-root-user");
        }
        String hold = "mount -t tmpfs -o size=" + megabytes + "m tmpfs \"$1\" && echo mounted && read end";
        line.addAll(List.of("sh", "-c", hold, "sh", folder.toString()));
        Process holder = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said = holder.inputReader(StandardCharsets.UTF_8);
        if (!"mounted".equals(said.readLine())) {
            holder.destroyForcibly();
            throw new CheckFailedException("no file system could be mounted on " + folder + "; run this as root");
        }
        return new SmallDisk(holder, folder);
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** The folder as its own processes see it. */
    Path folder() {
        return folder;
    }

    /** A command that sees it. */
    List<String> with(List<String> command) {
        List<String> line = new ArrayList<>(List.of("nsenter", "--target", Long.toString(holder.pid()), "--mount"));
        if (!isRoot()) {
            line.addAll(List.of("--user", "--preserve-credentials"));
        }
        line.addAll(command);
        return line;
    }

    @Override
    public void close() {
        holder.destroyForcibly();
    }
}
