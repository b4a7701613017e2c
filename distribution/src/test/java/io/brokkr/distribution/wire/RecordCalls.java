package io.brokkr.distribution.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.spi.Topic;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Produce and Fetch: by hand at the versions that Kafka's classes do not know any more, and by those from there on. */
final class RecordCalls {

    static final short ALL = -1;
    static final int FIRST_PRODUCE_OF_KAFKA = 3;
    static final int FIRST_FETCH_OF_KAFKA = 4;
    static final int FIRST_WITH_TOPIC_IDS = 13;
    static final int NEWEST_PRODUCE = 13;
    static final int NEWEST_FETCH = 18;

    private RecordCalls() {}

    /** What came of a produce request to one partition. */
    record Produced(Errors error, long baseOffset, long logAppendTime) {}

    /** What came of a fetch from one partition. */
    record Fetched(Errors error, long highWatermark, ByteBuffer records) {}

    static Produced produce(KafkaConnection connection, int version, Topic topic, ByteBuffer records) {
        if (version < FIRST_PRODUCE_OF_KAFKA) {
            return readOldProduced(version, connection.call(ApiKeys.PRODUCE, version, oldProduce(topic, ALL, records)));
        }
        return only(connection.call(produceRequest(version, topic, ALL, records), version, new ProduceResponseData()));
    }

    static Produced only(ProduceResponseData response) {
        assertThat(response.responses()).hasSize(1);
        PartitionProduceResponse partition =
                response.responses().iterator().next().partitionResponses().get(0);
        return new Produced(Errors.forCode(partition.errorCode()), partition.baseOffset(), partition.logAppendTimeMs());
    }

    /** The body of Produce at versions 0 to 2. */
    static WireBytes oldProduce(Topic topic, int acks, ByteBuffer records) {
        return new WireBytes()
                .int16(acks)
                .int32(10_000)
                .int32(1)
                .string(topic.name())
                .int32(1)
                .int32(0)
                .bytes(records);
    }

    private static Produced readOldProduced(int version, ByteBuffer body) {
        assertThat(body.getInt()).as("topics").isEqualTo(1);
        WireBytes.readString(body);
        assertThat(body.getInt()).as("partitions").isEqualTo(1);
        assertThat(body.getInt()).as("partition").isZero();
        Produced produced =
                new Produced(Errors.forCode(body.getShort()), body.getLong(), version < 2 ? -1 : body.getLong());
        assertThat(body.remaining()).as("throttle time").isEqualTo(version < 1 ? 0 : 4);
        return produced;
    }

    static ProduceRequestData produceRequest(int version, Topic topic, short acks, ByteBuffer records) {
        ProduceRequestData request = new ProduceRequestData().setAcks(acks).setTimeoutMs(10_000);
        request.topicData().add(topicData(version, topic, records));
        return request;
    }

    static TopicProduceData topicData(int version, Topic topic, ByteBuffer records) {
        TopicProduceData data = new TopicProduceData()
                .setPartitionData(List.of(
                        new PartitionProduceData().setIndex(0).setRecords(MemoryRecords.readableRecords(records))));
        return version < FIRST_WITH_TOPIC_IDS ? data.setName(topic.name()) : data.setTopicId(id(topic));
    }

    static Fetched fetch(KafkaConnection connection, int version, Topic topic, long offset) {
        if (version < FIRST_FETCH_OF_KAFKA) {
            WireBytes request = oldFetch(version, 1, topic, offset, 1 << 20);
            return readOldFetched(version, connection.call(ApiKeys.FETCH, version, request))
                    .get(0);
        }
        PartitionData partition = only(connection.call(
                fetchRequest(fetchTopic(version, topic, fetchFrom(0, offset))), version, new FetchResponseData()));
        return new Fetched(Errors.forCode(partition.errorCode()), partition.highWatermark(), records(partition));
    }

    /**
     * The body of Fetch at versions 0 to 3.
     *
     * @param partitions how many of the topic, from the first on
     */
    static WireBytes oldFetch(int version, int partitions, Topic topic, long offset, int maxBytes) {
        WireBytes request = new WireBytes().int32(-1).int32(0).int32(1);
        if (version >= 3) {
            request.int32(1 << 20);
        }
        request.int32(1).string(topic.name()).int32(partitions);
        for (int partition = 0; partition < partitions; partition++) {
            request.int32(partition).int64(offset).int32(maxBytes);
        }
        return request;
    }

    /** What came of each partition. */
    static List<Fetched> readOldFetched(int version, ByteBuffer body) {
        if (version >= 1) {
            assertThat(body.getInt()).as("throttle time").isZero();
        }
        assertThat(body.getInt()).as("topics").isEqualTo(1);
        WireBytes.readString(body);
        int partitions = body.getInt();
        List<Fetched> all = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            assertThat(body.getInt()).as("partition").isEqualTo(partition);
            Errors error = Errors.forCode(body.getShort());
            long highWatermark = body.getLong();
            ByteBuffer records = WireBytes.readBytes(body);
            assertThat(records).as("records, which are never null").isNotNull();
            all.add(new Fetched(error, highWatermark, records));
        }
        assertThat(body.remaining()).isZero();
        return all;
    }

    /** A fetch that is content with one byte and does not wait. */
    static FetchRequestData fetchRequest(FetchTopic... topics) {
        return new FetchRequestData()
                .setMaxWaitMs(0)
                .setMinBytes(1)
                .setMaxBytes(1 << 20)
                .setTopics(List.of(topics));
    }

    static FetchTopic fetchTopic(int version, Topic topic, FetchPartition... partitions) {
        FetchTopic wish = new FetchTopic().setPartitions(List.of(partitions));
        return version < FIRST_WITH_TOPIC_IDS ? wish.setTopic(topic.name()) : wish.setTopicId(id(topic));
    }

    static FetchPartition fetchFrom(int partition, long offset) {
        return new FetchPartition()
                .setPartition(partition)
                .setFetchOffset(offset)
                .setPartitionMaxBytes(1 << 20);
    }

    static PartitionData only(FetchResponseData response) {
        assertThat(response.responses()).hasSize(1);
        assertThat(response.responses().get(0).partitions()).hasSize(1);
        return response.responses().get(0).partitions().get(0);
    }

    static ByteBuffer records(PartitionData partition) {
        assertThat(partition.records()).as("records, which are never null").isNotNull();
        return ((MemoryRecords) partition.records()).buffer();
    }

    static Uuid id(Topic topic) {
        return new Uuid(topic.id().getMostSignificantBits(), topic.id().getLeastSignificantBits());
    }
}
