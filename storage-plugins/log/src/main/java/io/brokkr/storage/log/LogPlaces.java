package io.brokkr.storage.log;

import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.StorageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code brokkr-log-places} in the first data folder: in which of the others a log lies. A log is looked for in the folders; the file is asked while one of them
 * cannot be used, lest a log that lies there begin anew, empty, in another one.
 *
 * <pre>
 *   folder /mnt/b 1a2b3c4d                                      a data folder that was used; these lines come first
 *   0123456789abcdef0123456789abcdef orders-0 /mnt/b 5e6f7a8b   the topic's id, the log's name, and its data folder or - if it was deleted
 * </pre>
 *
 * <p>Each line ends with the CRC-32C of what stands before it; of a log the last line counts, which is durable before the log's folder is made. There is no file
 * as long as there is one data folder, and nothing is said of logs in the first one, without which no broker starts. Thread-safe.
 */
final class LogPlaces {

    static final String NAME = "brokkr-log-places";
    private static final String FOLDER = "folder ";
    private static final String DELETED = "-";

    /** In bytes; nothing is longer than a path. */
    private static final int LONGEST_LINE = 8 << 10;

    /** How many lines that count no more may be in it at least. */
    private static final int ROOM = 1_000;

    private final Path file;

    /** The logs that are in none of the folders {@link #searched}; under the monitor. */
    private final Map<String, String> elsewhere = new HashMap<>();

    /** Null as long as nobody has asked. */
    private @Nullable Set<String> searched;

    /**
     * What it says.
     *
     * @param places the data folders of the logs, by the first two words of their lines
     * @param isDamaged whether there are other lines, too
     */
    private record Content(Set<String> folders, Map<String, String> places, int lines, boolean isDamaged) {}

    LogPlaces(Path firstFolder) {
        this.file = firstFolder.resolve(NAME);
    }

    /** The data folders that were used before; removes what a crash has left of a line. Reads no more than that. */
    synchronized Set<String> folders() throws IOException {
        if (!Files.exists(file)) {
            return Set.of();
        }
        cutHalfLine();
        Set<String> folders = new HashSet<>();
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String text = checked(utf8(line));
                if (text != null && !text.startsWith(FOLDER)) {
                    break;
                }
                if (text != null) {
                    folders.add(text.substring(FOLDER.length()));
                }
            }
        }
        return folders;
    }

    private void cutHalfLine() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer end = ByteBuffer.allocate((int) Math.min(LONGEST_LINE, channel.size()));
            long from = channel.size() - end.capacity();
            channel.read(end, from);
            int whole = end.position();
            while (whole > 0 && end.get(whole - 1) != '\n') {
                whole--;
            }
            channel.truncate(from + whole);
        }
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** What stands before the checksum; null if that is not right. */
    private static @Nullable String checked(String line) {
        int end = line.lastIndexOf(' ');
        return end > 0 && line.equals(withChecksum(line.substring(0, end))) ? line.substring(0, end) : null;
    }

    private static String withChecksum(String text) {
        CRC32C checksum = new CRC32C();
        checksum.update(text.getBytes(StandardCharsets.UTF_8));
        return text + " " + Long.toHexString(checksum.getValue());
    }

    private static String key(LogId id) {
        return key(id.topicId(), id.toString());
    }

    private static String key(UUID topicId, String name) {
        return topicId.toString().replace("-", "") + " " + name;
    }

    private Content read() throws IOException {
        Set<String> folders = new LinkedHashSet<>();
        Map<String, String> places = new LinkedHashMap<>();
        int lines = 0;
        boolean isDamaged = false;
        Optional<byte[]> content = AtomicFile.read(file);
        String all = new String(content.orElse(new byte[0]), StandardCharsets.UTF_8);
        for (String line : all.lines().toList()) {
            lines++;
            String text = checked(line);
            String[] words = text == null ? new String[0] : text.split(" ", 3);
            if (text != null && text.startsWith(FOLDER)) {
                folders.add(text.substring(FOLDER.length()));
            } else if (words.length < 3) {
                isDamaged = true;
            } else if (words[2].equals(DELETED)) {
                places.remove(words[0] + " " + words[1]);
            } else {
                places.put(words[0] + " " + words[1], words[2]);
            }
        }
        return new Content(folders, places, lines, isDamaged);
    }

    private void write(Collection<String> folders, Map<String, String> places) throws IOException {
        StringBuilder text = new StringBuilder();
        folders.forEach(folder -> text.append(withChecksum(FOLDER + folder)).append('\n'));
        places.forEach(
                (log, folder) -> text.append(withChecksum(log + " " + folder)).append('\n'));
        AtomicFile.write(
                FileOperations.SYSTEM, file, ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** Says, durably, that a data folder is used. */
    synchronized void noteFolder(String folder) throws IOException {
        if (!folders().contains(folder)) {
            Content content = read();
            content.folders().add(folder);
            write(content.folders(), content.places());
        }
    }

    /** Says, durably, where a log is about to be made. */
    synchronized void note(LogId id, Path folder) throws IOException {
        append(key(id), folder.toString(), true);
    }

    /** Says that a log was deleted. Nobody asks for it any more. */
    synchronized void noteDeleted(LogId id) throws IOException {
        if (Files.exists(file)) {
            append(key(id), DELETED, false);
        }
    }

    private void append(String log, String folder, boolean durably) throws IOException {
        ByteBuffer line = ByteBuffer.wrap((withChecksum(log + " " + folder) + "\n").getBytes(StandardCharsets.UTF_8));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long position = channel.size();
            try {
                while (line.hasRemaining()) {
                    channel.write(line, position + line.position());
                }
                if (durably) {
                    channel.force(true);
                }
            } catch (IOException failure) {
                channel.truncate(position);
                throw failure;
            }
        }
        if (folder.equals(DELETED) || searched == null || searched.contains(folder)) {
            elsewhere.remove(log);
        } else {
            elsewhere.put(log, folder);
        }
    }

    /**
     * The data folder of a log that is in none of some others.
     *
     * @param others where the log is not
     * @param isAll whether these are all there are in use
     * @return null if nothing tells that there was a log
     * @throws StorageException if the file is damaged, and it is not all
     */
    synchronized @Nullable String placeOf(LogId id, Set<String> others, boolean isAll) throws IOException {
        if (!others.equals(searched)) {
            Content content = read();
            if (content.isDamaged() && !isAll) {
                throw new StorageException(
                        "the file " + file + " is damaged, and a data folder cannot be used: the log " + id
                                + " may lie there. Bring that folder back, and start the broker again: then the file is made anew");
            }
            elsewhere.clear();
            elsewhere.putAll(content.places());
            elsewhere.values().removeAll(others);
            searched = Set.copyOf(others);
        }
        return elsewhere.get(key(id));
    }

    /** The names of the logs that are said to be in a data folder. */
    synchronized Set<String> logsIn(Path folder) throws IOException {
        return read().places().entrySet().stream()
                .filter(place -> place.getValue().equals(folder.toString()))
                .map(place -> place.getKey().substring(place.getKey().indexOf(' ') + 1))
                .collect(Collectors.toSet());
    }

    /** Says of logs that were found where they are. */
    synchronized void noteAll(Collection<LogId> found, Path folder) throws IOException {
        for (LogId id : found) {
            append(key(id), folder.toString(), false);
        }
    }

    /** Writes the file anew if there is more in it that does not count than what does, or what nobody can read. */
    synchronized void tidyUp() throws IOException {
        Content content = read();
        int live = content.folders().size() + content.places().size();
        if (content.isDamaged() || content.lines() - live > Math.max(live, ROOM)) {
            write(content.folders(), content.places());
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
