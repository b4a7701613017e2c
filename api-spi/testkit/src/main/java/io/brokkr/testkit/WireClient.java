package io.brokkr.testkit;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.MessageReader;
import io.brokkr.protocol.MessageWriter;
import io.brokkr.protocol.message.RequestHeader;
import io.brokkr.protocol.message.ResponseHeader;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;

/**
 * A connection on which a test sends what it likes. Every wait for the broker ends after a time limit with an {@link UncheckedIOException}. Not thread-safe.
 */
public final class WireClient implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Socket socket;
    private final DataInputStream input;
    private int lastCorrelationId;

    private WireClient(Socket socket) throws IOException {
        this.socket = socket;
        this.input = new DataInputStream(socket.getInputStream());
    }

    /** Connects. */
    public static WireClient connect(InetSocketAddress address) {
        try {
            Socket socket = new Socket();
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.connect(address, (int) PATIENCE.toMillis());
            return new WireClient(socket);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot connect to " + address, failure);
        }
    }

    /**
     * Sends a request and reads its response.
     *
     * @param version may be one that the API does not have, if the request can be written at it
     * @param decoder the static method {@code read} of the response's class
     * @throws AssertionError if the response is another request's, or has bytes behind its end
     */
    public <R extends Message> R call(Api<?> api, Message request, int version, Api.Decoder<R> decoder) {
        int correlationId = send(api, request, version);
        return receive(api, version, correlationId, decoder);
    }

    /**
     * Sends a request and reads nothing.
     *
     * @return the correlation id that it went with
     */
    public int send(Api<?> api, Message request, int version) {
        int correlationId = ++lastCorrelationId;
        RequestHeader header = RequestHeader.builder()
                .requestApiKey((short) api.key())
                .requestApiVersion((short) version)
                .correlationId(correlationId)
                .clientId("wire-client")
                .build();
        int headerVersion = api.requestHeaderVersion(version);
        ByteBuffer frame = ByteBuffer.allocate(header.encodedSize(headerVersion) + request.encodedSize(version));
        MessageWriter writer = MessageWriter.copying(frame);
        header.write(writer, headerVersion);
        request.write(writer, version);
        sendFrame(frame.flip());
        return correlationId;
    }

    /** Reads the next response, which must be that to a certain request. */
    public <R extends Message> R receive(Api<?> api, int version, int correlationId, Api.Decoder<R> decoder) {
        MessageReader reader = new MessageReader(receiveFrame());
        ResponseHeader header = ResponseHeader.read(reader, api.responseHeaderVersion(version));
        if (header.correlationId() != correlationId) {
            throw new AssertionError("the response to request " + header.correlationId() + " came, and that to "
                    + correlationId + " was due");
        }
        R response = decoder.read(reader, version);
        if (reader.remaining() > 0) {
            throw new AssertionError(reader.remaining() + " bytes are left behind the response of " + api.name()
                    + " version " + version);
        }
        return response;
    }

    /** Sends a frame: the buffer's remaining bytes with their number in front. */
    public void sendFrame(ByteBuffer frame) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + frame.remaining());
        sendBytes(bytes.putInt(frame.remaining()).put(frame).array());
    }

    /** Sends bytes as they are. */
    public void sendBytes(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Reads a frame without its size. */
    public ByteBuffer receiveFrame() {
        try {
            byte[] frame = new byte[input.readInt()];
            input.readFully(frame);
            return ByteBuffer.wrap(frame);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * Waits until the broker closes the connection.
     *
     * @throws AssertionError if it sends something instead
     */
    public void awaitClosed() {
        byte[] sent = new byte[64];
        try {
            int read = input.read(sent);
            if (read >= 0) {
                throw new AssertionError("the broker sent " + Arrays.toString(Arrays.copyOf(sent, read)));
            }
        } catch (EOFException | SocketException closed) {
            // Closed with a reset, because it had not read all that was sent.
        } catch (IOException failure) {
            throw new UncheckedIOException("the broker does not close the connection", failure);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
