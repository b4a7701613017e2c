package io.brokkr.core.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.MessageReader;
import io.brokkr.protocol.RecordBuffers;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.RecordFileSlice;
import io.brokkr.protocol.message.FetchRequest;
import io.brokkr.protocol.message.FetchResponse;
import io.brokkr.spi.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Record data reaches the client byte for byte wherever it lies, and is closed once whatever happens to the connection. */
class RecordDataTest {

    private static final int VERSION = 12;
    private static final byte[] CONTENT = new byte[3_000_000];
    private static final Map<Sockets, TestServer> SERVERS = new EnumMap<>(Sockets.class);
    private static final Queue<CompletableFuture<Response>> ARRIVED = new ConcurrentLinkedQueue<>();
    private static Path path;
    private static FileChannel file;

    /** Where a piece of the content lies. */
    private enum Place {
        HEAP,
        READ_ONLY,
        DIRECT,
        PIECES,
        FILE
    }

    private record Piece(Place place, int position, int size) {}

    /** Record data that counts how often it is open. */
    private static final class Opened {

        private final AtomicInteger opened = new AtomicInteger();
        private final AtomicInteger closed = new AtomicInteger();

        RecordData open(Piece piece) {
            opened.incrementAndGet();
            ByteBuffer bytes =
                    ByteBuffer.wrap(CONTENT, piece.position, piece.size).slice();
            return switch (piece.place) {
                case HEAP -> RecordBuffers.of(List.of(bytes), closed::incrementAndGet);
                case READ_ONLY -> RecordBuffers.of(List.of(bytes.asReadOnlyBuffer()), closed::incrementAndGet);
                case DIRECT ->
                    RecordBuffers.of(
                            List.of(ByteBuffer.allocateDirect(piece.size)
                                    .put(bytes)
                                    .flip()),
                            closed::incrementAndGet);
                case PIECES ->
                    RecordBuffers.of(
                            List.of(
                                    bytes.slice(0, piece.size / 3),
                                    bytes.slice(piece.size / 3, 0),
                                    bytes.slice(piece.size / 3, piece.size - piece.size / 3)),
                            closed::incrementAndGet);
                case FILE -> new RecordFileSlice(file, piece.position, piece.size, closed::incrementAndGet);
            };
        }

        void awaitAllClosed() {
            Waiting.until("all record data is closed", () -> closed.get() == opened.get());
        }
    }

    @BeforeContainer
    static void start() throws IOException {
        new Random(7).nextBytes(CONTENT);
        path = Files.createTempFile("brokkr", ".log");
        Files.write(path, CONTENT);
        file = FileChannel.open(path, StandardOpenOption.READ);
        for (Sockets sockets : Sockets.values()) {
            SERVERS.put(sockets, TestServer.start(sockets, Map.of(), Handlers.fetch((context, request) -> {
                CompletableFuture<Response> later = new CompletableFuture<>();
                ARRIVED.add(later);
                return later;
            })));
        }
    }

    @AfterContainer
    static void stop() throws IOException {
        SERVERS.values().forEach(TestServer::close);
        file.close();
        Files.delete(path);
    }

    private static byte[] requests(int count) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int index = 0; index < count; index++) {
            frames.writeBytes(TestClient.frame(
                    FetchRequest.API, VERSION, index, FetchRequest.builder().build()));
        }
        return frames.toByteArray();
    }

    private static List<CompletableFuture<Response>> arrived(int count) {
        Waiting.until("all requests arrived", () -> ARRIVED.size() == count);
        List<CompletableFuture<Response>> stages = new ArrayList<>(ARRIVED);
        ARRIVED.clear();
        return stages;
    }

    private static FetchResponse response(List<Piece> pieces, Opened opened) {
        return Handlers.fetchResponse(pieces.stream().map(opened::open).toList());
    }

    @Property(tries = 120)
    void bytesArriveAsTheyAre(@ForAll Sockets sockets, @ForAll("responses") List<List<Piece>> responses)
            throws Exception {
        Opened opened = new Opened();
        try (TestClient client = SERVERS.get(sockets).connect()) {
            client.send(requests(responses.size()));
            List<CompletableFuture<Response>> stages = arrived(responses.size());
            for (int index = 0; index < stages.size(); index++) {
                stages.get(index).complete(Response.of(response(responses.get(index), opened)));
            }
            for (List<Piece> pieces : responses) {
                ByteBuffer answer = client.read();
                TestClient.readHeader(answer, 1);
                FetchResponse got = FetchResponse.read(new MessageReader(answer), VERSION);
                List<ByteBuffer> expected = pieces.stream()
                        .map(piece -> ByteBuffer.wrap(CONTENT, piece.position, piece.size))
                        .toList();
                assertThat(recordsOf(got)).isEqualTo(expected);
            }
        }
        opened.awaitAllClosed();
        // A file slice that is closed must leave the file open for others.
        assertThat(file.isOpen()).isTrue();
    }

    private static List<ByteBuffer> recordsOf(FetchResponse response) throws IOException {
        List<ByteBuffer> records = new ArrayList<>();
        for (FetchResponse.PartitionData partition : response.responses().get(0).partitions()) {
            records.add(partition.records().toBuffer());
        }
        return records;
    }

    @Property(tries = 100)
    void recordDataIsClosedThoughTheClientVanishes(
            @ForAll Sockets sockets,
            @ForAll("responses") List<List<Piece>> responses,
            @ForAll @IntRange(max = 6) int answeredBefore,
            @ForAll @IntRange(max = 3) int read,
            @ForAll boolean reset)
            throws Exception {
        Opened opened = new Opened();
        TestClient client = SERVERS.get(sockets).connect();
        client.send(requests(responses.size()));
        List<CompletableFuture<Response>> stages = arrived(responses.size());
        int before = Math.min(answeredBefore, stages.size());
        for (int index = 0; index < before; index++) {
            stages.get(index).complete(Response.of(response(responses.get(index), opened)));
        }
        for (int index = 0; index < Math.min(read, before); index++) {
            client.read();
        }
        if (reset) {
            client.reset();
        } else {
            client.close();
        }
        // The last ones first, so that some wait behind others that are not answered.
        for (int index = stages.size() - 1; index >= before; index--) {
            stages.get(index).complete(Response.of(response(responses.get(index), opened)));
        }
        opened.awaitAllClosed();
        Waiting.until(
                "the connection is gone", () -> SERVERS.get(sockets).transport().openConnections() == 0);
    }

    @Provide
    Arbitrary<List<List<Piece>>> responses() {
        Arbitrary<Piece> piece = Combinators.combine(
                        Arbitraries.of(Place.class),
                        Arbitraries.integers().between(0, 1_000_000),
                        Arbitraries.frequencyOf(
                                Tuple.of(4, Arbitraries.integers().between(0, 2_000)),
                                Tuple.of(1, Arbitraries.integers().between(100_000, 2_000_000))))
                .as(Piece::new);
        return piece.list().ofMaxSize(6).list().ofMinSize(1).ofMaxSize(6);
    }
}
