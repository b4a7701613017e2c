package io.brokkr.benchmarks;

import io.brokkr.plugin.compression.GzipCodec;
import io.brokkr.plugin.compression.Lz4Codec;
import io.brokkr.plugin.compression.SnappyCodec;
import io.brokkr.plugin.compression.ZstdCodec;
import io.brokkr.protocol.record.CompressionCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Compresses and decompresses 64 KiB of records, as large as a batch gets; the figures are uncompressed bytes per microsecond, which are MB per second. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@OperationsPerInvocation(CompressionBenchmark.DATA_BYTES)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CompressionBenchmark {
    static final int DATA_BYTES = 64 * 1024;
    private static final byte MAGIC = 2;

    /** The format. */
    @SuppressWarnings("ImmutableEnumChecker") // Neither codec changes; there is no annotation to say so.
    public enum Format {
        /** With zlib. */
        GZIP(new GzipCodec(), Compression.gzip().build()),
        /** In xerial's framing. */
        SNAPPY(new SnappyCodec(), Compression.snappy().build()),
        /** With blocks of 64 KiB. */
        LZ4(new Lz4Codec(), Compression.lz4().build()),
        /** At level 3. */
        ZSTD(new ZstdCodec(), Compression.zstd().build());

        private final CompressionCodec brokkr;
        private final Compression kafka;

        Format(CompressionCodec brokkr, Compression kafka) {
            this.brokkr = brokkr;
            this.kafka = kafka;
        }
    }

    /** The format. */
    @Param
    Format format;

    /** Whether the data cannot be compressed; else it is text, like JSON. */
    @Param({"false", "true"})
    boolean random;

    private final byte[] data = new byte[DATA_BYTES];
    private final byte[] read = new byte[DATA_BYTES];
    private final BufferSupplier buffers = BufferSupplier.create();
    private byte[] compressed = {};

    /** Makes the data. */
    @Setup
    public void makeData() throws IOException {
        Random source = new Random(7);
        if (random) {
            source.nextBytes(data);
        } else {
            StringBuilder text = new StringBuilder();
            while (text.length() < DATA_BYTES) {
                text.append("{\"order\":").append(source.nextInt(1_000_000)).append(",\"customer\":\"customer-");
                text.append(source.nextInt(10_000)).append("\",\"state\":\"shipped\",\"amount\":");
                text.append(source.nextInt(100_000)).append("}\n");
            }
            System.arraycopy(text.toString().getBytes(StandardCharsets.US_ASCII), 0, data, 0, DATA_BYTES);
        }
        compressed = brokkrCompress();
    }

    /** Ours. */
    @Benchmark
    public byte[] brokkrCompress() throws IOException {
        ByteArrayOutputStream sink = new ByteArrayOutputStream(2 * DATA_BYTES);
        try (OutputStream stream = format.brokkr.compress(sink, MAGIC)) {
            stream.write(data);
        }
        return sink.toByteArray();
    }

    /** Kafka's. */
    @Benchmark
    public ByteBuffer kafkaCompress() throws IOException {
        ByteBufferOutputStream sink = new ByteBufferOutputStream(2 * DATA_BYTES);
        try (OutputStream stream = format.kafka.wrapForOutput(sink, MAGIC)) {
            stream.write(data);
        }
        return sink.buffer();
    }

    /** Ours. */
    @Benchmark
    public int brokkrDecompress() throws IOException {
        try (InputStream stream = format.brokkr.decompress(new ByteArrayInputStream(compressed), MAGIC)) {
            return stream.readNBytes(read, 0, DATA_BYTES);
        }
    }

    /** Kafka's. */
    @Benchmark
    public int kafkaDecompress() throws IOException {
        try (InputStream stream = format.kafka.wrapForInput(ByteBuffer.wrap(compressed), MAGIC, buffers)) {
            return stream.readNBytes(read, 0, DATA_BYTES);
        }
    }
}
