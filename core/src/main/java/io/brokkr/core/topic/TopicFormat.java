package io.brokkr.core.topic;

import io.brokkr.protocol.Bytes;
import io.brokkr.spi.storage.StorageException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * How a topic is written in the metadata store, under {@code topics/} and its name: UTF-8 text that people can read, a line a fact.
 *
 * <pre>
 *   format=1                        always the first line; a broker refuses a number that is higher than it knows
 *   name=orders
 *   id=1c4e3b6a-0d62-4b0e-9c0c-6f3f0c1a2b3d
 *   partitions=12
 *   internal=false
 *   engine=log                      the storage engine, fixed at creation unless a tool moves the logs
 *   epoch=7                         the leader epoch of the partitions; no such line for 0
 *   config.retention.ms=60000       any number of these: the topic's own settings as they were given
 * </pre>
 *
 * <p>A backslash in a setting's text is written twice, and a line break as {@code \n}.
 */
final class TopicFormat {

    private static final int FORMAT = 1;
    private static final String EPOCH = "epoch";
    private static final String CONFIG = "config.";

    /** What is written. */
    record Content(
            String name,
            UUID id,
            int partitionCount,
            boolean internal,
            String storageEngine,
            int leaderEpoch,
            Map<String, String> overrides) {
        Content {
            overrides = Map.copyOf(overrides);
        }

        Content keptBy(String engine, Map<String, String> newOverrides) {
            return new Content(name, id, partitionCount, internal, engine, leaderEpoch, newOverrides);
        }

        /** What of a topic can be changed while it is in use. */
        Content with(int newPartitionCount, Map<String, String> newOverrides) {
            return new Content(name, id, newPartitionCount, internal, storageEngine, leaderEpoch, newOverrides);
        }
    }

    private TopicFormat() {}

    static Bytes write(Content topic) {
        StringBuilder text = new StringBuilder(256);
        line(text, "format", Integer.toString(FORMAT));
        line(text, "name", topic.name());
        line(text, "id", topic.id().toString());
        line(text, "partitions", Integer.toString(topic.partitionCount()));
        line(text, "internal", Boolean.toString(topic.internal()));
        line(text, "engine", topic.storageEngine());
        if (topic.leaderEpoch() > 0) {
            line(text, EPOCH, Integer.toString(topic.leaderEpoch()));
        }
        new TreeMap<>(topic.overrides()).forEach((name, value) -> line(text, CONFIG + name, escape(value)));
        return Bytes.copyOf(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append(key).append('=').append(value).append('\n');
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param key where it was found, for the message
     * @throws StorageException if a newer version wrote it, or it is damaged
     */
    static Content read(String key, Bytes value) {
        Lines lines = new Lines(new String(value.toArray(), StandardCharsets.UTF_8));
        try {
            int format = Integer.parseInt(lines.next("format="));
            if (format < FORMAT) {
                throw new IllegalArgumentException("there was never a format " + format);
            }
            if (format > FORMAT) {
                throw new StorageException("the metadata entry " + key
                        + " was written by a newer version of the broker: its format is " + format
                        + ", and this version reads up to " + FORMAT);
            }
            return new Content(
                    lines.next("name="),
                    UUID.fromString(lines.next("id=")),
                    Integer.parseInt(lines.next("partitions=")),
                    Boolean.parseBoolean(lines.next("internal=")),
                    lines.next("engine="),
                    lines.hasNext(EPOCH + "=") ? Integer.parseInt(lines.next(EPOCH + "=")) : 0,
                    lines.overrides());
        } catch (IllegalArgumentException failure) {
            throw new StorageException(
                    "the metadata entry " + key + " is damaged: it does not describe a topic", failure);
        }
    }

    /** The lines one after the other; there may be ten thousand topics to read at the start, so nothing is collected. */
    private static final class Lines {

        private final String text;
        private int position;

        Lines(String text) {
            this.text = text;
        }

        /** What follows a prefix that the next line must have. */
        String next(String prefix) {
            int end = text.indexOf('\n', position);
            if (end < 0 || !text.startsWith(prefix, position)) {
                throw new IllegalArgumentException("there is no line " + prefix + " at " + position);
            }
            String content = text.substring(position + prefix.length(), end);
            position = end + 1;
            return content;
        }

        boolean hasNext(String prefix) {
            return text.startsWith(prefix, position);
        }

        Map<String, String> overrides() {
            if (position == text.length()) {
                return Map.of();
            }
            Map<String, String> overrides = new HashMap<>();
            while (position < text.length()) {
                String line = next(CONFIG);
                int equals = line.indexOf('=');
                if (equals < 0) {
                    throw new IllegalArgumentException("a setting has no value: " + line);
                }
                overrides.put(line.substring(0, equals), unescape(line.substring(equals + 1)));
            }
            return overrides;
        }
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    }

    private static String unescape(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder value = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                i++;
                c = switch (text.charAt(i)) {
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    default -> text.charAt(i);
                };
            }
            value.append(c);
        }
        return value.toString();
    }
}
