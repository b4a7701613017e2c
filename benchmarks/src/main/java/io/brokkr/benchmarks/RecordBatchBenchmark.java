package io.brokkr.benchmarks;

import io.brokkr.protocol.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
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

/** Finds a batch in memory and verifies its length and CRC, as a broker does with every batch that it takes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RecordBatchBenchmark {
    /** The size of the batch. */
    @Param({"16384", "1048576"})
    int sizeInBytes;

    /** Heap memory, or off the heap as a network buffer is. */
    @Param({"false", "true"})
    boolean direct;

    private ByteBuffer batch = ByteBuffer.allocate(0);

    /** Makes the batch. */
    @Setup
    public void makeBatch() {
        ByteBuffer made = Batches.ofSize(sizeInBytes);
        batch = direct ? ByteBuffer.allocateDirect(made.remaining()).put(made).flip() : made;
    }

    /** Ours. */
    @Benchmark
    public RecordBatch brokkr() {
        RecordBatch read = RecordBatch.of(batch.duplicate());
        read.verify();
        return read;
    }

    /** Kafka's. */
    @Benchmark
    public MutableRecordBatch kafka() {
        MutableRecordBatch read = MemoryRecords.readableRecords(batch.duplicate())
                .batches()
                .iterator()
                .next();
        ((DefaultRecordBatch) read).ensureValid();
        return read;
    }
}
