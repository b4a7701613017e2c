package io.brokkr.distribution.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers, and how a client learns of the versions. Each test is a fault that a Kafka-compatible broker had. */
class VersionNegotiationTest {

    private static final int API_VERSIONS = ApiKeys.API_VERSIONS.id;

    @RegisterExtension
    static final ShippedPlugins BROKER = new ShippedPlugins();

    static IntStream apiVersionsVersions() {
        return IntStream.rangeClosed(0, ApiKeys.API_VERSIONS.latestVersion());
    }

    private static ApiVersionsRequestData ask() {
        return new ApiVersionsRequestData().setClientSoftwareName("wire").setClientSoftwareVersion("1");
    }

    /** A client cannot know whether the broker's version is flexible before it has read the answer (KIP-511). */
    @ParameterizedTest
    @MethodSource("apiVersionsVersions")
    void apiVersionsIsAnsweredBehindTheHeaderWithoutTaggedFieldsAtEveryVersion(int version) {
        try (KafkaConnection connection = BROKER.connect()) {
            int correlationId = connection.send(ask(), version);
            ByteBuffer frame = connection.receiveFrame();
            assertThat(frame.getInt()).isEqualTo(correlationId);
            ByteBufferAccessor body = new ByteBufferAccessor(frame);
            ApiVersionsResponseData answer = new ApiVersionsResponseData(body, (short) version);
            assertThat(body.remaining()).isZero();
            assertThat(answer.errorCode()).isZero();
            assertThat(answer.apiKeys().find((short) API_VERSIONS)).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 99, Short.MAX_VALUE})
    void apiVersionsOfTheFutureIsAnsweredAtVersion0WithTheRangeAndTheConnectionStays(int version) {
        try (KafkaConnection connection = BROKER.connect()) {
            connection.sendFrame(new WireBytes()
                    .int16(API_VERSIONS)
                    .int16(version)
                    .int32(4711)
                    .string("future")
                    .int8(0)
                    .int64(-1));
            assertThat(connection.receiveFrame())
                    .isEqualTo(new WireBytes()
                            .int32(4711)
                            .int16(Errors.UNSUPPORTED_VERSION.code())
                            .int32(1)
                            .int16(API_VERSIONS)
                            .int16(0)
                            .int16(ApiKeys.API_VERSIONS.latestVersion())
                            .toBuffer());
            assertThat(connection.call(ask(), 3, new ApiVersionsResponseData()).errorCode())
                    .isZero();
        }
    }

    /** The client id has its old form in both headers, and what follows it depends on the version: read otherwise, the request is another one. */
    @ParameterizedTest
    @ValueSource(ints = {0, 8, 9, 13})
    void theHeaderIsReadByTheFlexibilityOfTheVersion(int version) {
        boolean flexible = version >= 9;
        try (KafkaConnection connection = BROKER.connect()) {
            for (String clientId : new String[] {null, "", "client"}) {
                WireBytes header = new WireBytes()
                        .int16(ApiKeys.METADATA.id)
                        .int16(version)
                        .int32(0x55667788)
                        .string(clientId);
                if (flexible) {
                    // One field with the tag 7 that nobody knows.
                    header.int8(1).int8(7).int8(2).int16(0x0102);
                }
                MetadataRequestData request = new MetadataRequestData().setTopics(List.of());
                connection.sendFrame(header.raw(body(request, version)));
                MetadataResponseData answer = connection.receive(0x55667788, version, new MetadataResponseData());
                assertThat(answer.brokers()).hasSize(1);
            }
        }
    }

    private static ByteBuffer body(MetadataRequestData request, int version) {
        return MessageUtil.toByteBufferAccessor(request, (short) version).buffer();
    }

    /** Read as flexible, a request that is not has no end, and the client waits for its correlation id in vain; read the other way round, its body begins too early. */
    @Test
    void aRequestOfAnUnsupportedVersionKeepsItsCorrelationId() {
        WireBytes beforeTheFirst =
                new WireBytes().int16(API_VERSIONS).int16(-1).int32(0x0a0b0c0d).string(null);
        WireBytes afterTheLast = new WireBytes()
                .int16(API_VERSIONS)
                .int16(ApiKeys.API_VERSIONS.latestVersion() + 1)
                .int32(0x0a0b0c0d)
                .string(null)
                .int8(1)
                .int8(7)
                .int8(2)
                .int16(0x0102);
        try (KafkaConnection connection = BROKER.connect()) {
            for (WireBytes request : List.of(beforeTheFirst, afterTheLast)) {
                connection.sendFrame(request);
                ByteBuffer frame = connection.receiveFrame();
                assertThat(frame.getInt()).isEqualTo(0x0a0b0c0d);
                assertThat(Errors.forCode(frame.getShort())).isEqualTo(Errors.UNSUPPORTED_VERSION);
            }
        }
    }

    /** A byte for tagged fields in the header would move all that follows. */
    @Test
    void aVersionThatIsNotFlexibleIsAnsweredBehindTheHeaderWithoutTaggedFields() {
        try (KafkaConnection connection = BROKER.connect()) {
            for (int version = 0; version <= 3; version++) {
                WireBytes expected = new WireBytes();
                if (version >= 1) {
                    expected.int32(0);
                }
                expected.int32(1).string("not there").int16(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
                WireBytes delete = new WireBytes().int32(1).string("not there").int32(10_000);
                assertThat(connection.call(ApiKeys.DELETE_TOPICS, version, delete))
                        .as("DeleteTopics version %d", version)
                        .isEqualTo(expected.toBuffer());
            }
            WireBytes alterNothing = new WireBytes().int32(0).int8(0);
            assertThat(connection.call(ApiKeys.INCREMENTAL_ALTER_CONFIGS, 0, alterNothing))
                    .as("throttle time, and no responses")
                    .isEqualTo(new WireBytes().int32(0).int32(0).toBuffer());
        }
    }

    @Test
    void taggedFieldsAreNotWrittenAtVersionsThatLackThem() {
        try (KafkaConnection connection = BROKER.connect()) {
            for (int version = 0; version <= 2; version++) {
                ByteBuffer body = connection.receive(connection.send(ask(), version));
                int apis = body.getInt(Short.BYTES);
                assertThat(body.remaining())
                        .as("version %d: error, apis of three numbers each, throttle time", version)
                        .isEqualTo(2 + 4 + 6 * apis + (version == 0 ? 0 : 4));
            }
        }
    }

    @Test
    void unknownTaggedFieldsAreSkippedAndNotRefused() {
        RawTaggedField unknown = new RawTaggedField(1000, new byte[] {1, 2, 3});
        MetadataRequestTopic topic =
                new MetadataRequestTopic().setName(BROKER.topic().name());
        topic.unknownTaggedFields().add(unknown);
        MetadataRequestData request = new MetadataRequestData().setTopics(List.of(topic));
        request.unknownTaggedFields().add(unknown);
        try (KafkaConnection connection = BROKER.connect()) {
            MetadataResponseData answer = connection.call(request, 12, new MetadataResponseData());
            assertThat(answer.topics()).singleElement().satisfies(found -> assertThat(found.errorCode())
                    .isZero());
        }
    }

    /** Fixed numbers of 16 bits at flexible versions too, and the key first, then the lowest and the highest version. */
    @Test
    void theRangesOfApiVersionsAreInt16InTheOrderKeyLowestHighest() {
        try (KafkaConnection connection = BROKER.connect()) {
            ByteBuffer old = connection.receive(connection.send(ask(), 0));
            assertThat(old.getShort()).isZero();
            int apis = old.getInt();
            ByteBuffer flexible = connection.receive(connection.send(ask(), 3));
            assertThat(flexible.getShort()).isZero();
            assertThat(flexible.get()).as("number of APIs, and one").isEqualTo((byte) (apis + 1));
            int lastKey = -1;
            for (int i = 0; i < apis; i++) {
                int key = old.getShort();
                int lowest = old.getShort();
                int highest = old.getShort();
                assertThat(key).isGreaterThan(lastKey);
                assertThat(lowest).isBetween(0, highest);
                assertThat(new int[] {flexible.getShort(), flexible.getShort(), flexible.getShort(), flexible.get()})
                        .containsExactly(key, lowest, highest, 0);
                lastKey = key;
            }
            assertThat(old.remaining()).isZero();
        }
    }

    /** To ask for all and to ask for nothing are two things, and a number that cannot be is no reason to wait or to take memory. */
    @Test
    void aNullArrayIsNeitherAnEmptyNorAHugeOne() {
        String topic = BROKER.topic().name();
        try (KafkaConnection connection = BROKER.connect()) {
            MetadataRequestData all = new MetadataRequestData().setTopics(null);
            MetadataRequestData none = new MetadataRequestData().setTopics(List.of());
            for (int version : new int[] {1, 9}) {
                assertThat(connection
                                .call(all, version, new MetadataResponseData())
                                .topics()
                                .find(topic))
                        .isNotNull();
                assertThat(connection
                                .call(none, version, new MetadataResponseData())
                                .topics())
                        .isEmpty();
            }
        }
        // Version 0 has no null, and no version has an array of -2 or two billion elements.
        for (int[] versionAndCount : new int[][] {{0, -1}, {1, -2}, {1, Integer.MIN_VALUE}, {1, Integer.MAX_VALUE}}) {
            try (KafkaConnection connection = BROKER.connect()) {
                connection.send(ApiKeys.METADATA, versionAndCount[0], new WireBytes().int32(versionAndCount[1]));
                connection.awaitClosed();
            }
        }
    }

    /** The length is in the request before its elements are, and costs nothing to claim. */
    @Test
    void anArrayThatIsOnlyClaimedTakesNoMemory() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = allocatedBytes(threads);
        try (KafkaConnection connection = BROKER.connect()) {
            connection.send(ApiKeys.METADATA, 1, new WireBytes().int32(100_000_000));
            connection.awaitClosed();
        }
        assertThat(allocatedBytes(threads) - before).isLessThan(100_000_000);
    }

    /** Of the broker's threads too, for it runs in this process. */
    private static long allocatedBytes(ThreadMXBean threads) {
        return LongStream.of(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }
}
