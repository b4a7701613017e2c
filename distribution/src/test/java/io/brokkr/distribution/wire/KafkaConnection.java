package io.brokkr.distribution.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.testkit.WireClient;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.RequestUtils;

/** A connection on which requests are written and responses are read by Kafka's own classes, or byte by byte. Every wait has its end. Not thread-safe. */
final class KafkaConnection implements AutoCloseable {

    private static final String CLIENT_ID = "wire test";

    private final WireClient frames;
    private int lastCorrelationId = 0x01020300;

    KafkaConnection(WireClient frames) {
        this.frames = frames;
    }

    /** Sends a request as Kafka writes it, and gives its correlation id. */
    int send(ApiMessage request, int version) {
        RequestHeader header =
                new RequestHeader(ApiKeys.forId(request.apiKey()), (short) version, CLIENT_ID, ++lastCorrelationId);
        frames.sendFrame(RequestUtils.serialize(header.data(), header.headerVersion(), request, (short) version));
        return lastCorrelationId;
    }

    /** Sends a request whose header is not flexible, and gives its correlation id. */
    int send(ApiKeys api, int version, WireBytes body) {
        frames.sendFrame(new WireBytes()
                .int16(api.id)
                .int16(version)
                .int32(++lastCorrelationId)
                .string(CLIENT_ID)
                .raw(body.toBuffer())
                .toBuffer());
        return lastCorrelationId;
    }

    /** Sends bytes with their number in front. */
    void sendFrame(WireBytes frame) {
        frames.sendFrame(frame.toBuffer());
    }

    /** Has Kafka read the next response, to its last byte. */
    <R extends ApiMessage> R receive(int correlationId, int version, R response) {
        ByteBufferAccessor frame = new ByteBufferAccessor(receiveFrame());
        short headerVersion = ApiKeys.forId(response.apiKey()).responseHeaderVersion((short) version);
        assertThat(new ResponseHeaderData(frame, headerVersion).correlationId()).isEqualTo(correlationId);
        response.read(frame, (short) version);
        assertThat(frame.remaining()).as("bytes behind the response").isZero();
        return response;
    }

    /** The next response behind a header that is not flexible. */
    ByteBuffer receive(int correlationId) {
        ByteBuffer frame = receiveFrame();
        assertThat(frame.getInt()).as("correlation id").isEqualTo(correlationId);
        return frame.slice();
    }

    ByteBuffer receiveFrame() {
        return frames.receiveFrame();
    }

    /** Sends a request and has Kafka read the response into an empty one. */
    <R extends ApiMessage> R call(ApiMessage request, int version, R response) {
        return receive(send(request, version), version, response);
    }

    /** Sends a request and gives the body of the response, where neither header is flexible. */
    ByteBuffer call(ApiKeys api, int version, WireBytes body) {
        return receive(send(api, version, body));
    }

    void awaitClosed() {
        frames.awaitClosed();
    }

    @Override
    public void close() {
        frames.close();
    }
}
