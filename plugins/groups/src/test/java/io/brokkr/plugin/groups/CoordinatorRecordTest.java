package io.brokkr.plugin.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.plugin.groups.CoordinatorEvent.GroupWritten;
import io.brokkr.plugin.groups.CoordinatorEvent.OffsetWritten;
import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.coordinator.GroupMetadataValue;
import io.brokkr.protocol.coordinator.GroupMetadataValue.MemberMetadata;
import io.brokkr.spi.TopicPartition;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class CoordinatorRecordTest {

    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    private static CoordinatorEvent roundTrip(CoordinatorEvent event) {
        CoordinatorRecord written = CoordinatorRecord.of(event);
        return CoordinatorRecord.read(written.key(), written.value());
    }

    @Property
    void offsetsAreReadAsTheyWereWritten(
            @ForAll @AlphaChars @StringLength(max = 50) String group,
            @ForAll @IntRange int partition,
            @ForAll @LongRange long offset,
            @ForAll int leaderEpoch,
            @ForAll @AlphaChars String metadata) {
        OffsetWritten event = new OffsetWritten(
                group,
                new TopicPartition("topic", partition),
                new CommittedOffset(
                        offset, leaderEpoch, metadata, 12, CommittedOffset.NONE, CommittedOffset.UNKNOWN_TOPIC));
        assertThat(roundTrip(event)).isEqualTo(event);
    }

    @Test
    void offsetWithExpiryLosesOnlyWhatItsVersionLacks() {
        OffsetWritten event = new OffsetWritten(
                "group", new TopicPartition("topic", 1), new CommittedOffset(5, 3, "note", 12, 99, new UUID(1, 2)));
        assertThat(roundTrip(event))
                .isEqualTo(new OffsetWritten(
                        "group",
                        new TopicPartition("topic", 1),
                        new CommittedOffset(5, -1, "note", 12, 99, CommittedOffset.UNKNOWN_TOPIC)));
    }

    @Test
    void tombstonesHaveNoValue() {
        OffsetWritten offset = new OffsetWritten("group", new TopicPartition("topic", 1), null);
        assertThat(CoordinatorRecord.of(offset).value()).isNull();
        assertThat(roundTrip(offset)).isEqualTo(offset);
        GroupWritten group = new GroupWritten("group", null);
        assertThat(CoordinatorRecord.of(group).value()).isNull();
        assertThat(roundTrip(group)).isEqualTo(group);
    }

    @Test
    void groupsAreReadAsTheyWereWritten() {
        GroupWritten event = new GroupWritten(
                "group",
                GroupMetadataValue.builder()
                        .protocolType("consumer")
                        .generation(4)
                        .protocol("range")
                        .leader("member")
                        .currentStateTimestamp(77)
                        .members(List.of(MemberMetadata.builder()
                                .memberId("member")
                                .groupInstanceId("instance")
                                .clientId("client")
                                .clientHost("/127.0.0.1")
                                .rebalanceTimeout(1)
                                .sessionTimeout(2)
                                .subscription(Bytes.copyOf(new byte[] {1}))
                                .assignment(Bytes.copyOf(new byte[] {2}))
                                .build()))
                        .build());
        assertThat(roundTrip(event)).isEqualTo(event);
    }

    /** The layout that tools expect: type 1, then group, topic, partition; version 3, then offset, epoch, metadata, time. */
    @Test
    void bytesAreThoseOfKafka() {
        CoordinatorRecord written = CoordinatorRecord.of(new OffsetWritten(
                "g",
                new TopicPartition("t", 2),
                new CommittedOffset(3, 4, "m", 5, CommittedOffset.NONE, new UUID(6, 7))));
        assertThat(HEX.formatHex(bytes(written.key()))).isEqualTo("00 01 00 01 67 00 01 74 00 00 00 02");
        assertThat(HEX.formatHex(bytes(written.value())))
                .isEqualTo("00 03 00 00 00 00 00 00 00 03 00 00 00 04 00 01 6d 00 00 00 00 00 00 00 05");
        assertThat(HEX.formatHex(
                        bytes(CoordinatorRecord.of(new GroupWritten("g", null)).key())))
                .isEqualTo("00 02 00 01 67");
    }

    /** Version 4, as Kafka 4.4 writes it, and as Brokkr did for a while. */
    @Test
    void newerRecordsOfKafkaAreReadWithTheirTopicId() {
        ByteBuffer key = ByteBuffer.wrap(HEX.parseHex("00 01 00 01 67 00 01 74 00 00 00 02"));
        ByteBuffer value =
                ByteBuffer.wrap(HEX.parseHex("00 04 00 00 00 00 00 00 00 03 00 00 00 04 02 6d 00 00 00 00 00 00 00 05"
                        + " 01 00 10 00 00 00 00 00 00 00 06 00 00 00 00 00 00 00 07"));
        assertThat(CoordinatorRecord.read(key, value))
                .isEqualTo(new OffsetWritten(
                        "g",
                        new TopicPartition("t", 2),
                        new CommittedOffset(3, 4, "m", 5, CommittedOffset.NONE, new UUID(6, 7))));
    }

    @Test
    void oldRecordsOfKafkaAreRead() {
        ByteBuffer key = ByteBuffer.wrap(HEX.parseHex("00 00 00 01 67 00 01 74 00 00 00 02"));
        ByteBuffer value =
                ByteBuffer.wrap(HEX.parseHex("00 00 00 00 00 00 00 00 00 03 00 01 6d 00 00 00 00 00 00 00 05"));
        assertThat(CoordinatorRecord.read(key, value))
                .isEqualTo(new OffsetWritten(
                        "g",
                        new TopicPartition("t", 2),
                        new CommittedOffset(3, -1, "m", 5, CommittedOffset.NONE, CommittedOffset.UNKNOWN_TOPIC)));
    }

    @Test
    void recordsOfUnknownTypesAreSkipped() {
        assertThat(CoordinatorRecord.read(ByteBuffer.wrap(HEX.parseHex("00 03 00 01 67")), ByteBuffer.allocate(2)))
                .isNull();
        assertThat(CoordinatorRecord.read(ByteBuffer.allocate(1), null)).isNull();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }
}
