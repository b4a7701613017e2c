package io.brokkr.distribution.wire;

import static io.brokkr.distribution.wire.RecordCalls.NEWEST_FETCH;
import static io.brokkr.distribution.wire.RecordCalls.NEWEST_PRODUCE;
import static io.brokkr.distribution.wire.RecordCalls.fetchFrom;
import static io.brokkr.distribution.wire.RecordCalls.fetchRequest;
import static io.brokkr.distribution.wire.RecordCalls.fetchTopic;
import static io.brokkr.distribution.wire.RecordCalls.only;
import static io.brokkr.distribution.wire.RecordCalls.produce;
import static io.brokkr.distribution.wire.RecordCalls.produceRequest;
import static io.brokkr.distribution.wire.RecordCalls.records;
import static io.brokkr.distribution.wire.TestRecords.batch;
import static io.brokkr.distribution.wire.TestRecords.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.spi.Topic;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Fetches that have to wait, and consumers of empty topics. Each test is a fault that a Kafka-compatible broker had. */
class WaitingFetchTest {

    /** Longer than a connection waits for a response: a fetch that ends by it fails the test. */
    private static final int FOR_EVER_MILLIS = 60_000;

    private static final Duration WAIT = Duration.ofMillis(300);

    @RegisterExtension
    static final ShippedPlugins BROKER = new ShippedPlugins();

    private static FetchResponseData timed(KafkaConnection connection, FetchRequestData request) {
        long before = System.nanoTime();
        FetchResponseData response = connection.call(request, NEWEST_FETCH, new FetchResponseData());
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(WAIT);
        assertThat(response.errorCode()).isZero();
        return response;
    }

    /** Else consumers ask again and again as fast as they can. */
    @Test
    void aFetchWithNothingToSayWaitsInASessionToo() {
        Topic topic = BROKER.topic();
        FetchRequestData opening = fetchRequest(fetchTopic(NEWEST_FETCH, topic, fetchFrom(0, 0)))
                .setMaxWaitMs((int) WAIT.toMillis())
                .setSessionEpoch(0);
        try (KafkaConnection connection = BROKER.connect()) {
            int session = timed(connection, opening).sessionId();
            assertThat(session).isPositive();
            for (int epoch = 1; epoch <= 2; epoch++) {
                FetchRequestData next = fetchRequest()
                        .setMaxWaitMs((int) WAIT.toMillis())
                        .setSessionId(session)
                        .setSessionEpoch(epoch);
                assertThat(timed(connection, next).responses()).isEmpty();
            }
        }
    }

    @Test
    void theLeastBytesCountOverAllPartitions() {
        Topic one = BROKER.topic();
        Topic other = BROKER.topic();
        String half = "x".repeat(600);
        FetchRequestData request = fetchRequest(
                        fetchTopic(NEWEST_FETCH, one, fetchFrom(0, 0)),
                        fetchTopic(NEWEST_FETCH, other, fetchFrom(0, 0)))
                .setMinBytes(1_200)
                .setMaxWaitMs(FOR_EVER_MILLIS)
                .setSessionEpoch(-1);
        try (KafkaConnection consumer = BROKER.connect();
                KafkaConnection producer = BROKER.connect()) {
            produce(producer, NEWEST_PRODUCE, one, batch(half));
            int waiting = consumer.send(request, NEWEST_FETCH);
            produce(producer, NEWEST_PRODUCE, other, batch(half));
            FetchResponseData response = consumer.receive(waiting, NEWEST_FETCH, new FetchResponseData());
            assertThat(response.responses()).hasSize(2).allSatisfy(topic -> assertThat(
                            values(records(topic.partitions().get(0))))
                    .containsExactly(half));
        }
    }

    @Test
    void aConsumerOfAnEmptyTopicIdlesWithoutErrorsAndSeesALateRecordAtOnce() {
        Topic topic = BROKER.topic();
        FetchRequestData idle = fetchRequest(fetchTopic(NEWEST_FETCH, topic, fetchFrom(0, 0)))
                .setMaxWaitMs((int) WAIT.toMillis())
                .setSessionEpoch(-1);
        try (KafkaConnection consumer = BROKER.connect();
                KafkaConnection producer = BROKER.connect()) {
            for (int i = 0; i < 2; i++) {
                FetchResponseData nothing = timed(consumer, idle);
                assertThat(Errors.forCode(only(nothing).errorCode())).isEqualTo(Errors.NONE);
                assertThat(records(only(nothing)).remaining()).isZero();
            }
            int waiting = consumer.send(idle.setMaxWaitMs(FOR_EVER_MILLIS), NEWEST_FETCH);
            produce(producer, NEWEST_PRODUCE, topic, batch("late"));
            FetchResponseData response = consumer.receive(waiting, NEWEST_FETCH, new FetchResponseData());
            assertThat(values(records(only(response)))).containsExactly("late");
        }
    }

    /** A fetch that waits holds up what comes behind it on its connection, and nothing else. */
    @Test
    void responsesKeepTheOrderOfTheRequestsOfTheirConnection() {
        Topic topic = BROKER.topic(1, Map.of());
        FetchRequestData wait = fetchRequest(fetchTopic(NEWEST_FETCH, topic, fetchFrom(0, 0)))
                .setMaxWaitMs(FOR_EVER_MILLIS)
                .setSessionEpoch(-1);
        ProduceRequestData request = produceRequest(NEWEST_PRODUCE, topic, RecordCalls.ALL, batch("v"));
        try (KafkaConnection connection = BROKER.connect()) {
            int fetch = connection.send(wait, NEWEST_FETCH);
            int produce = connection.send(request, NEWEST_PRODUCE);
            assertThat(values(records(only(connection.receive(fetch, NEWEST_FETCH, new FetchResponseData())))))
                    .containsExactly("v");
            assertThat(only(connection.receive(produce, NEWEST_PRODUCE, new ProduceResponseData()))
                            .error())
                    .isEqualTo(Errors.NONE);
        }
    }
}
