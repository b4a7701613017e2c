package io.brokkr.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.message.ApiVersionsRequest;
import io.brokkr.protocol.message.ApiVersionsResponse;
import io.brokkr.protocol.message.MetadataRequest;
import io.brokkr.protocol.message.ProduceResponse;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bytes as clients expect them, where brokers have written others. */
class CompatibilityTrapsTest {

    /** librdkafka times out if the throttle time of Produce v1 and above stands before the topics. */
    @Test
    void theThrottleTimeOfProduceStandsBehindTheTopics() {
        ProduceResponse response = ProduceResponse.builder().throttleTimeMs(258).build();
        assertThat(hex(response, 0)).isEqualTo("00000000");
        assertThat(hex(response, 2)).isEqualTo("00000000" + "00000102");
    }

    /** Version 0 of the answer that every client must understand: error, count, then key, lowest and highest version. */
    @Test
    void theRangesOfApiVersionsAreInt16() {
        ApiVersionsResponse response = ApiVersionsResponse.builder()
                .errorCode(ErrorCode.UNSUPPORTED_VERSION)
                .apiKeys(List.of(ApiVersionsResponse.ApiVersion.builder()
                        .apiKey((short) 18)
                        .minVersion((short) 0)
                        .maxVersion((short) 4)
                        .build()))
                .build();
        assertThat(hex(response, 0)).isEqualTo("0023" + "00000001" + "0012" + "0000" + "0004");
        // Flexible versions shorten the count, never the numbers; the tagged fields end each part.
        assertThat(hex(response, 3)).isEqualTo("0023" + "02" + "0012" + "0000" + "0004" + "00" + "00000000" + "00");
    }

    @Test
    void taggedFieldsAreNotWrittenWhereThereAreNone() {
        ApiVersionsResponse response =
                ApiVersionsResponse.builder().finalizedFeaturesEpoch(7).build();
        assertThat(response.encodedSize(0)).isEqualTo(6);
        assertThat(response.encodedSize(2)).isEqualTo(10);
        // Two bytes of tag and size, eight of the epoch.
        assertThat(response.encodedSize(3)).isEqualTo(2 + 1 + 4 + 1 + 10);
    }

    @Test
    void unknownTaggedFieldsAreKept() {
        ApiVersionsRequest request = ApiVersionsRequest.builder()
                .clientSoftwareName("a")
                .clientSoftwareVersion("1")
                .build();
        ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex("0261" + "0231" + "01" + "2a" + "03" + "010203"));
        ApiVersionsRequest read = ApiVersionsRequest.read(new MessageReader(bytes), 3);
        UnknownTaggedField field = new UnknownTaggedField(42, Bytes.copyOf(new byte[] {1, 2, 3}));
        assertThat(read)
                .isEqualTo(
                        request.toBuilder().unknownTaggedFields(List.of(field)).build());
        assertThat(read.toBuffer(3)).isEqualTo(bytes);
        assertThatThrownBy(() -> read.encodedSize(2)).isInstanceOf(UnsupportedVersionException.class);
    }

    /** To ask for no topic and to ask for all topics are two things. */
    @Test
    void aNullArrayIsNotAnEmptyOne() {
        MetadataRequest all = MetadataRequest.builder().topics(null).build();
        MetadataRequest none = MetadataRequest.builder().topics(List.of()).build();
        assertThat(hex(all, 1)).isEqualTo("ffffffff");
        assertThat(hex(none, 1)).isEqualTo("00000000");
        assertThat(MetadataRequest.read(new MessageReader(all.toBuffer(1)), 1).topics())
                .isNull();
        assertThat(MetadataRequest.read(new MessageReader(none.toBuffer(1)), 1).topics())
                .isEmpty();
        assertThatThrownBy(() -> all.encodedSize(0)).isInstanceOf(UnsupportedVersionException.class);
    }

    @Test
    void aNullArrayIsNotAHugeOne() {
        ByteBuffer nullArray = ByteBuffer.wrap(HexFormat.of().parseHex("ffffffff"));
        assertThatThrownBy(() -> MetadataRequest.read(new MessageReader(nullArray), 0))
                .isInstanceOf(InvalidMessageException.class);
        ByteBuffer hugeArray = ByteBuffer.wrap(HexFormat.of().parseHex("7fffffff0001"));
        assertThatThrownBy(() -> MetadataRequest.read(new MessageReader(hugeArray), 0))
                .isInstanceOf(InvalidMessageException.class);
    }

    @Test
    void aVersionThatAMessageDoesNotHaveIsRefused() {
        MetadataRequest request = MetadataRequest.builder().build();
        MessageReader reader = new MessageReader(ByteBuffer.allocate(100));
        for (int version : new int[] {-1, MetadataRequest.HIGHEST_VERSION + 1}) {
            assertThatThrownBy(() -> request.encodedSize(version)).isInstanceOf(UnsupportedVersionException.class);
            assertThatThrownBy(() -> MetadataRequest.read(reader, version))
                    .isInstanceOf(UnsupportedVersionException.class);
        }
    }

    private static String hex(Message message, int version) {
        return HexFormat.of().formatHex(message.toBuffer(version).array());
    }
}
