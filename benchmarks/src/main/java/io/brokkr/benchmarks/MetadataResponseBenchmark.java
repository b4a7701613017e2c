package io.brokkr.benchmarks;

import io.brokkr.protocol.message.MetadataResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.MessageUtil;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Writes a metadata response with a hundred topics of three partitions, from the message to its bytes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MetadataResponseBenchmark {
    private static final short VERSION = 12;
    private static final int TOPICS = 100;
    private static final int PARTITIONS = 3;

    private final MetadataResponse brokkr = brokkrResponse();
    private final MetadataResponseData kafka = kafkaResponse();

    /** Ours. */
    @Benchmark
    public ByteBuffer brokkr() {
        return brokkr.toBuffer(VERSION);
    }

    /** Kafka's. */
    @Benchmark
    public ByteBuffer kafka() {
        return MessageUtil.toByteBufferAccessor(kafka, VERSION).buffer();
    }

    private static MetadataResponse brokkrResponse() {
        List<MetadataResponse.MetadataResponsePartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> MetadataResponse.MetadataResponsePartition.builder()
                        .partitionIndex(partition)
                        .leaderId(1)
                        .replicaNodes(List.of(1))
                        .isrNodes(List.of(1))
                        .build())
                .toList();
        return MetadataResponse.builder()
                .clusterId("cluster")
                .controllerId(1)
                .topics(IntStream.range(0, TOPICS)
                        .mapToObj(topic -> MetadataResponse.MetadataResponseTopic.builder()
                                .name("topic-" + topic)
                                .topicId(new UUID(1, topic))
                                .partitions(partitions)
                                .build())
                        .toList())
                .build();
    }

    private static MetadataResponseData kafkaResponse() {
        MetadataResponseData.MetadataResponseTopicCollection topics =
                new MetadataResponseData.MetadataResponseTopicCollection();
        for (int topic = 0; topic < TOPICS; topic++) {
            topics.add(new MetadataResponseData.MetadataResponseTopic()
                    .setName("topic-" + topic)
                    .setTopicId(new Uuid(1, topic))
                    .setPartitions(IntStream.range(0, PARTITIONS)
                            .mapToObj(partition -> new MetadataResponseData.MetadataResponsePartition()
                                    .setPartitionIndex(partition)
                                    .setLeaderId(1)
                                    .setReplicaNodes(List.of(1))
                                    .setIsrNodes(List.of(1)))
                            .toList()));
        }
        return new MetadataResponseData()
                .setClusterId("cluster")
                .setControllerId(1)
                .setTopics(topics);
    }
}
