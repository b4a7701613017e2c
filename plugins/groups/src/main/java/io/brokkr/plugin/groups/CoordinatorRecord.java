package io.brokkr.plugin.groups;

import io.brokkr.plugin.groups.CoordinatorEvent.GroupWritten;
import io.brokkr.plugin.groups.CoordinatorEvent.OffsetWritten;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.MessageReader;
import io.brokkr.protocol.MessageWriter;
import io.brokkr.protocol.coordinator.GroupMetadataKey;
import io.brokkr.protocol.coordinator.GroupMetadataValue;
import io.brokkr.protocol.coordinator.LegacyOffsetCommitKey;
import io.brokkr.protocol.coordinator.OffsetCommitKey;
import io.brokkr.protocol.coordinator.OffsetCommitValue;
import io.brokkr.spi.TopicPartition;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An event as {@code __consumer_offsets} keeps it, the same as Apache Kafka's, so that tools which read that topic work.
 *
 * <pre>
 *   key     int16 record type (0 and 1: offset, 2: group), body at version 0
 *   value   int16 version, body at that version; null if the key's subject is gone
 * </pre>
 *
 * @param key position 0 to limit
 * @param value position 0 to limit
 */
record CoordinatorRecord(ByteBuffer key, @Nullable ByteBuffer value) {

    private static final int KEY_VERSION = 0;

    /** The version that Kafka writes: all older tools read it, and the next one has no further field. */
    private static final int GROUP_VERSION = 3;

    /** The one version with an expiry of its own. */
    private static final int OFFSET_VERSION_WITH_EXPIRY = 1;

    /** The newest version that the tools read which read this topic themselves; the next one adds the id of the topic (Kafka 4.4). */
    private static final int OFFSET_VERSION = 3;

    /** What key and value take. */
    int sizeInBytes() {
        return key.remaining() + (value == null ? 0 : value.remaining());
    }

    static CoordinatorRecord of(CoordinatorEvent event) {
        if (event instanceof OffsetWritten written) {
            return ofOffset(written);
        }
        GroupWritten written = (GroupWritten) event;
        ByteBuffer key = encode(
                GroupMetadataKey.RECORD_TYPE,
                GroupMetadataKey.builder().group(written.groupId()).build(),
                KEY_VERSION);
        GroupMetadataValue metadata = written.metadata();
        return new CoordinatorRecord(key, metadata == null ? null : encode(GROUP_VERSION, metadata, GROUP_VERSION));
    }

    private static CoordinatorRecord ofOffset(OffsetWritten written) {
        OffsetCommitKey key = OffsetCommitKey.builder()
                .group(written.groupId())
                .topic(written.partition().topic())
                .partition(written.partition().partition())
                .build();
        CommittedOffset offset = written.offset();
        return new CoordinatorRecord(
                encode(OffsetCommitKey.RECORD_TYPE, key, KEY_VERSION), offset == null ? null : encode(offset));
    }

    private static ByteBuffer encode(CommittedOffset offset) {
        int version = offset.expireTimestamp() == CommittedOffset.NONE ? OFFSET_VERSION : OFFSET_VERSION_WITH_EXPIRY;
        OffsetCommitValue value = OffsetCommitValue.builder()
                .offset(offset.offset())
                .leaderEpoch(offset.leaderEpoch())
                .metadata(offset.metadata())
                .commitTimestamp(offset.commitTimestamp())
                .expireTimestamp(offset.expireTimestamp())
                .build();
        return encode(version, value, version);
    }

    private static ByteBuffer encode(int prefix, Message body, int version) {
        ByteBuffer buffer = ByteBuffer.allocate(Short.BYTES + body.encodedSize(version));
        buffer.putShort((short) prefix);
        body.write(MessageWriter.copying(buffer), version);
        return buffer.flip();
    }

    /**
     * The event of a record.
     *
     * @return null if the record is of a type that this coordinator does not know, as a newer Kafka writes some
     * @throws io.brokkr.protocol.InvalidMessageException if it is malformed
     * @throws io.brokkr.protocol.UnsupportedVersionException if it has a newer version
     */
    static @Nullable CoordinatorEvent read(ByteBuffer key, @Nullable ByteBuffer value) {
        ByteBuffer body = key.slice();
        if (body.remaining() < Short.BYTES) {
            return null;
        }
        return switch (body.getShort()) {
            case LegacyOffsetCommitKey.RECORD_TYPE, OffsetCommitKey.RECORD_TYPE ->
                readOffset(OffsetCommitKey.read(new MessageReader(body), KEY_VERSION), value);
            case GroupMetadataKey.RECORD_TYPE ->
                new GroupWritten(
                        GroupMetadataKey.read(new MessageReader(body), KEY_VERSION)
                                .group(),
                        value == null ? null : readGroup(value.slice()));
            default -> null;
        };
    }

    private static GroupMetadataValue readGroup(ByteBuffer value) {
        int version = value.getShort();
        return GroupMetadataValue.read(new MessageReader(value), version);
    }

    private static CoordinatorEvent readOffset(OffsetCommitKey key, @Nullable ByteBuffer value) {
        TopicPartition partition = new TopicPartition(key.topic(), key.partition());
        return new OffsetWritten(key.group(), partition, value == null ? null : readOffset(value.slice()));
    }

    private static CommittedOffset readOffset(ByteBuffer value) {
        int version = value.getShort();
        OffsetCommitValue read = OffsetCommitValue.read(new MessageReader(value), version);
        return new CommittedOffset(
                read.offset(),
                read.leaderEpoch(),
                read.metadata(),
                read.commitTimestamp(),
                read.expireTimestamp(),
                read.topicId());
    }
}
