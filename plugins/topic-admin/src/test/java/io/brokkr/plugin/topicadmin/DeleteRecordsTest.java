package io.brokkr.plugin.topicadmin;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.DeleteRecordsRequest;
import io.brokkr.protocol.message.DeleteRecordsRequest.DeleteRecordsPartition;
import io.brokkr.protocol.message.DeleteRecordsRequest.DeleteRecordsTopic;
import io.brokkr.protocol.message.DeleteRecordsResponse;
import io.brokkr.protocol.message.DeleteRecordsResponse.DeleteRecordsPartitionResult;
import io.brokkr.protocol.record.RecordBatchBuilder;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Partition;
import io.brokkr.spi.TopicPartition;
import io.brokkr.testkit.EmbeddedBroker;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Records before an offset go, and never others. */
class DeleteRecordsTest {

    private static AdminBroker broker;
    private static int lastTopic;

    @BeforeContainer
    static void start() {
        broker = new AdminBroker(Map.of());
    }

    @AfterContainer
    static void stop() {
        broker.close();
    }

    @Provide
    Arbitrary<Integer> versions() {
        return AdminBroker.versionsOf(DeleteRecordsRequest.API);
    }

    @Property(tries = 100)
    void theLogBeginsWhereTheClientWants(
            @ForAll("versions") int version,
            @ForAll @IntRange(max = 20) int records,
            @ForAll @LongRange(min = -3, max = 25) long offset) {
        String topic = "topic-" + ++lastTopic;
        broker.create(topic, 2, Map.of("retention.ms", "-1"));
        Partition first = fill(broker.embedded(), topic, 0, records);
        Partition second = fill(broker.embedded(), topic, 1, records);

        List<DeleteRecordsPartitionResult> results =
                delete(topic, version, partition(7, 0), partition(1, offset), partition(-1, 0));

        boolean possible = offset >= -1 && offset <= records;
        long expected = !possible ? -1 : offset == -1 ? records : offset;
        assertThat(results)
                .extracting(DeleteRecordsPartitionResult::partitionIndex)
                .containsExactly(7, 1, -1);
        assertThat(results)
                .extracting(result -> ErrorCode.forCode(result.errorCode()))
                .containsExactly(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        possible ? ErrorCode.NONE : ErrorCode.OFFSET_OUT_OF_RANGE,
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(results)
                .extracting(DeleteRecordsPartitionResult::lowWatermark)
                .containsExactly(-1L, expected, -1L);
        assertThat(second.logStartOffset()).isEqualTo(Math.max(0, expected));
        assertThat(first.logStartOffset()).isZero();
    }

    @Example
    void aCompactedTopicKeepsItsRecords() {
        broker.create("compacted", 1, Map.of("cleanup.policy", "compact"));
        broker.create("both", 1, Map.of("cleanup.policy", "compact,delete"));

        assertThat(errorOf("compacted")).isEqualTo(ErrorCode.POLICY_VIOLATION);
        assertThat(errorOf("both")).isEqualTo(ErrorCode.NONE);
    }

    @Example
    void theBrokersOwnTopicsKeepTheirRecords() {
        AdminBroker.await(broker.topics().internal(new NewTopic("__consumer_offsets", 1, 1, Map.of())));

        assertThat(errorOf("__consumer_offsets")).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
        assertThat(errorOf("nowhere")).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    private static ErrorCode errorOf(String topic) {
        return ErrorCode.forCode(delete(topic, 2, partition(0, 0)).get(0).errorCode());
    }

    private static List<DeleteRecordsPartitionResult> delete(
            String topic, int version, DeleteRecordsPartition... partitions) {
        DeleteRecordsRequest request = DeleteRecordsRequest.builder()
                .topics(List.of(DeleteRecordsTopic.builder()
                        .name(topic)
                        .partitions(List.of(partitions))
                        .build()))
                .timeoutMs(AdminBroker.TIMEOUT_MILLIS)
                .build();
        DeleteRecordsResponse response =
                broker.call(DeleteRecordsRequest.API, request, version, DeleteRecordsResponse::read);
        assertThat(response.topics()).singleElement().satisfies(result -> assertThat(result.name())
                .isEqualTo(topic));
        return response.topics().get(0).partitions();
    }

    private static DeleteRecordsPartition partition(int index, long offset) {
        return DeleteRecordsPartition.builder()
                .partitionIndex(index)
                .offset(offset)
                .build();
    }

    /** Puts batches of one record each into a partition. */
    static Partition fill(EmbeddedBroker broker, String topic, int index, int records) {
        Partition partition = AdminBroker.await(broker.services().partitions().open(new TopicPartition(topic, index)));
        for (int i = 0; i < records; i++) {
            ByteBuffer batch = new RecordBatchBuilder()
                    .append(1000, null, ByteBuffer.wrap(new byte[100]))
                    .build();
            AdminBroker.await(partition.append(batch, Partition.Durability.COMMITTED));
        }
        return partition;
    }
}
