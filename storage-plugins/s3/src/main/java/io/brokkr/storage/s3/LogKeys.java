package io.brokkr.storage.s3;

import io.brokkr.spi.storage.LogId;
import java.util.Optional;
import java.util.UUID;

/**
 * The keys of a log's objects. Topic names have no slashes, so the parts can be told apart.
 *
 * @param keyPrefix what all keys begin with; empty, or with a slash at its end
 */
record LogKeys(String keyPrefix, LogId id) {

    private static final String LOGS = "logs/";
    private static final String DATA = "data/";
    private static final int PARTS = 3;

    private String path() {
        return id.topic() + "/" + id.topicId() + "/" + id.partition();
    }

    /** The log object. */
    String log() {
        return keyPrefix + LOGS + path();
    }

    /** What the keys of the batches begin with. */
    String data() {
        return keyPrefix + DATA + path() + "/";
    }

    String data(DataObject object) {
        return data() + object.name();
    }

    /** What the keys of the checkpoints begin with. */
    String notes() {
        return keyPrefix + "notes/" + path() + "/";
    }

    /** What the keys of all log objects begin with. */
    static String allLogs(String keyPrefix) {
        return keyPrefix + LOGS;
    }

    /** What the keys of all batches begin with. */
    static String allData(String keyPrefix) {
        return keyPrefix + DATA;
    }

    /** The log that a key below a folder belongs to; empty if it is none of ours. */
    static Optional<LogId> parse(String folder, String key) {
        String[] parts = key.substring(folder.length()).split("/", -1);
        if (parts.length < PARTS) {
            return Optional.empty();
        }
        try {
            return Optional.of(new LogId(UUID.fromString(parts[1]), parts[0], Integer.parseInt(parts[2])));
        } catch (IllegalArgumentException foreign) {
            return Optional.empty();
        }
    }
}
