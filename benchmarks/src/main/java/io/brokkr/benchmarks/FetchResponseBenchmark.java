package io.brokkr.benchmarks;

import io.brokkr.protocol.MessageWriter;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.message.FetchResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.network.Send;
import org.apache.kafka.common.protocol.SendBuilder;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.ResponseHeader;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Makes a fetch response of ten partitions with 16 KiB each ready to be sent, with the record data left where it lies. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FetchResponseBenchmark {
    private static final short VERSION = 17;
    private static final int PARTITIONS = 10;

    private final ByteBuffer batch = Batches.ofSize(16 * 1024);
    private final FetchResponse brokkr = brokkrResponse();
    private final FetchResponseData kafka = kafkaResponse();

    /** Ours: one buffer for the fields, and where the record data goes in. */
    @Benchmark
    public List<MessageWriter.Splice> brokkr() {
        MessageWriter writer = MessageWriter.gathering(
                ByteBuffer.allocate(brokkr.encodedSize(VERSION) - brokkr.recordDataSizeInBytes()));
        brokkr.write(writer, VERSION);
        return writer.splices();
    }

    /** Kafka's, with the response header of a few bytes. */
    @Benchmark
    public Send kafka() {
        return SendBuilder.buildResponseSend(new ResponseHeader(1, (short) 1), kafka, VERSION);
    }

    private FetchResponse brokkrResponse() {
        List<FetchResponse.PartitionData> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> FetchResponse.PartitionData.builder()
                        .partitionIndex(partition)
                        .highWatermark(1000)
                        .lastStableOffset(1000)
                        .logStartOffset(0)
                        .records(RecordData.of(batch.duplicate()))
                        .build())
                .toList();
        FetchResponse.FetchableTopicResponse topic = FetchResponse.FetchableTopicResponse.builder()
                .topicId(new UUID(1, 2))
                .partitions(partitions)
                .build();
        return FetchResponse.builder().sessionId(1).responses(List.of(topic)).build();
    }

    private FetchResponseData kafkaResponse() {
        List<FetchResponseData.PartitionData> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new FetchResponseData.PartitionData()
                        .setPartitionIndex(partition)
                        .setHighWatermark(1000)
                        .setLastStableOffset(1000)
                        .setLogStartOffset(0)
                        .setRecords(MemoryRecords.readableRecords(batch.duplicate())))
                .toList();
        FetchResponseData.FetchableTopicResponse topic = new FetchResponseData.FetchableTopicResponse()
                .setTopicId(new Uuid(1, 2))
                .setPartitions(partitions);
        return new FetchResponseData().setSessionId(1).setResponses(List.of(topic));
    }
}
