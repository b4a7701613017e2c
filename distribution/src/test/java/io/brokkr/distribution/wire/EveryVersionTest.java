package io.brokkr.distribution.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.spi.Topic;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is advertised is served, and the rest is refused. Each test is a fault that a Kafka-compatible broker had. */
class EveryVersionTest {

    @RegisterExtension
    static final ShippedPlugins BROKER = new ShippedPlugins();

    private static ApiVersionsRequestData ask() {
        return new ApiVersionsRequestData().setClientSoftwareName("wire").setClientSoftwareVersion("1");
    }

    private static List<ApiVersion> advertised() {
        try (KafkaConnection connection = BROKER.connect()) {
            return List.copyOf(
                    connection.call(ask(), 4, new ApiVersionsResponseData()).apiKeys());
        }
    }

    /** An API and a version of it that Kafka's classes have given up. */
    private record Old(ApiKeys api, int version) {}

    /** What asks such a version for nothing, and the answer. */
    private record Exchange(WireBytes request, WireBytes response) {}

    private static WireBytes bytes() {
        return new WireBytes();
    }

    private static Map<Old, Exchange> exchangesByHand() {
        Map<Old, Exchange> all = new HashMap<>();
        for (int version = 0; version <= 2; version++) {
            WireBytes produce = bytes().int16(-1).int32(1_000).int32(0);
            all.put(new Old(ApiKeys.PRODUCE, version), new Exchange(produce, nothing(version, 1, false)));
        }
        for (int version = 0; version <= 3; version++) {
            WireBytes fetch = bytes().int32(-1).int32(0).int32(0);
            if (version == 3) {
                fetch.int32(1_000);
            }
            all.put(new Old(ApiKeys.FETCH, version), new Exchange(fetch.int32(0), nothing(version, 1, true)));
        }
        all.put(new Old(ApiKeys.LIST_OFFSETS, 0), new Exchange(bytes().int32(-1).int32(0), nothing(0, 1, true)));
        all.put(
                new Old(ApiKeys.OFFSET_COMMIT, 0),
                new Exchange(bytes().string("g").int32(0), nothing(0, 1, true)));
        all.put(
                new Old(ApiKeys.OFFSET_COMMIT, 1),
                new Exchange(bytes().string("g").int32(-1).string("").int32(0), nothing(1, 3, true)));
        all.put(
                new Old(ApiKeys.OFFSET_FETCH, 0),
                new Exchange(bytes().string("g").int32(0), nothing(0, 3, true)));
        all.put(new Old(ApiKeys.CREATE_TOPICS, 0), new Exchange(bytes().int32(0).int32(1_000), nothing(0, 2, true)));
        all.put(
                new Old(ApiKeys.CREATE_TOPICS, 1),
                new Exchange(bytes().int32(0).int32(1_000).int8(0), nothing(1, 2, true)));
        all.put(new Old(ApiKeys.DELETE_TOPICS, 0), new Exchange(bytes().int32(0).int32(1_000), nothing(0, 1, true)));
        for (int version = 0; version <= 1; version++) {
            all.put(
                    new Old(ApiKeys.OFFSET_FOR_LEADER_EPOCH, version),
                    new Exchange(bytes().int32(0), nothing(version, 2, true)));
        }
        all.put(new Old(ApiKeys.DESCRIBE_CONFIGS, 0), new Exchange(bytes().int32(0), nothing(0, 0, true)));
        String folder = BROKER.broker().dataFolder().toString();
        all.put(
                new Old(ApiKeys.DESCRIBE_LOG_DIRS, 0),
                new Exchange(
                        bytes().int32(0),
                        bytes().int32(0).int32(1).int16(0).string(folder).int32(0)));
        return all;
    }

    /** An empty array with the throttle time, where the version has it, before or behind it. */
    private static WireBytes nothing(int version, int firstWithThrottleTime, boolean inFront) {
        boolean throttle = version >= firstWithThrottleTime;
        WireBytes body = bytes();
        if (throttle && inFront) {
            body.int32(0);
        }
        body.int32(0);
        return throttle && !inFront ? body.int32(0) : body;
    }

    /** Ranges that were wider than what worked have misled clients of DeleteTopics version 6 and of the transactions' APIs. */
    @Test
    void whatIsAdvertisedIsServed() {
        Map<Old, Exchange> byHand = exchangesByHand();
        try (KafkaConnection connection = BROKER.connect()) {
            for (ApiVersion range : advertised()) {
                ApiKeys api = ApiKeys.forId(range.apiKey());
                for (int version = range.minVersion(); version <= range.maxVersion(); version++) {
                    Exchange exchange = byHand.remove(new Old(api, version));
                    if (exchange != null) {
                        ByteBuffer answer = connection.call(api, version, exchange.request());
                        assertThat(answer)
                                .as("%s version %d", api, version)
                                .isEqualTo(exchange.response().toBuffer());
                    } else {
                        ApiMessage response = ApiMessageType.fromApiKey(api.id).newResponse();
                        connection.call(emptyRequest(api), version, response);
                    }
                }
            }
        }
        assertThat(byHand).as("versions that are not advertised").isEmpty();
    }

    private static ApiMessage emptyRequest(ApiKeys api) {
        return switch (api) {
            case API_VERSIONS -> ask();
            case PRODUCE -> new ProduceRequestData().setAcks(RecordCalls.ALL);
            default -> ApiMessageType.fromApiKey(api.id).newRequest();
        };
    }

    /** Clients of librdkafka take a broker for one that cannot produce otherwise (KAFKA-18659). */
    @Test
    void produceIsAdvertisedAndServedFromVersion0On() {
        assertThat(advertised()).anySatisfy(range -> {
            assertThat(range.apiKey()).isEqualTo(ApiKeys.PRODUCE.id);
            assertThat(range.minVersion()).isZero();
        });
        Topic topic = BROKER.topic();
        try (KafkaConnection connection = BROKER.connect()) {
            for (int version = 0; version <= RecordCalls.NEWEST_PRODUCE; version++) {
                ByteBuffer records = version < RecordCalls.FIRST_PRODUCE_OF_KAFKA
                        ? TestRecords.messageSet(version < 2 ? 0 : 1, Compression.NONE, "v")
                        : TestRecords.batch("v");
                assertThat(RecordCalls.produce(connection, version, topic, records)
                                .baseOffset())
                        .isEqualTo(version);
            }
        }
    }

    /** Sarama and the newer JavaScript clients insist on recent versions of some APIs, the elders on the first. */
    @Test
    void everyApiIsServedFromItsFirstVersionToTheNewestOfKafka() {
        assertThat(advertised()).allSatisfy(range -> {
            ApiKeys api = ApiKeys.forId(range.apiKey());
            assertThat(range.minVersion()).as("%s", api).isZero();
            assertThat(range.maxVersion()).as("%s", api).isEqualTo(api.latestVersion(false));
        });
        Set<ApiKeys> apis = advertised().stream()
                .map(range -> ApiKeys.forId(range.apiKey()))
                .collect(Collectors.toSet());
        assertThat(apis)
                .contains(
                        ApiKeys.PRODUCE,
                        ApiKeys.FETCH,
                        ApiKeys.LIST_OFFSETS,
                        ApiKeys.METADATA,
                        ApiKeys.OFFSET_COMMIT,
                        ApiKeys.OFFSET_FETCH,
                        ApiKeys.FIND_COORDINATOR,
                        ApiKeys.JOIN_GROUP,
                        ApiKeys.SYNC_GROUP,
                        ApiKeys.CREATE_TOPICS,
                        ApiKeys.DELETE_TOPICS,
                        ApiKeys.INIT_PRODUCER_ID,
                        ApiKeys.OFFSET_FOR_LEADER_EPOCH);
    }

    /** As Kafka does it: a client that speaks a version that was not offered is not talked to. */
    @Test
    void aVersionOutsideOfTheRangeClosesTheConnectionOfTheClientAlone() {
        try (KafkaConnection other = BROKER.connect()) {
            for (ApiVersion range : advertised()) {
                ApiKeys api = ApiKeys.forId(range.apiKey());
                if (api == ApiKeys.API_VERSIONS) {
                    continue;
                }
                for (int version : new int[] {range.maxVersion() + 1, Short.MAX_VALUE, -1}) {
                    try (KafkaConnection connection = BROKER.connect()) {
                        // Bytes enough for any header and body.
                        connection.send(api, version, bytes().int64(0).int64(0).int64(0));
                        connection.awaitClosed();
                    }
                }
                assertThat(other.call(ask(), 3, new ApiVersionsResponseData()).errorCode())
                        .isZero();
            }
        }
    }

    @Test
    void anApiThatIsNotServedClosesTheConnection() {
        Set<Short> served = advertised().stream().map(ApiVersion::apiKey).collect(Collectors.toSet());
        for (int key : new int[] {-1, ApiKeys.WRITE_TXN_MARKERS.id, ApiKeys.DESCRIBE_QUORUM.id, Short.MAX_VALUE}) {
            assertThat(served).doesNotContain((short) key);
            try (KafkaConnection connection = BROKER.connect()) {
                connection.sendFrame(
                        bytes().int16(key).int16(0).int32(1).string("wire").int64(0));
                connection.awaitClosed();
            }
        }
    }
}
