package io.brokkr.compatibility.proxy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;

/**
 * What a connection's produce requests ask for, by correlation id, and what becomes of their responses. Frames are without their length. One thread may pass the requests and
 * another one the responses.
 *
 * <p>Request: {@code api_key int16, api_version int16, correlation_id int32, client_id nullable string, [transactional_id nullable string from version 3], acks int16}.
 * Response: {@code correlation_id int32, responses, throttle_time_ms int32}; at version 0 without the last, from version 9 on with other headers and with tagged fields.
 */
final class ProduceExchange {
    private static final int PRODUCE = 0;
    private static final int FIRST_WITH_THROTTLE_TIME = 1;
    private static final int FIRST_WITH_TRANSACTIONAL_ID = 3;
    private static final int LAST_NOT_FLEXIBLE = 8;
    /** What no client has in flight. */
    private static final int MOST_IN_FLIGHT = 10_000;

    private static final int HEADER_START = 8;
    private static final int CORRELATION_ID_END = Integer.BYTES;

    private final Map<Integer, Integer> versionsInFlight = new ConcurrentHashMap<>();
    private final IntConsumer seenVersion;
    private final Runnable moved;

    /**
     * @param seenVersion is told the version of each produce request
     * @param moved is called for each response that was changed
     */
    ProduceExchange(IntConsumer seenVersion, Runnable moved) {
        this.seenVersion = seenVersion;
        this.moved = moved;
    }

    /** Takes note of a request; must be called before the broker can answer it. */
    void request(byte[] frame) throws IOException {
        ByteBuffer request = ByteBuffer.wrap(frame);
        if (frame.length < HEADER_START || request.getShort(0) != PRODUCE) {
            return;
        }
        int version = request.getShort(2);
        seenVersion.accept(version);
        if (version >= FIRST_WITH_THROTTLE_TIME && version <= LAST_NOT_FLEXIBLE && acks(request, version) != 0) {
            if (versionsInFlight.size() >= MOST_IN_FLIGHT) {
                throw new IOException(MOST_IN_FLIGHT + " requests without a response");
            }
            versionsInFlight.put(request.getInt(4), version);
        }
    }

    /** Without acknowledgement there is no response. */
    private static short acks(ByteBuffer request, int version) throws IOException {
        try {
            request.position(HEADER_START);
            skipNullableString(request);
            if (version >= FIRST_WITH_TRANSACTIONAL_ID) {
                skipNullableString(request);
            }
            return request.getShort();
        } catch (RuntimeException cut) {
            throw new IOException("a produce request that ends before acks", cut);
        }
    }

    private static void skipNullableString(ByteBuffer request) {
        int length = request.getShort();
        request.position(request.position() + Math.max(length, 0));
    }

    /** The response to forward: with {@code throttle_time_ms} before {@code responses} if that is where the version has it at the end, else as it came. */
    byte[] response(byte[] frame) {
        if (frame.length < 2 * Integer.BYTES
                || versionsInFlight.remove(ByteBuffer.wrap(frame).getInt(0)) == null) {
            return frame;
        }
        moved.run();
        int throttleTime = frame.length - Integer.BYTES;
        return ByteBuffer.allocate(frame.length)
                .put(frame, 0, CORRELATION_ID_END)
                .put(frame, throttleTime, Integer.BYTES)
                .put(frame, CORRELATION_ID_END, throttleTime - CORRELATION_ID_END)
                .array();
    }
}
