package io.brokkr.core.transport;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A client that writes bytes and reads frames, and gives up after a while. */
final class TestClient implements AutoCloseable {

    private final Socket socket;
    private final DataInputStream in;

    TestClient(int port) {
        this(port, 0);
    }

    /** With a small receive buffer, so that little fits between the server and a client that does not read. */
    TestClient(int port, int receiveBufferBytes) {
        try {
            socket = new Socket();
            if (receiveBufferBytes > 0) {
                socket.setReceiveBufferSize(receiveBufferBytes);
            }
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) Waiting.BOUND.toMillis());
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            in = new DataInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A request as it goes over the wire, its length in front. */
    static byte[] frame(Api<?> api, int version, int correlationId, Message body) {
        RequestHeader header = RequestHeader.builder()
                .requestApiKey((short) api.key())
                .requestApiVersion((short) version)
                .correlationId(correlationId)
                .clientId("test")
                .build();
        int headerVersion = api.requestHeaderVersion(version);
        int size = header.encodedSize(headerVersion) + body.encodedSize(version);
        ByteBuffer buffer = ByteBuffer.allocate(4 + size).putInt(size);
        MessageWriter writer = MessageWriter.copying(buffer);
        header.write(writer, headerVersion);
        body.write(writer, version);
        return buffer.array();
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void send(byte[] bytes, int from, int length) throws IOException {
        socket.getOutputStream().write(bytes, from, length);
    }

    /** The next frame without its length. */
    ByteBuffer read() throws IOException {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        return ByteBuffer.wrap(frame);
    }

    /** The correlation id of the next response; the buffer then stands at the body. */
    static int readHeader(ByteBuffer response, int headerVersion) {
        MessageReader reader = new MessageReader(response);
        ResponseHeader header = ResponseHeader.read(reader, headerVersion);
        response.position(response.limit() - reader.remaining());
        return header.correlationId();
    }

    int readCorrelationId() throws IOException {
        return read().getInt();
    }

    /** What is still answered until the server closes the connection. */
    List<Integer> correlationIdsUntilClosed() throws IOException {
        List<Integer> ids = new ArrayList<>();
        try {
            while (true) {
                ids.add(readCorrelationId());
            }
        } catch (EOFException closed) {
            return ids;
        }
    }

    /** Reads whatever comes until the server closes the connection. */
    void readToTheEnd() throws IOException {
        try {
            in.readAllBytes();
        } catch (SocketException reset) {
            // An end as well.
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    /** Whether the server closes the connection before it sends anything more. */
    boolean isClosedByServer() throws IOException {
        try {
            return in.read() < 0;
        } catch (EOFException | SocketException reset) {
            return true;
        }
    }

    /** Closes the connection, as {@link #close} does, in the middle of a test. */
    void hangUp() {
        close();
    }

    void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes with a reset, as a process does that dies with unread data. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
