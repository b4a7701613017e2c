package io.brokkr.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.message.FetchResponse;
import io.brokkr.protocol.message.FetchResponse.FetchableTopicResponse;
import io.brokkr.protocol.message.FetchResponse.PartitionData;
import io.brokkr.protocol.message.ProduceRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Record data is left out of the buffer and sent from where it is. */
class GatheringTest {

    @Property
    void partsAndRecordDataInTurnAreTheMessage(
            @ForAll @Size(max = 5) List<byte @Size(max = 40) []> partitions,
            @ForAll @IntRange(max = FetchResponse.HIGHEST_VERSION) int version) {
        List<RecordData> records = new ArrayList<>();
        for (byte[] content : partitions) {
            // An empty array of bytes stands for null now and then.
            records.add(
                    content.length == 0 && records.size() % 2 == 0 ? null : RecordData.of(ByteBuffer.wrap(content)));
        }
        FetchResponse response = response(records);
        assertThat(gathered(response, version)).isEqualTo(response.toBuffer(version));
    }

    @Test
    void aFileSliceStaysInItsFile(@TempDir Path folder) throws IOException {
        Path file =
                Files.writeString(folder.resolve("00000000000000000000.log"), "header of no interest, then records");
        try (FileChannel channel = FileChannel.open(file)) {
            RecordFileSlice slice = new RecordFileSlice(channel, 28, 7, () -> {});
            FetchResponse response = response(List.of(slice));
            int size = response.encodedSize(12) - response.recordDataSizeInBytes();
            MessageWriter writer = MessageWriter.gathering(ByteBuffer.allocate(size));
            response.write(writer, 12);
            assertThat(writer.splices())
                    .extracting(MessageWriter.Splice::records)
                    .containsExactly(slice);
            assertThat(gathered(response, 12)).isEqualTo(response.toBuffer(12));
        }
    }

    @Test
    void allRecordDataIsVisitedInOrder() {
        RecordData first = RecordData.of(ByteBuffer.allocate(3));
        RecordData second = RecordData.of(ByteBuffer.allocate(4));
        List<RecordData> visited = new ArrayList<>();
        response(List.of(first, second)).forEachRecordData(visited::add);
        assertThat(visited).containsExactly(first, second);
        assertThat(response(List.of(first, second)).recordDataSizeInBytes()).isEqualTo(7);
    }

    @Test
    void recordDataThatIsReadIsAViewOfTheFrame() throws IOException {
        ByteBuffer records = ByteBuffer.wrap(new byte[] {1, 2, 3});
        ByteBuffer frame = ProduceRequest.builder()
                .topicData(List.of(ProduceRequest.TopicProduceData.builder()
                        .partitionData(List.of(ProduceRequest.PartitionProduceData.builder()
                                .records(RecordData.of(records))
                                .build()))
                        .build()))
                .build()
                .toBuffer(7);
        RecordData read = ProduceRequest.read(new MessageReader(frame), 7)
                .topicData()
                .get(0)
                .partitionData()
                .get(0)
                .records();
        assertThat(read).isNotNull();
        frame.put(frame.limit() - 1, (byte) 9);
        assertThat(read.toBuffer()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 9}));
    }

    private static FetchResponse response(List<RecordData> records) {
        List<PartitionData> partitions = new ArrayList<>();
        for (RecordData data : records) {
            partitions.add(PartitionData.builder()
                    .partitionIndex(partitions.size())
                    .records(data)
                    .build());
        }
        return FetchResponse.builder()
                .responses(List.of(
                        FetchableTopicResponse.builder().partitions(partitions).build()))
                .build();
    }

    /** What a transport sends. */
    private static ByteBuffer gathered(Message message, int version) {
        ByteBuffer buffer = ByteBuffer.allocate(message.encodedSize(version) - message.recordDataSizeInBytes());
        MessageWriter writer = MessageWriter.gathering(buffer);
        message.write(writer, version);
        assertThat(buffer.hasRemaining()).isFalse();
        buffer.flip();
        ByteBuffer sent = ByteBuffer.allocate(message.encodedSize(version));
        try {
            for (MessageWriter.Splice splice : writer.splices()) {
                sent.put(buffer.slice(buffer.position(), splice.position() - buffer.position()));
                buffer.position(splice.position());
                sent.put(splice.records().toBuffer());
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return sent.put(buffer).flip();
    }
}
