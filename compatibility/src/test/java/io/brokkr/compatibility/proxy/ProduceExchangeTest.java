package io.brokkr.compatibility.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponseCollection;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProduceExchangeTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final int CORRELATION_ID = 77;
    private static final int THROTTLE_TIME = 1234;

    private final List<Integer> seenVersions = new ArrayList<>();
    private final AtomicInteger moved = new AtomicInteger();
    private final ProduceExchange exchange = new ProduceExchange(seenVersions::add, moved::incrementAndGet);

    @Test
    void throttleTimeOfVersion2ComesFirst() throws IOException {
        // key 0, version 2, correlation id 77, client id "c", acks 1, timeout 5 s, no topics
        exchange.request(HEX.parseHex("0000" + "0002" + "0000004d" + "000163" + "0001" + "00001388" + "00000000"));

        // topic "t", partition 0, error 0, offset 5, time -1; throttle time 9
        String responses =
                "00000001" + "000174" + "00000001" + "00000000" + "0000" + "0000000000000005" + "ffffffffffffffff";
        byte[] answer = exchange.response(HEX.parseHex("0000004d" + responses + "00000009"));

        assertThat(HEX.formatHex(answer)).isEqualTo("0000004d" + "00000009" + responses);
        assertThat(seenVersions).containsExactly(2);
        assertThat(moved).hasValue(1);
    }

    /** Kafka's own classes begin at version 3. */
    @ParameterizedTest
    @ValueSource(shorts = {3, 4, 5, 6, 7, 8})
    void throttleTimeOfKafkasOwnMessagesComesFirst(short version) throws IOException {
        exchange.request(request(version, (short) -1));
        byte[] asKafkaWritesIt = response(version);

        ByteBuffer answer = ByteBuffer.wrap(exchange.response(asKafkaWritesIt));

        assertThat(answer.getInt()).isEqualTo(CORRELATION_ID);
        assertThat(answer.getInt()).isEqualTo(THROTTLE_TIME);
        ByteBuffer responses = ByteBuffer.wrap(asKafkaWritesIt, 4, asKafkaWritesIt.length - 8);
        assertThat(answer).isEqualTo(responses);
    }

    @ParameterizedTest
    @ValueSource(shorts = {9, 10, 11, 12})
    void flexibleVersionsStayAsTheyAre(short version) throws IOException {
        exchange.request(request(version, (short) -1));
        byte[] asKafkaWritesIt = response(version);

        assertThat(exchange.response(asKafkaWritesIt)).isSameAs(asKafkaWritesIt);
        assertThat(seenVersions).containsExactly((int) version);
        assertThat(moved).hasValue(0);
    }

    @Test
    void version0AndOtherRequestsStayAsTheyAre() throws IOException {
        exchange.request(HEX.parseHex("0000" + "0000" + "0000004d" + "ffff" + "0001" + "00001388" + "00000000"));
        exchange.request(HEX.parseHex("0003" + "0002" + "0000004e" + "ffff" + "00000000"));

        for (String response : List.of("0000004d" + "0000000000000001", "0000004e" + "0000000000000001")) {
            assertThat(HEX.formatHex(exchange.response(HEX.parseHex(response)))).isEqualTo(response);
        }
        assertThat(seenVersions).containsExactly(0);
        assertThat(moved).hasValue(0);
    }

    @Test
    void aRequestThatHasNoResponseLeavesTheNextOneWithItsCorrelationIdAlone() throws IOException {
        exchange.request(request((short) 7, (short) 0));
        byte[] other = HEX.parseHex("0000004d" + "0000000000000001");

        assertThat(exchange.response(other)).isSameAs(other);
    }

    @Test
    void aCutRequestIsRefused() {
        byte[] cut = HEX.parseHex("0000" + "0002" + "0000004d" + "7fff" + "63");

        assertThatThrownBy(() -> exchange.request(cut)).isInstanceOf(IOException.class);
    }

    private static byte[] request(short version, short acks) {
        short headerVersion = (short) (version >= 9 ? 2 : 1);
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey((short) 0)
                .setRequestApiVersion(version)
                .setCorrelationId(CORRELATION_ID)
                .setClientId("client");
        return written(
                ByteBuffer.wrap(written(ByteBuffer.allocate(0), header, headerVersion)),
                new ProduceRequestData().setTransactionalId("transaction").setAcks(acks),
                version);
    }

    private static byte[] response(short version) {
        TopicProduceResponse topic = new TopicProduceResponse()
                .setName("topic")
                .setPartitionResponses(
                        List.of(new PartitionProduceResponse().setIndex(1).setBaseOffset(2)));
        ProduceResponseData data = new ProduceResponseData()
                .setResponses(new TopicProduceResponseCollection(List.of(topic).iterator()))
                .setThrottleTimeMs(THROTTLE_TIME);
        ByteBuffer header = ByteBuffer.allocate(version >= 9 ? 5 : 4).putInt(0, CORRELATION_ID);
        return written(header, data, version);
    }

    private static byte[] written(ByteBuffer before, Message message, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer all = ByteBuffer.allocate(before.remaining() + message.size(cache, version));
        all.put(before);
        message.write(new ByteBufferAccessor(all), cache, version);
        return all.array();
    }
}
