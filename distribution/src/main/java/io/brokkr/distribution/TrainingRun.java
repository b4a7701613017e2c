package io.brokkr.distribution;

import io.brokkr.core.Broker;
import io.brokkr.protocol.Api;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.MessageWriter;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.message.ApiVersionsRequest;
import io.brokkr.protocol.message.FetchRequest;
import io.brokkr.protocol.message.FetchRequest.FetchPartition;
import io.brokkr.protocol.message.FetchRequest.FetchTopic;
import io.brokkr.protocol.message.FindCoordinatorRequest;
import io.brokkr.protocol.message.InitProducerIdRequest;
import io.brokkr.protocol.message.ListOffsetsRequest;
import io.brokkr.protocol.message.ListOffsetsRequest.ListOffsetsPartition;
import io.brokkr.protocol.message.ListOffsetsRequest.ListOffsetsTopic;
import io.brokkr.protocol.message.MetadataRequest;
import io.brokkr.protocol.message.MetadataRequest.MetadataRequestTopic;
import io.brokkr.protocol.message.ProduceRequest;
import io.brokkr.protocol.message.ProduceRequest.PartitionProduceData;
import io.brokkr.protocol.message.ProduceRequest.TopicProduceData;
import io.brokkr.protocol.message.RequestHeader;
import io.brokkr.protocol.record.RecordBatchBuilder;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a broker does in its first second: some requests of a producer and a consumer. The JVM that runs this writes the classes that it needed into an
 * archive, out of which the next ones take them ready-made.
 */
final class TrainingRun {

    private static final String TOPIC = "training";

    private final Broker broker;
    private final DataInputStream input;
    private final DataOutputStream output;

    private TrainingRun(Broker broker, Socket socket) throws IOException {
        this.broker = broker;
        this.input = new DataInputStream(socket.getInputStream());
        this.output = new DataOutputStream(socket.getOutputStream());
    }

    /** Sends the requests, as far as somebody serves them. */
    static void of(Broker broker) throws IOException {
        try (Socket socket = new Socket("localhost", broker.port("PLAINTEXT"))) {
            TrainingRun run = new TrainingRun(broker, socket);
            run.send(ApiVersionsRequest.API, ApiVersionsRequest.builder().build(), 3);
            run.send(MetadataRequest.API, metadata(), 8);
            run.send(InitProducerIdRequest.API, InitProducerIdRequest.builder().build(), 1);
            run.send(ProduceRequest.API, produce(), 7);
            run.send(ListOffsetsRequest.API, listOffsets(), 5);
            run.send(FetchRequest.API, fetch(), 11);
            run.send(
                    FindCoordinatorRequest.API,
                    FindCoordinatorRequest.builder().key(TOPIC).build(),
                    2);
        }
    }

    private void send(Api<?> api, Message request, int version) throws IOException {
        if (broker.services().apis().stream().noneMatch(served -> served.key() == api.key())) {
            return;
        }
        RequestHeader header = RequestHeader.builder()
                .requestApiKey((short) api.key())
                .requestApiVersion((short) version)
                .clientId(TOPIC)
                .build();
        int headerVersion = api.requestHeaderVersion(version);
        ByteBuffer frame = ByteBuffer.allocate(header.encodedSize(headerVersion) + request.encodedSize(version));
        MessageWriter writer = MessageWriter.copying(frame);
        header.write(writer, headerVersion);
        request.write(writer, version);
        output.writeInt(frame.position());
        output.write(frame.array());
        input.skipNBytes(input.readInt());
    }

    private static MetadataRequest metadata() {
        return MetadataRequest.builder()
                .topics(List.of(MetadataRequestTopic.builder().name(TOPIC).build()))
                .allowAutoTopicCreation(true)
                .build();
    }

    private static ProduceRequest produce() {
        ByteBuffer value = ByteBuffer.wrap(TOPIC.getBytes(StandardCharsets.UTF_8));
        RecordData records = RecordData.of(new RecordBatchBuilder()
                .append(System.currentTimeMillis(), null, value)
                .build());
        PartitionProduceData partition =
                PartitionProduceData.builder().records(records).build();
        return ProduceRequest.builder()
                .acks((short) -1)
                .timeoutMs(10_000)
                .topicData(List.of(TopicProduceData.builder()
                        .name(TOPIC)
                        .partitionData(List.of(partition))
                        .build()))
                .build();
    }

    private static ListOffsetsRequest listOffsets() {
        return ListOffsetsRequest.builder()
                .replicaId(-1)
                .topics(List.of(ListOffsetsTopic.builder()
                        .name(TOPIC)
                        .partitions(List.of(
                                ListOffsetsPartition.builder().timestamp(-1).build()))
                        .build()))
                .build();
    }

    private static FetchRequest fetch() {
        return FetchRequest.builder()
                .maxWaitMs(100)
                .minBytes(1)
                .topics(List.of(FetchTopic.builder()
                        .topic(TOPIC)
                        .partitions(List.of(FetchPartition.builder()
                                .partitionMaxBytes(1 << 20)
                                .build()))
                        .build()))
                .build();
    }
}
