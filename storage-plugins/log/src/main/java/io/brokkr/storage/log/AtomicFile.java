package io.brokkr.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A small file that is replaced durably and as a whole: after a crash there is the old content or the new one. */
final class AtomicFile {

    /** The end of the name that the new content has until it is on the device. */
    static final String TEMPORARY_SUFFIX = ".tmp";

    private AtomicFile() {}

    static void write(FileOperations files, Path file, ByteBuffer content) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + TEMPORARY_SUFFIX);
        try (FileChannel channel = files.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
        }
        files.move(temporary, file);
        forceFolder(files, file.resolveSibling("."));
    }

    static Optional<byte[]> read(Path file) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    /** Makes durable which files a folder holds. */
    static void forceFolder(FileOperations files, Path folder) throws IOException {
        try (FileChannel channel = files.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
