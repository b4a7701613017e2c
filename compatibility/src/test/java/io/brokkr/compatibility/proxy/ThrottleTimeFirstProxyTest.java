package io.brokkr.compatibility.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThrottleTimeFirstProxyTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final String PRODUCE_V2 = "0000" + "0002" + "0000004d" + "ffff" + "0001" + "00001388" + "00000000";
    private static final String METADATA_V2 = "0003" + "0002" + "0000004e" + "ffff" + "00000000";

    private final ServerSocket listener = listener();
    private final ThrottleTimeFirstProxy proxy = proxy(listener);
    private Socket client;
    private Socket broker;

    @BeforeEach
    void connect() throws IOException {
        client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        broker = listener.accept();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        broker.close();
        proxy.close();
        listener.close();
    }

    @Test
    void changesTheAnswerToAProduceRequestAlone() throws IOException {
        send(client, PRODUCE_V2);
        send(client, METADATA_V2);
        assertThat(received(broker)).isEqualTo(PRODUCE_V2);
        assertThat(received(broker)).isEqualTo(METADATA_V2);

        send(broker, "0000004d" + "0000000000000001" + "00000009");
        send(broker, "0000004e" + "0000000000000001" + "00000009");

        assertThat(received(client)).isEqualTo("0000004d" + "00000009" + "0000000000000001");
        assertThat(received(client)).isEqualTo("0000004e" + "0000000000000001" + "00000009");
        assertThat(proxy.produceVersions()).containsExactly(2);
        assertThat(proxy.movedResponses()).isEqualTo(1);
    }

    @Test
    void aClientThatSaysNoMoreStillGetsItsAnswer() throws IOException {
        send(client, METADATA_V2);
        client.shutdownOutput();
        assertThat(received(broker)).isEqualTo(METADATA_V2);
        assertThat(broker.getInputStream().read()).isEqualTo(-1);

        send(broker, "0000004e" + "00000001");

        assertThat(received(client)).isEqualTo("0000004e" + "00000001");
    }

    @Test
    void theEndOfTheBrokersConnectionReachesTheClient() throws IOException {
        broker.close();

        assertThat(client.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void anAbsurdLengthEndsTheConnection() throws IOException {
        new DataOutputStream(client.getOutputStream()).writeInt(Integer.MAX_VALUE);

        assertThat(broker.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void closingEndsItsConnections() throws IOException {
        send(client, METADATA_V2);
        assertThat(received(broker)).isEqualTo(METADATA_V2);

        proxy.close();

        assertThat(broker.getInputStream().read()).isEqualTo(-1);
    }

    private static ServerSocket listener() {
        try {
            return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static ThrottleTimeFirstProxy proxy(ServerSocket listener) {
        try {
            return new ThrottleTimeFirstProxy(listener.getLocalPort());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void send(Socket to, String hex) throws IOException {
        byte[] frame = HEX.parseHex(hex);
        DataOutputStream out = new DataOutputStream(to.getOutputStream());
        out.writeInt(frame.length);
        out.write(frame);
    }

    private static String received(Socket from) throws IOException {
        DataInputStream in = new DataInputStream(from.getInputStream());
        return HEX.formatHex(in.readNBytes(in.readInt()));
    }
}
