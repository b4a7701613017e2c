package io.brokkr.benchmarks;

import io.brokkr.protocol.MessageReader;
import io.brokkr.protocol.message.ProduceRequest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reads a produce request with one batch of 16 KiB, whose bytes neither side copies. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ProduceRequestBenchmark {
    private static final short VERSION = 9;

    private final ByteBuffer request = request();

    /** Ours. */
    @Benchmark
    public ProduceRequest brokkr() {
        return ProduceRequest.read(new MessageReader(request.duplicate()), VERSION);
    }

    /** Kafka's. */
    @Benchmark
    public ProduceRequestData kafka() {
        return new ProduceRequestData(new ByteBufferAccessor(request.duplicate()), VERSION);
    }

    private static ByteBuffer request() {
        ProduceRequestData.PartitionProduceData partition = new ProduceRequestData.PartitionProduceData()
                .setIndex(3)
                .setRecords(MemoryRecords.readableRecords(Batches.ofSize(16 * 1024)));
        ProduceRequestData.TopicProduceDataCollection topics = new ProduceRequestData.TopicProduceDataCollection();
        topics.add(new ProduceRequestData.TopicProduceData().setName("orders").setPartitionData(List.of(partition)));
        ProduceRequestData request = new ProduceRequestData()
                .setAcks((short) -1)
                .setTimeoutMs(30_000)
                .setTopicData(topics);
        return MessageUtil.toByteBufferAccessor(request, VERSION).buffer();
    }
}
