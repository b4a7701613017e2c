package io.brokkr.benchmarks;

import io.brokkr.plugin.compression.GzipCodec;
import io.brokkr.plugin.compression.Lz4Codec;
import io.brokkr.plugin.compression.SnappyCodec;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.protocol.record.RecordBatchBuilder;
import io.brokkr.protocol.record.legacy.DownConversion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Converts 1 MB (10^6 bytes) of uncompressed record data, in batches of 16 KB, for an old consumer: the operations per second are MB of values per second.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class DownConversionBenchmark {
    private static final int DATA_SIZE = 1_000_000;
    private static final int BATCH_SIZE = 16_000;

    /** The size of a record's value: text of words. */
    @Param({"100", "1000"})
    int valueBytes;

    /** The formats that old consumers know. */
    @Param({"NONE", "GZIP", "SNAPPY", "LZ4"})
    Compression compression;

    private final CompressionCodecs codecs = new CompressionCodecs(Map.of(
            Compression.GZIP, new GzipCodec(), Compression.SNAPPY, new SnappyCodec(), Compression.LZ4, new Lz4Codec()));
    private final DownConversion downConversion = new DownConversion(codecs);
    private ByteBuffer batches = ByteBuffer.allocate(0);

    /** Makes the batches. */
    @Setup
    public void makeBatches() {
        ByteBuffer all = ByteBuffer.allocate(2 * DATA_SIZE);
        Random random = new Random(valueBytes);
        int records = DATA_SIZE / valueBytes;
        int inBatch = Math.max(1, BATCH_SIZE / valueBytes);
        for (int next = 0; next < records; next += inBatch) {
            RecordBatchBuilder batch = builder().baseOffset(next);
            for (int i = 0; i < inBatch; i++) {
                batch.append(1_700_000_000_000L + i, null, text(random));
            }
            all.put(batch.build());
        }
        batches = all.flip();
    }

    private RecordBatchBuilder builder() {
        return compression == Compression.NONE
                ? new RecordBatchBuilder()
                : new RecordBatchBuilder(compression, codecs, DATA_SIZE);
    }

    private ByteBuffer text(Random random) {
        StringBuilder words = new StringBuilder(valueBytes + 16);
        while (words.length() < valueBytes) {
            words.append("word").append(random.nextInt(10_000)).append(' ');
        }
        words.setLength(valueBytes);
        return ByteBuffer.wrap(words.toString().getBytes(StandardCharsets.US_ASCII));
    }

    /** To magic 1. */
    @Benchmark
    public ByteBuffer toMagic1() throws IOException {
        return downConversion.convert(RecordData.of(batches), (byte) 1, 0, Integer.MAX_VALUE);
    }

    /** To magic 0. */
    @Benchmark
    public ByteBuffer toMagic0() throws IOException {
        return downConversion.convert(RecordData.of(batches), (byte) 0, 0, Integer.MAX_VALUE);
    }
}
