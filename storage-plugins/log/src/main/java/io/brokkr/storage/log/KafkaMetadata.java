package io.brokkr.storage.log;

import io.brokkr.protocol.MessageReader;
import io.brokkr.protocol.metadata.ConfigRecord;
import io.brokkr.protocol.metadata.PartitionChangeRecord;
import io.brokkr.protocol.metadata.PartitionRecord;
import io.brokkr.protocol.metadata.RemoveTopicRecord;
import io.brokkr.protocol.metadata.TopicRecord;
import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.protocol.record.Record;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordStream;
import io.brokkr.spi.storage.CorruptLogException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the log of Apache Kafka's controllers says of topics: the newest snapshot, and then the records behind it (KIP-595, KIP-630, KIP-631, KIP-868). Used once.
 *
 * <pre>
 *   __cluster_metadata-0/
 *     00000000000000000000.log                      batches of records, and control batches
 *     00000000000000001234-0000000005.checkpoint    a snapshot: the same, as far as it still counts; up to an offset, of an epoch
 * </pre>
 */
final class KafkaMetadata {

    static final String FOLDER = "__cluster_metadata-0";

    private static final Pattern SNAPSHOT = Pattern.compile("(00[0-9]{18})-[0-9]{10}\\.checkpoint");
    private static final int FRAME_VERSION = 1;
    private static final byte TOPIC_RESOURCE = 2;
    private static final int LEADER_STAYS = -2;

    /** The types of the records around a transaction (KIP-868), in which nothing is that counts here. */
    private static final int BEGIN_TRANSACTION = 23;

    private static final int END_TRANSACTION = 24;
    private static final int ABORT_TRANSACTION = 25;

    private final Path folder;
    private final CompressionCodecs codecs;
    private final Map<UUID, KafkaTopic> topics = new HashMap<>();
    private final Map<String, Map<String, String>> settings = new HashMap<>();

    /** The records of the transaction that has begun and not ended; null outside of one. */
    private @Nullable List<ByteBuffer> transaction;

    KafkaMetadata(Path folder, CompressionCodecs codecs) {
        this.folder = folder;
        this.codecs = codecs;
    }

    /**
     * Reads it.
     *
     * @throws CorruptLogException if a part of it is damaged
     */
    Collection<KafkaTopic> read() throws IOException {
        long from = 0;
        Optional<Path> snapshot = newestSnapshot();
        if (snapshot.isPresent()) {
            from = snapshotEnd(snapshot.get());
            read(snapshot.get(), 0, 0);
        }
        for (long base : LogLoader.baseOffsetsIn(folder)) {
            read(folder.resolve(Segment.nameOf(base) + Segment.LOG_SUFFIX), base, from);
        }
        topics.values().forEach(topic -> topic.settings().putAll(settings.getOrDefault(topic.name(), Map.of())));
        return topics.values();
    }

    private Optional<Path> newestSnapshot() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file ->
                            SNAPSHOT.matcher(file.getFileName().toString()).matches())
                    .max(Comparator.comparing(file -> file.getFileName().toString()));
        }
    }

    private static long snapshotEnd(Path snapshot) {
        Matcher name = SNAPSHOT.matcher(snapshot.getFileName().toString());
        return name.matches() ? Long.parseLong(name.group(1)) : 0;
    }

    private void read(Path file, long base, long from) throws IOException {
        new SegmentScan(SegmentScan.map(file), base, new SegmentScan.Visitor() {
                    @Override
                    public void batch(int position, RecordBatch batch) {
                        if (!batch.isControl() && batch.lastOffset() >= from) {
                            read(batch, from);
                        }
                    }

                    @Override
                    public void damage(SegmentScan.Damage damage, long least) {
                        throw new CorruptLogException("the file " + file + " is damaged at position "
                                + damage.position() + ": " + damage.reason());
                    }
                })
                .run();
    }

    private void read(RecordBatch batch, long from) {
        try (RecordStream records = RecordStream.open(batch, codecs)) {
            while (records.hasNext()) {
                Record record = records.next();
                ByteBuffer value = record.value();
                if (record.offset() >= from && value != null) {
                    take(value);
                }
            }
        }
    }

    /** What is in a transaction waits until that has ended: one without an end will be aborted by the controllers. */
    private void take(ByteBuffer record) {
        MessageReader value = new MessageReader(record.duplicate());
        int frame = value.readUnsignedVarint();
        if (frame != FRAME_VERSION) {
            throw new CorruptLogException("the records in " + folder + " have the framing " + frame
                    + ", and this Brokkr knows " + FRAME_VERSION + " only");
        }
        int type = value.readUnsignedVarint();
        int version = value.readUnsignedVarint();
        switch (type) {
            case BEGIN_TRANSACTION -> {
                requireTransaction(false);
                transaction = new ArrayList<>();
            }
            case END_TRANSACTION -> endTransaction().forEach(this::take);
            case ABORT_TRANSACTION -> endTransaction();
            default -> {
                if (transaction == null) {
                    apply(type, version, value);
                } else {
                    // The view is valid until the next record is read.
                    transaction.add(
                            ByteBuffer.allocate(record.remaining()).put(record).flip());
                }
            }
        }
    }

    private List<ByteBuffer> endTransaction() {
        List<ByteBuffer> records = requireTransaction(true);
        transaction = null;
        return records;
    }

    private List<ByteBuffer> requireTransaction(boolean isThere) {
        List<ByteBuffer> open = transaction;
        if (isThere != (open != null)) {
            throw new CorruptLogException("the records in " + folder
                    + (isThere ? " end a transaction that none of them began" : " begin a transaction within another")
                    + "; a segment or a snapshot is missing");
        }
        return open == null ? List.of() : open;
    }

    private void apply(int type, int version, MessageReader value) {
        switch (type) {
            case TopicRecord.RECORD_TYPE -> {
                TopicRecord topic = TopicRecord.read(value, version);
                topics.put(topic.topicId(), new KafkaTopic(topic.name(), topic.topicId()));
            }
            case PartitionRecord.RECORD_TYPE -> {
                PartitionRecord partition = PartitionRecord.read(value, version);
                topic(partition.topicId()).sawLeaderEpoch(partition.partitionId(), partition.leaderEpoch());
            }
            case PartitionChangeRecord.RECORD_TYPE -> {
                PartitionChangeRecord change = PartitionChangeRecord.read(value, version);
                if (change.leader() != LEADER_STAYS) {
                    topic(change.topicId()).changedLeader(change.partitionId());
                }
            }
            case RemoveTopicRecord.RECORD_TYPE -> {
                UUID id = RemoveTopicRecord.read(value, version).topicId();
                settings.remove(topic(id).name());
                topics.remove(id);
            }
            case ConfigRecord.RECORD_TYPE -> configure(ConfigRecord.read(value, version));
            default -> {
                // Of brokers, users and features, which are not ours to take over.
            }
        }
    }

    private KafkaTopic topic(UUID id) {
        KafkaTopic topic = topics.get(id);
        if (topic == null) {
            throw new CorruptLogException("the records in " + folder + " speak of a topic " + id
                    + " that they do not describe; a segment or a snapshot is missing");
        }
        return topic;
    }

    private void configure(ConfigRecord record) {
        if (record.resourceType() == TOPIC_RESOURCE) {
            Map<String, String> ofTopic = settings.computeIfAbsent(record.resourceName(), first -> new HashMap<>());
            String value = record.value();
            if (value == null) {
                ofTopic.remove(record.name());
            } else {
                ofTopic.put(record.name(), value);
            }
        }
    }
}
