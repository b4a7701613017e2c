package io.brokkr.storage.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** What is done to the files in a log's folder. Tests take another one, to let the device fail, or the power. */
@FunctionalInterface
interface FileOperations {

    /** The operating system's files. */
    FileOperations SYSTEM = FileChannel::open;

    FileChannel open(Path file, OpenOption... options) throws IOException;

    /** Gives a file another name, at once, in the place of whatever has that name. */
    default void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Removes a file if it is there. */
    default void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }
}
