package io.brokkr.storage.log;

import io.brokkr.spi.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * The file {@code partition.metadata}, which says whose folder it is, as Kafka writes it (KIP-516).
 *
 * <pre>
 *   version: 0
 *   topic_id: the 16 bytes of the id in URL-safe base 64 without padding
 * </pre>
 */
final class TopicIdFile {

    static final String NAME = "partition.metadata";
    private static final String VERSION_LINE = "version: 0";
    private static final String ID_KEY = "topic_id: ";

    private TopicIdFile() {}

    /** The id of the topic; empty where the file is missing or was torn when it was written first. */
    static Optional<UUID> read(Path folder) throws IOException {
        Optional<byte[]> content = AtomicFile.read(folder.resolve(NAME));
        if (content.isEmpty() || content.get().length == 0) {
            return Optional.empty();
        }
        String text = new String(content.get(), StandardCharsets.UTF_8);
        if (!text.startsWith(VERSION_LINE + "\n")) {
            throw new StorageException("the file " + folder.resolve(NAME)
                    + " is not of version 0, the only one known; a newer Kafka" + " or Brokkr wrote it");
        }
        return text.lines()
                .filter(line -> line.startsWith(ID_KEY))
                .findFirst()
                .map(line -> parse(folder, line.substring(ID_KEY.length())));
    }

    private static UUID parse(Path folder, String id) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(id.strip()));
            return new UUID(bytes.getLong(), bytes.getLong());
        } catch (IllegalArgumentException | java.nio.BufferUnderflowException noId) {
            throw new StorageException(
                    "the file " + folder.resolve(NAME) + " holds no topic id but «" + id + "»", noId);
        }
    }

    static void write(Path folder, UUID topicId) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(16)
                .putLong(topicId.getMostSignificantBits())
                .putLong(topicId.getLeastSignificantBits());
        String text = VERSION_LINE + "\n" + ID_KEY
                + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array()) + "\n";
        AtomicFile.write(
                FileOperations.SYSTEM, folder.resolve(NAME), ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
