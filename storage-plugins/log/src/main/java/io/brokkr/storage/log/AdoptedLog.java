package io.brokkr.storage.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * The folder of one log, on its way from Apache Kafka's data folder to one of ours.
 *
 * @param name of the folder, {@code orders-0}
 * @param state what our state file will say: all of it was read and is whole
 * @param segments as they were checked
 */
record AdoptedLog(String name, Path source, LogState state, List<LogCheck.CheckedSegment> segments) {

    private static final List<String> OTHER_FILES = List.of(TopicIdFile.NAME, "leader-epoch-checkpoint");

    long sizeInBytes() {
        return segments.stream().mapToLong(LogCheck.CheckedSegment::sizeInBytes).sum();
    }

    /** Whether there are records of aborted transactions in it, which Apache Kafka notes in files of its own. */
    boolean hasAbortedTransactions() throws IOException {
        try (Stream<Path> files = Files.list(source)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".txnindex")).toList()) {
                if (Files.size(file) > 0) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Copies what the engine reads, durably; indexes that are not right are left out, since searches do without. */
    void copyTo(Path target, LongConsumer progress) throws IOException {
        Files.createDirectories(target);
        for (LogCheck.CheckedSegment segment : segments) {
            String file = Segment.nameOf(segment.baseOffset());
            copy(file + Segment.LOG_SUFFIX, target);
            if (segment.indexesAreSound()) {
                for (IndexFile.Layout layout : IndexFile.Layout.values()) {
                    copy(file + layout.suffix(), target);
                }
            }
            progress.accept(segment.sizeInBytes());
        }
        for (String file : OTHER_FILES) {
            copy(file, target);
        }
        state.write(FileOperations.SYSTEM, target);
    }

    private void copy(String file, Path target) throws IOException {
        try {
            Path copied = Files.copy(source.resolve(file), target.resolve(file));
            try (FileChannel channel = FileChannel.open(copied, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        } catch (NoSuchFileException none) {
            if (file.endsWith(Segment.LOG_SUFFIX)) {
                throw none;
            }
        }
    }

    /** Moves the folder as it is, but for indexes that are not right. On one file system. */
    void moveTo(Path target) throws IOException {
        for (LogCheck.CheckedSegment segment : segments) {
            if (!segment.indexesAreSound()) {
                for (IndexFile.Layout layout : IndexFile.Layout.values()) {
                    Files.deleteIfExists(source.resolve(Segment.nameOf(segment.baseOffset()) + layout.suffix()));
                }
            }
        }
        state.write(FileOperations.SYSTEM, source);
        Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
    }
}
