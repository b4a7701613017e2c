package io.brokkr.core.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.RecordBuffers;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.message.ProduceRequest;
import io.brokkr.protocol.message.ProduceResponse;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** However the bytes are cut on their way, and however scarce memory is, handlers see the requests that were sent, whole. */
class FramingTest {

    private static final int VERSION = 9;
    private static final ExecutorService OTHER_THREAD = Executors.newSingleThreadExecutor();

    /** The checksums of the records that arrived, by correlation id. */
    private static final Map<Integer, Long> ARRIVED = new ConcurrentHashMap<>();

    /** So little memory that frames have to wait, for each other and for themselves. */
    private static final Map<Sockets, TestServer> SCARCE = new EnumMap<>(Sockets.class);

    private static final Map<Sockets, TestServer> AMPLE = new EnumMap<>(Sockets.class);

    @BeforeContainer
    static void start() {
        for (Sockets sockets : Sockets.values()) {
            AMPLE.put(sockets, TestServer.start(sockets, Map.of(), Handlers.produce(FramingTest::produce)));
            SCARCE.put(
                    sockets,
                    TestServer.start(
                            sockets,
                            Map.of(
                                    "queued.max.request.bytes", "20000",
                                    "connection.requests.max", "2",
                                    "connection.requests.max.bytes", "5000"),
                            Handlers.produce(FramingTest::produce)));
        }
    }

    @AfterContainer
    static void stop() {
        AMPLE.values().forEach(TestServer::close);
        SCARCE.values().forEach(TestServer::close);
        OTHER_THREAD.shutdown();
    }

    /** Looks at the records on another thread, when the event loop has long gone on reading. */
    private static CompletionStage<Response> produce(RequestContext context, ProduceRequest request) {
        return CompletableFuture.supplyAsync(
                () -> {
                    CRC32C checksum = new CRC32C();
                    request.forEachRecordData(
                            records -> ((RecordBuffers) records).buffers().forEach(checksum::update));
                    ARRIVED.put(context.correlationId(), checksum.getValue());
                    return Response.of(ProduceResponse.builder().build());
                },
                OTHER_THREAD);
    }

    @Property(tries = 100)
    void framesArriveWhole(
            @ForAll Sockets sockets,
            @ForAll boolean scarce,
            @ForAll("sizes") List<Integer> sizes,
            @ForAll("cuts") List<Integer> cuts,
            @ForAll Random random)
            throws Exception {
        ARRIVED.clear();
        TestServer server = (scarce ? SCARCE : AMPLE).get(sockets);
        List<Long> checksums = new ArrayList<>();
        byte[] stream = frames(sizes, random, checksums);
        try (TestClient client = server.connect()) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(client, stream, cuts));
            for (int index = 0; index < sizes.size(); index++) {
                assertThat(client.readCorrelationId()).isEqualTo(index);
                assertThat(ARRIVED).containsEntry(index, checksums.get(index));
            }
            Waiting.result(sending);
        }
        Waiting.until(
                "all memory is given back", () -> server.transport().memory().takenBytes() == 0);
    }

    private static byte[] frames(List<Integer> sizes, Random random, List<Long> checksums) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (int index = 0; index < sizes.size(); index++) {
            byte[] records = new byte[sizes.get(index)];
            random.nextBytes(records);
            CRC32C checksum = new CRC32C();
            checksum.update(records);
            checksums.add(checksum.getValue());
            ProduceRequest request = Handlers.produceRequest(RecordData.of(ByteBuffer.wrap(records)));
            stream.writeBytes(TestClient.frame(ProduceRequest.API, VERSION, index, request));
        }
        return stream.toByteArray();
    }

    private static void send(TestClient client, byte[] stream, List<Integer> cuts) {
        try {
            int from = 0;
            for (int cut = 0; from < stream.length; cut++) {
                int length = Math.min(cuts.get(cut % cuts.size()), stream.length - from);
                client.send(stream, from, length);
                from += length;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Provide
    Arbitrary<List<Integer>> sizes() {
        return Arbitraries.frequencyOf(
                        Tuple.of(5, Arbitraries.integers().between(0, 200)),
                        Tuple.of(3, Arbitraries.integers().between(3_900, 4_200)),
                        Tuple.of(2, Arbitraries.integers().between(10_000, 70_000)),
                        Tuple.of(1, Arbitraries.integers().between(100_000, 1_500_000)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }

    @Provide
    Arbitrary<List<Integer>> cuts() {
        return Arbitraries.frequencyOf(
                        Tuple.of(1, Arbitraries.integers().between(1, 10)),
                        Tuple.of(2, Arbitraries.integers().between(1_000, 100_000)))
                .list()
                .ofMinSize(2)
                .ofMaxSize(10)
                .filter(cuts -> cuts.stream().mapToInt(Integer::intValue).sum() > 2_000);
    }
}
