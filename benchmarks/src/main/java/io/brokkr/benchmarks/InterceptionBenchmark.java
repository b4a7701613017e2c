package io.brokkr.benchmarks;

import io.brokkr.core.Broker;
import io.brokkr.core.BrokerBuilder;
import io.brokkr.protocol.record.RecordBatchBuilder;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Partition;
import io.brokkr.spi.Partition.Appended;
import io.brokkr.spi.Partition.Durability;
import io.brokkr.spi.TopicPartition;
import io.brokkr.spi.record.InterceptedBatch;
import io.brokkr.spi.record.RecordInterceptor;
import io.brokkr.spi.record.RecordInterceptorFactory;
import io.brokkr.spi.record.RecordInterceptors;
import io.brokkr.spi.record.Verdict;
import io.brokkr.spi.storage.MetadataStoreFactory;
import io.brokkr.spi.storage.StorageEngineFactory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * An append of one batch of 16 KiB to a log in memory, with interceptors that accept everything. A GB is 61,000 such batches, so what an interceptor adds to one, in
 * microseconds, adds 0.061 s to a GB for each.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class InterceptionBenchmark {
    private static final int BATCH_BYTES = 16 << 10;
    private static final int APPENDS_BETWEEN_TRIMS = 1_000;

    /** None; one that looks at no record; one that looks at each on the calling thread; one that does so on a thread for work that takes long. */
    @Param({"none", "does-nothing", "looks", "looks-elsewhere"})
    private String interceptor = "none";

    /** The size of a record's value. */
    @Param({"100", "1000"})
    private int valueBytes = 1000;

    private Path folder;
    private Broker broker;
    private Partition partition;
    private ByteBuffer batch;
    private int appends;

    private record Measured(RecordInterceptor interceptor) implements RecordInterceptorFactory {
        @Override
        public String name() {
            return "measured";
        }

        @Override
        public RecordInterceptors create(BrokerServices services) {
            return topic -> interceptor;
        }
    }

    private record Quick(boolean looks) implements RecordInterceptor {
        @Override
        public void intercept(InterceptedBatch shown) {
            if (looks) {
                shown.forEach(record -> Verdict.accept());
            }
        }

        @Override
        public boolean isQuick() {
            return true;
        }
    }

    /** A broker with one partition in memory. */
    @Setup
    public void start() throws IOException {
        RecordInterceptor measured =
                switch (interceptor) {
                    case "looks-elsewhere" -> shown -> shown.forEach(record -> Verdict.accept());
                    case "looks" -> new Quick(true);
                    default -> new Quick(false);
                };
        folder = Files.createTempDirectory("interception");
        BrokerBuilder builder = new BrokerBuilder()
                .configuration(Map.of(
                        "listeners", "PLAINTEXT://localhost:0",
                        "log.dirs", folder.toString(),
                        "metadata.store", "memory",
                        "storage.engine", "memory"))
                .extension(new Measured(measured));
        ServiceLoader.load(StorageEngineFactory.class).forEach(builder::extension);
        ServiceLoader.load(MetadataStoreFactory.class).forEach(builder::extension);
        broker = builder.start();
        Map<String, String> settings =
                interceptor.equals("none") ? Map.of() : Map.of("record.interceptors", "measured");
        partition = broker.services()
                .topics()
                .create(new NewTopic("topic", 1, 1, settings))
                .thenCompose(topic -> broker.services().partitions().open(new TopicPartition("topic", 0)))
                .toCompletableFuture()
                .join();
        RecordBatchBuilder filled = new RecordBatchBuilder();
        while (filled.sizeInBytes() + valueBytes < BATCH_BYTES) {
            filled.append(System.currentTimeMillis(), null, ByteBuffer.allocate(valueBytes));
        }
        batch = filled.build();
    }

    /** Ends it. */
    @TearDown
    public void stop() throws IOException {
        broker.close();
        try (Stream<Path> left = Files.walk(folder)) {
            for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** Until the append is complete, with a copy of the batch that takes the place of the network. */
    @Benchmark
    public Appended append() {
        if (++appends % APPENDS_BETWEEN_TRIMS == 0) {
            partition.deleteRecordsBefore(-1).toCompletableFuture().join();
        }
        ByteBuffer copy =
                ByteBuffer.allocate(batch.remaining()).put(batch.duplicate()).flip();
        return partition
                .append(copy, Durability.COMMITTED)
                .toCompletableFuture()
                .join();
    }
}
